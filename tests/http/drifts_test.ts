/** Guarantee: everybody gets exactly what the contract gives them of drifts and detection, and Postgres is what refuses. */
import assert from "node:assert/strict";
import { detectDrifts, type DetectedDrift } from "../../shared/drift/detect.ts";
import type { JsonRecord } from "../../shared/drift/json.ts";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const { call, stack } = await gatherCast();
const READERS: Actor[] = ["owner", "admin", "user", "viewer", "key:drifts:read"];
const WRITERS: Actor[] = ["owner", "admin", "user", "key:drifts:write"];

function statusFor(actor: Actor, allowed: Actor[], status: number): number {
  if (actor === "anonymous") return 401;
  return allowed.includes(actor) ? status : 403;
}

const drifts = () => stack.database.query("select * from public.drifts order by id");

/** Makes a resource with one open drift of its own. */
async function drifted(name: string) {
  const send = (block_public_acls: boolean) =>
    call("user", "POST", "/v1/resources", {
      external_id: `drifted-${name}`,
      name,
      resource_type: "aws_s3_bucket",
      provider: "aws",
      configuration: { block_public_acls },
    });
  await send(true);
  const { body: resource } = await send(false);
  const { body } = await call("user", "GET", `/v1/resources/${resource.id}/drifts?status=detected`);
  return { resource, drift: body.data[0] };
}

for (const actor of EVERYBODY) {
  Deno.test(`${actor} reads drifts`, async () => {
    const list = await call(actor, "GET", "/v1/drifts?per_page=100");
    assert.equal(list.status, statusFor(actor, [...READERS, "stranger"], 200));
    if (actor === "stranger") assert.deepEqual(list.body.data, []);
    if (list.status === 403) assert.deepEqual(list.body.details, { required: "drifts:read" });
    for (const path of ["/v1/drifts/1", "/v1/resources/1/drifts"]) {
      const answer = await call(actor, "GET", path);
      assert.equal(answer.status, statusFor(actor, READERS, 200), path);
      if (answer.status === 403) assert.deepEqual(answer.body.details, { required: "drifts:read" });
    }
    const summary = await call(actor, "GET", "/v1/drifts/summary");
    assert.equal(summary.status, statusFor(actor, [...READERS, "stranger"], 200));
    if (actor === "stranger") assert.equal(summary.body.total, 0);
  });

  Deno.test(`${actor} moves, resolves and detects drifts`, async () => {
    const { drift, resource } = await drifted(`by ${actor}`);
    const before = await drifts();
    const allowed = WRITERS.includes(actor);
    const moved = await call(actor, "PATCH", `/v1/drifts/${drift.id}`, { status: "investigating" });
    assert.equal(moved.status, statusFor(actor, WRITERS, 200));
    const detected = await call(actor, "POST", "/v1/drifts/detect", { resource_ids: [resource.id] });
    assert.equal(detected.status, statusFor(actor, WRITERS, 202));
    const resolved = await call(actor, "POST", `/v1/drifts/${drift.id}/resolve`, {});
    assert.equal(resolved.status, statusFor(actor, WRITERS, 200));
    if (resolved.status === 403) assert.deepEqual(resolved.body.details, { required: "drifts:write" });
    if (allowed) assert.deepEqual([resolved.body.status, resolved.body.resolution], ["resolved", "manual"]);
    else assert.deepEqual(await drifts(), before, "nothing changed");
  });
}

Deno.test("the demo's drifts are what a comparison would find", async () => {
  const rows = await stack.database.query<
    { type: string; was: JsonRecord; is: JsonRecord; drift: DetectedDrift }
  >(
    `select r.resource_type as type, b.configuration as was, r.configuration as is, to_jsonb(d) as drift
     from public.drifts d
     join public.resources r on r.id = d.resource_id
     join public.baselines b on b.resource_id = r.id and b.origin = 'first_snapshot'
     where r.external_id in ('arn:aws:s3:::demo-logs', 'sg-0123456789abcdef0', 'i-0a1b2c3d4e5f60718')`,
  );
  assert.equal(rows.length, 3);
  for (const { type, was, is, drift } of rows) {
    const { field_path, drift_type, severity, summary, reason, rule, control } = drift;
    const [found] = detectDrifts(type, { configuration: was }, { configuration: is });
    const { baseline_value: _was, current_value: _is, ...words } = found!;
    assert.deepEqual({ field_path, drift_type, severity, summary, reason, rule, control }, words);
  }
});

Deno.test("the list is filtered, the summary counts", async () => {
  const seeded = (await call("viewer", "GET", "/v1/drifts?resource_id=1")).body.data;
  assert.deepEqual(seeded.map(({ summary, severity }: Record<string, string>) => [severity, summary]), [
    [
      "high",
      "block_public_acls: A block-public-access setting is off: ACLs or policies can now make objects public",
    ],
  ]);
  const ids = async (query: string) =>
    (await call("viewer", "GET", `/v1/drifts?per_page=100&${query}`)).body.data.map((
      { id }: { id: number },
    ) => id);
  assert.ok((await ids("severity=high")).includes(seeded[0].id));
  assert.ok(!(await ids("severity=low")).includes(seeded[0].id));
  assert.ok((await ids("type=security&status=detected")).includes(seeded[0].id));
  assert.ok(!(await ids("type=compliance")).includes(seeded[0].id));
  assert.equal((await call("viewer", "GET", "/v1/drifts?severity=terrible")).status, 400);
  const { body } = await call("viewer", "GET", "/v1/drifts/summary");
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
  assert.equal(body.total, sum(body.by_severity));
  assert.equal(body.total, sum(body.by_status));
  assert.equal(body.total, (await call("viewer", "GET", "/v1/drifts")).body.meta.total);
});

