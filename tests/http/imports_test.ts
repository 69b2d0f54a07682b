/** Guarantee: an import is written whole or not at all, by those who may, and says what it changed. */
import assert from "node:assert/strict";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const cast = await gatherCast();
const { call, stack } = cast;
const WRITERS: Actor[] = ["owner", "admin", "user", "key:resources:write"];
const NONE = { created: 0, updated: 0, unchanged: 0, drifted: 0, ignored: 0, deleted: 0 };

const bucket = (name: string, configuration: object = { block_public_acls: true }) => ({
  external_id: `arn:aws:s3:::${name}`,
  name,
  resource_type: "aws_s3_bucket",
  provider: "aws",
  configuration,
});

const everything = async () => ({
  resources: await stack.database.query("select * from public.resources order by id"),
  baselines: await stack.database.query("select * from public.baselines order by id"),
  drifts: await stack.database.query("select * from public.drifts order by id"),
  events: await stack.database.query("select * from public.drift_events order by organization_id, id"),
});

/** Sends a body as it is, with headers of one's own. */
async function send(actor: Actor, path: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(stack.url + path, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await cast.credential(actor)}`,
      "content-type": "application/json",
      ...headers,
    },
    body,
  });
  return { status: response.status, body: await response.json() };
}

function state(lineage: string, buckets: Record<string, object>) {
  return {
    version: 4,
    lineage,
    resources: Object.entries(buckets).map(([name, attributes]) => ({
      mode: "managed",
      type: "aws_s3_bucket",
      name,
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [{ attributes: { id: name, arn: `arn:aws:s3:::${name}`, bucket: name, ...attributes } }],
    })),
  };
}

for (const actor of EVERYBODY) {
  Deno.test(`${actor} imports`, async () => {
    const before = await everything();
    const answer = await call(actor, "POST", "/v1/resources/import", [
      bucket(`by-${actor}`.replaceAll(":", "-")),
    ]);
    const allowed = WRITERS.includes(actor) || actor === "stranger";
    assert.equal(answer.status, actor === "anonymous" ? 401 : allowed ? 200 : 403);
    if (allowed) return assert.deepEqual(answer.body, { ...NONE, created: 1, risks: 0 });
    if (answer.status === 403) assert.deepEqual(answer.body.details, { required: "resources:write" });
    assert.deepEqual(await everything(), before, "nothing changed");
  });
}

Deno.test("first seen, changed, seen again, changed back", async () => {
  const send = (configuration: object) =>
    call("user", "POST", "/v1/resources/import", [bucket("story", configuration)]).then(({ body }) => body);
  assert.deepEqual(await send({ block_public_acls: true, tags: {} }), { ...NONE, created: 1, risks: 0 });
  assert.deepEqual(await send({ block_public_acls: true, tags: {} }), { ...NONE, unchanged: 1 });
  assert.deepEqual(await send({ block_public_acls: false, tags: {} }), { ...NONE, updated: 1, drifted: 1 });
  assert.deepEqual(await send({ block_public_acls: false, tags: {} }), { ...NONE, unchanged: 1, drifted: 1 });
  const [resource] = (await call("user", "GET", "/v1/resources?q=story")).body.data;
  const open = (await call("user", "GET", `/v1/resources/${resource.id}/drifts`)).body;
  assert.equal(open.meta.total, 1, "seen again, it is not repeated");
  const [drift] = open.data;
  assert.deepEqual(
    [drift.severity, drift.drift_type, drift.status, drift.baseline_value, drift.current_value],
    ["high", "security", "detected", true, false],
  );
  assert.deepEqual([drift.resource_id, drift.resource_name, drift.resource_type], [
    resource.id,
    "story",
    "aws_s3_bucket",
  ]);
  assert.deepEqual(await send({ block_public_acls: true, tags: {} }), { ...NONE, updated: 1 });
  const after = (await call("user", "GET", `/v1/drifts/${drift.id}`)).body;
  assert.deepEqual([after.status, after.resolution], ["resolved", "reverted"]);
  const events = await stack.database.query<{ type: string; id: string }>(
    "select type, (data ->> 'id')::bigint as id from public.drift_events where data ->> 'resource_name' = 'story' order by organization_id, id",
  );
  assert.deepEqual(events.map(({ type, id }) => [type, Number(id)]), [
    ["drift_detected", drift.id],
    ["drift_resolved", drift.id],
  ]);
});

Deno.test("what is not sent stays: tags, region, status, configuration", async () => {
  const first = {
    ...bucket("partial", { a: 1 }),
    tags: { team: "x" },
    region: "eu-west-1",
    status: "stopped",
  };
  await call("user", "POST", "/v1/resources/import", [first]);
  const { configuration: _left, ...without } = bucket("partial");
  assert.deepEqual((await call("user", "POST", "/v1/resources/import", [without])).body, {
    ...NONE,
    unchanged: 1,
  });
  const changed = await call("user", "POST", "/v1/resources/import", [{ ...without, tags: { team: "y" } }]);
  assert.deepEqual(changed.body, { ...NONE, updated: 1, drifted: 1 });
  const [resource] = (await call("user", "GET", "/v1/resources?q=partial")).body.data;
  assert.deepEqual([resource.region, resource.status, resource.tags], ["eu-west-1", "stopped", {
    team: "y",
  }]);
  const config = await call("user", "GET", `/v1/resources/${resource.id}/config`);
  assert.deepEqual(config.body.configuration, { a: 1 });
});

Deno.test("a full picture of its lineage: what is missing is marked deleted, not removed", async () => {
  const path = "/v1/resources/import?full=true";
  const two = state("lineage-a", { one: { acl: "private" }, two: { acl: "public-read" } });
  assert.deepEqual((await call("user", "POST", path, two)).body, { ...NONE, created: 2, risks: 1 });
  const other = state("lineage-b", { three: {} });
  assert.deepEqual((await call("user", "POST", path, other)).body, { ...NONE, created: 1, risks: 0 });
  const drifted = state("lineage-a", { one: { acl: "private" }, two: { acl: "public-read-write" } });
  assert.deepEqual((await call("user", "POST", path, drifted)).body, {
    ...NONE,
    updated: 1,
    unchanged: 1,
    drifted: 1,
  });
  const fewer = state("lineage-a", { one: { acl: "private" } });
  assert.deepEqual((await call("user", "POST", path, fewer)).body, { ...NONE, unchanged: 1, deleted: 1 });
  const [gone] = (await call("user", "GET", "/v1/resources?q=:::two")).body.data;
  assert.equal(gone.status, "deleted");
  const [drift] = (await call("user", "GET", `/v1/resources/${gone.id}/drifts`)).body.data;
  assert.equal(drift.status, "resolved");
  const [kept] = (await call("user", "GET", "/v1/resources?q=:::three")).body.data;
  assert.equal(kept.status, "active", "another lineage is not touched");
  assert.deepEqual((await call("user", "POST", path, two)).body, { ...NONE, updated: 1, unchanged: 1 });
  assert.equal((await call("user", "GET", `/v1/resources/${gone.id}`)).body.status, "active");
});

Deno.test("an array is partial unless it says full, and full needs a source", async () => {
  const path = "/v1/resources/import?source=pipeline";
  assert.deepEqual((await call("user", "POST", path, [bucket("p1"), bucket("p2")])).body, {
    ...NONE,
    created: 2,
    risks: 0,
  });
  assert.deepEqual((await call("user", "POST", path, [bucket("p1")])).body, { ...NONE, unchanged: 1 });
  assert.deepEqual((await call("user", "POST", `${path}&full=true`, [bucket("p1")])).body, {
    ...NONE,
    unchanged: 1,
    deleted: 1,
  });
  assert.equal((await call("user", "POST", "/v1/resources/import?full=true", [bucket("p1")])).status, 400);
  assert.equal((await call("user", "POST", `${path}&full=yes`, [bucket("p1")])).status, 400);
});

Deno.test("both Terraform formats meet the same resources, and secrets are not stored", async () => {
  const fixture = (name: string) => Deno.readTextFile(new URL(`../drift/fixtures/${name}`, import.meta.url));
  const raw = await send("user", "/v1/resources/import", await fixture("terraform_1_11.tfstate"));
  assert.deepEqual([raw.status, raw.body], [200, { ...NONE, created: 5, risks: 0 }]);
  const show = await send("user", "/v1/resources/import", await fixture("terraform_1_11_show.json"));
  assert.deepEqual([show.status, show.body], [200, { ...NONE, unchanged: 5 }]);
  const found = await stack.database.query(
    "select from public.resources r full join public.baselines b on b.resource_id = r.id where r.configuration::text like '%hunter2%' or b.configuration::text like '%hunter2%'",
  );
  assert.equal(found.length, 0);
});

Deno.test("the same Idempotency-Key answers the same and writes once; with another body it is refused", async () => {
  const headers = { "idempotency-key": "run-1" };
  const body = JSON.stringify([bucket("idempotent")]);
  const first = await send("user", "/v1/resources/import", body, headers);
  assert.deepEqual(first.body, { ...NONE, created: 1, risks: 0 });
  const before = await everything();
  assert.deepEqual(await send("user", "/v1/resources/import", body, headers), first);
  const other = await send("user", "/v1/resources/import", JSON.stringify([bucket("other")]), headers);
  assert.equal(other.status, 422);
  assert.deepEqual(await everything(), before);
  assert.deepEqual((await send("admin", "/v1/resources/import", body, headers)).body, {
    ...NONE,
    unchanged: 1,
  });
  assert.equal(
    (await send("user", "/v1/resources/import", body, { "idempotency-key": "with space" })).status,
    400,
  );
});

const BAD: [name: string, body: string, status: number, place: string | null][] = [
  ["truncated", '[{"external_id":"a', 400, "body"],
  ["not JSON", "<html>", 400, "body"],
  ["empty", "", 400, "body"],
  ["an unknown version", '{"version":3}', 400, "version"],
  ["a plan's drift of another shape", '{"format_version":"1.2","resource_drift":{}}', 400, "resource_drift"],
  [
    "one wrong among good",
    JSON.stringify([bucket("good"), { ...bucket("bad"), status: "gone" }]),
    400,
    "[1].status",
  ],
  ["an external id twice", JSON.stringify([bucket("good"), bucket("good")]), 400, "[1].external_id"],
  ["a NUL", JSON.stringify([bucket("nul", { a: ["\u0000"] })]), 400, "[0].configuration.a[0]"],
  [
    "a lone surrogate",
    '[{"external_id":"\\ud800","name":"a","resource_type":"t","provider":"p"}]',
    400,
    "[0].external_id",
  ],
  ["9 MiB", JSON.stringify([bucket("big", { a: "x".repeat(9 * 2 ** 20) })]), 413, null],
];

for (const [name, body, status, place] of BAD) {
  Deno.test(`refused whole: ${name}`, async () => {
    const before = await everything();
    const answer = await send("user", "/v1/resources/import", body);
    assert.equal(answer.status, status);
    if (place !== null) assert.equal(answer.body.details.issues[0].path, place);
    assert.deepEqual(await everything(), before);
  });
}

Deno.test("another content type is 415", async () => {
  const answer = await send("user", "/v1/resources/import", "[]", { "content-type": "text/plain" });
  assert.equal(answer.status, 415);
});

Deno.test("creating one resource finds drift as an import does", async () => {
  const first = await call("user", "POST", "/v1/resources", bucket("single"));
  assert.equal(first.status, 201);
  const second = await call("user", "POST", "/v1/resources", bucket("single", { block_public_acls: false }));
  assert.equal(second.status, 200);
  const drifts = await call("user", "GET", `/v1/resources/${first.body.id}/drifts`);
  assert.deepEqual(drifts.body.data.map(({ severity }: { severity: string }) => severity), ["high"]);
});

Deno.test("5,000 resources in one call, and again with every one drifted", async () => {
  const many = (open: boolean) =>
    Array.from({ length: 5_000 }, (_, index) => bucket(`many-${index}`, { block_public_acls: !open, index }));
  const path = "/v1/resources/import?source=many";
  assert.deepEqual((await call("user", "POST", path, many(false))).body, {
    ...NONE,
    created: 5_000,
  });
  assert.deepEqual((await call("user", "POST", path, many(true))).body, {
    ...NONE,
    updated: 5_000,
    drifted: 5_000,
  });
});