Deno.test("one drift has its field-level diff, its reason and its control", async () => {
  const web = (await call("viewer", "GET", "/v1/drifts?severity=high")).body.data
    .find(({ resource_name }: { resource_name: string }) => resource_name === "web");
  const { body } = await call("viewer", "GET", `/v1/drifts/${web.id}`);
  assert.equal(body.field_path, "ingress");
  assert.equal(body.reason, "Open to the whole Internet: tcp 443");
  assert.match(body.control, /AWS FSBP EC2\.18/);
  const rule = (cidr: string) => ({ from_port: 443, to_port: 443, protocol: "tcp", cidr_blocks: [cidr] });
  assert.deepEqual(body.diff, [
    { path: "ingress[]", before: rule("10.0.0.0/8"), after: null },
    { path: "ingress[]", before: null, after: rule("0.0.0.0/0") },
  ]);
});

const TRANSITIONS: [path: string[], to: string, status: number][] = [
  [[], "investigating", 200],
  [[], "detected", 422],
  [[], "resolved", 422],
  [["investigating"], "resolved", 200],
  [["investigating"], "detected", 422],
  [["investigating"], "investigating", 422],
  [["investigating", "resolved"], "detected", 200],
  [["investigating", "resolved"], "investigating", 422],
  [["investigating", "resolved"], "resolved", 422],
  [[], "gone", 400],
];
for (const [path, to, status] of TRANSITIONS) {
  Deno.test(`detected ${path.join(" ")} → ${to} is ${status}`, async () => {
    const { drift } = await drifted(`${path.join("-")} to ${to}`);
    for (const step of path) {
      assert.equal((await call("user", "PATCH", `/v1/drifts/${drift.id}`, { status: step })).status, 200);
    }
    const before = await drifts();
    const answer = await call("user", "PATCH", `/v1/drifts/${drift.id}`, { status: to });
    assert.equal(answer.status, status);
    if (status === 200) assert.equal(answer.body.status, to);
    else assert.deepEqual(await drifts(), before);
  });
}

Deno.test("resolving may accept the state as the new baseline; a key needs the right to write it", async () => {
  const { drift, resource } = await drifted("accepted");
  const path = `/v1/drifts/${drift.id}/resolve`;
  const refused = await call("key:drifts:write", "POST", path, { capture_baseline: true });
  assert.deepEqual([refused.status, refused.body.details], [403, { required: "resources:write" }]);
  const accepted = await call("user", "POST", path, { capture_baseline: true });
  assert.deepEqual([accepted.status, accepted.body.resolution], [200, "accepted"]);
  assert.equal((await call("user", "POST", path, {})).status, 422, "it is resolved already");
  await call("user", "POST", "/v1/drifts/detect", { resource_ids: [resource.id] });
  const { body } = await call("user", "GET", `/v1/resources/${resource.id}/drifts?status=detected`);
  assert.deepEqual(body.data, []);
  const { body: baselines } = await call("user", "GET", `/v1/baselines?resource_id=${resource.id}`);
  assert.deepEqual(
    baselines.data.map(({ origin, is_current }: Record<string, unknown>) => [origin, is_current]),
    [
      ["promoted", true],
      ["first_snapshot", false],
    ],
  );
});

Deno.test("a drift resolved by hand that is still there is found again, as another", async () => {
  const { drift, resource } = await drifted("stubborn");
  await call("user", "POST", `/v1/drifts/${drift.id}/resolve`);
  const detected = await call("user", "POST", "/v1/drifts/detect", { resource_ids: [resource.id] });
  assert.equal(detected.body.status, "completed");
  assert.equal(detected.body.message, "Compared 1 resource: 1 is drifted.");
  const { body } = await call("user", "GET", `/v1/resources/${resource.id}/drifts?status=detected`);
  assert.equal(body.meta.total, 1);
  assert.notEqual(body.data[0].id, drift.id);
});

Deno.test("detecting everything leaves the demo's drifts as they are", async () => {
  const seeded = () =>
    stack.database.query(
      "select id, status, summary, baseline_value, current_value from public.drifts where id <= 3 order by id",
    );
  const before = await seeded();
  assert.equal((await call("user", "POST", "/v1/drifts/detect")).status, 202);
  assert.deepEqual(await seeded(), before);
});

Deno.test("another organization's is 403, nothing there 404", async () => {
  for (
    const [method, path, body] of [
      ["GET", "", undefined],
      ["PATCH", "", { status: "investigating" }],
      ["POST", "/resolve", {}],
    ] as const
  ) {
    assert.equal(
      (await call("stranger", method, `/v1/drifts/1${path}`, body)).status,
      403,
      `${method} ${path}`,
    );
    assert.equal(
      (await call("user", method, `/v1/drifts/999999${path}`, body)).status,
      404,
      `${method} ${path}`,
    );
  }
  assert.equal((await call("stranger", "POST", "/v1/drifts/detect", { resource_ids: [1] })).status, 403);
  assert.equal((await call("user", "POST", "/v1/drifts/detect", { resource_ids: [1, 999_999] })).status, 404);
  assert.equal((await call("user", "GET", "/v1/resources/999999/drifts")).status, 404);
  assert.equal((await call("user", "GET", "/v1/resources/5/drifts")).status, 403);
  assert.deepEqual((await call("stranger", "GET", "/v1/resources/5/drifts")).body.data, []);
});
