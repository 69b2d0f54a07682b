/** Guarantee: everybody gets exactly what the contract gives them of resources, and Postgres is what refuses. */
import assert from "node:assert/strict";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const { call, stack } = await gatherCast();

const DEMO_READERS: Actor[] = ["owner", "admin", "user", "viewer", "key:resources:read"];
const DEMO_WRITERS: Actor[] = ["owner", "admin", "user", "key:resources:write"];

/** The status for everybody: 401 for nobody, 403 for whoever is not named. */
function statusFor(actor: Actor, allowed: Actor[], status: number): number {
  if (actor === "anonymous") return 401;
  return allowed.includes(actor) ? status : 403;
}

const configurations = () =>
  stack.database.query("select id, name, status, tags, configuration from public.resources order by id");

for (const actor of EVERYBODY) {
  Deno.test(`${actor} lists resources`, async () => {
    const answer = await call(actor, "GET", "/v1/resources");
    assert.equal(answer.status, statusFor(actor, [...DEMO_READERS, "stranger"], 200));
    if (answer.status === 403) assert.deepEqual(answer.body.details, { required: "resources:read" });
    if (actor === "stranger") assert.deepEqual(names(answer.body.data), ["elsewhere-data"]);
    else if (answer.status === 200) {
      assert.deepEqual(names(answer.body.data), ["demo-logs", "web-1", "orders", "web"]);
      assert.deepEqual(answer.body.meta, { total: 4, page: 1, per_page: 20, next_cursor: null });
    }
  });

  Deno.test(`${actor} counts resources`, async () => {
    const answer = await call(actor, "GET", "/v1/resources/summary");
    assert.equal(answer.status, statusFor(actor, [...DEMO_READERS, "stranger"], 200));
    if (answer.status === 403) assert.deepEqual(answer.body.details, { required: "resources:read" });
    if (answer.status !== 200) return;
    const { total, by_status, last_seen_at } = answer.body;
    const expected = actor === "stranger" ? 1 : 4;
    assert.deepEqual([total, by_status.active + by_status.stopped], [expected, expected]);
    assert.ok(Date.parse(last_seen_at) <= Date.now());
  });

  Deno.test(`${actor} lists sources`, async () => {
    const answer = await call(actor, "GET", "/v1/resources/sources");
    assert.equal(answer.status, statusFor(actor, [...DEMO_READERS, "stranger"], 200));
    if (answer.status === 403) assert.deepEqual(answer.body.details, { required: "resources:read" });
    if (answer.status === 200) assert.deepEqual(answer.body, []);
  });

  Deno.test(`${actor} lists risks`, async () => {
    const answer = await call(actor, "GET", "/v1/resources/risks?severity=critical,high");
    assert.equal(answer.status, statusFor(actor, [...DEMO_READERS, "stranger"], 200));
    if (answer.status === 403) assert.deepEqual(answer.body.details, { required: "resources:read" });
    if (answer.status !== 200) return;
    const { data, meta } = answer.body;
    assert.equal(meta.total, actor === "stranger" ? 1 : 4);
    for (const { resource_id, risks } of data) {
      const { body } = await call(actor, "GET", `/v1/resources/${resource_id}/risks`);
      const severe = body.risks.filter(({ severity }: { severity: string }) =>
        ["critical", "high"].includes(severity)
      );
      assert.deepEqual(risks, severe);
    }
    if (actor !== "stranger") {
      assert.ok(data.some(({ risks }: { risks: unknown[] }) => risks.length > 0), "the demo has some");
      const page = (await call(actor, "GET", "/v1/resources/risks?per_page=1&q=web&type=aws_instance")).body;
      assert.deepEqual(page.data.map(({ resource_name }: { resource_name: string }) => resource_name), [
        "web-1",
      ]);
    }
  });

  for (const path of ["/v1/resources/1", "/v1/resources/1/config"]) {
    Deno.test(`${actor} gets ${path}`, async () => {
      const answer = await call(actor, "GET", path);
      assert.equal(answer.status, statusFor(actor, DEMO_READERS, 200));
      if (answer.status === 403) assert.deepEqual(answer.body.details, { required: "resources:read" });
    });
  }

  Deno.test(`${actor} creates, changes and removes a resource`, async () => {
    const before = await configurations();
    const created = await call(actor, "POST", "/v1/resources", {
      external_id: `made-by-${actor}`,
      name: "made",
      resource_type: "aws_instance",
      provider: "aws",
    });
    assert.equal(created.status, statusFor(actor, [...DEMO_WRITERS, "stranger"], 201));
    const id = created.status === 201 ? created.body.id : 1;
    const changed = await call(actor, "PATCH", `/v1/resources/${id}`, { name: "changed" });
    assert.equal(changed.status, statusFor(actor, [...DEMO_WRITERS, "stranger"], 200));
    const removed = await call(actor, "DELETE", `/v1/resources/${id}`);
    assert.equal(removed.status, statusFor(actor, [...DEMO_WRITERS, "stranger"], 204));
    if (removed.status === 403) assert.deepEqual(removed.body.details, { required: "resources:write" });
    assert.deepEqual(await configurations(), before, "nothing is left, nothing else changed");
  });
}

for (const [method, path] of [["GET", ""], ["GET", "/config"], ["PATCH", ""], ["DELETE", ""]] as const) {
  Deno.test(`${method} of another organization's resource${path} is 403, of none 404`, async () => {
    const before = await configurations();
    const body = method === "PATCH" ? { name: "taken over" } : undefined;
    assert.equal((await call("owner", method, `/v1/resources/5${path}`, body)).status, 403);
    assert.equal((await call("stranger", method, `/v1/resources/1${path}`, body)).status, 403);
    assert.equal((await call("owner", method, `/v1/resources/999999${path}`, body)).status, 404);
    assert.deepEqual(await configurations(), before);
  });
}

Deno.test("the same external_id updates: what is not sent stays", async () => {
  const sent = {
    external_id: "twice",
    name: "first",
    resource_type: "t",
    provider: "p",
    tags: { a: "1" },
    region: "eu",
  };
  const first = await call("user", "POST", "/v1/resources", sent);
  assert.equal(first.status, 201);
  const second = await call("user", "POST", "/v1/resources", {
    external_id: "twice",
    name: "second",
    resource_type: "t",
    provider: "p",
    configuration: { size: 2 },
  });
  assert.equal(second.status, 200);
  assert.deepEqual(
    [second.body.id, second.body.name, second.body.tags, second.body.region],
    [first.body.id, "second", { a: "1" }, "eu"],
  );
  const config = await call("user", "GET", `/v1/resources/${first.body.id}/config`);
  assert.deepEqual(config.body.configuration, { size: 2 });
  assert.equal((await call("user", "DELETE", `/v1/resources/${first.body.id}`)).status, 204);
});

Deno.test("what an import names as its source is listed, counted and found, in its organization alone", async () => {
  const snapshot = { name: "made", resource_type: "t", provider: "p", address: "module.a.t.made" };
  const imported = await call("user", "POST", "/v1/resources/import?source=staging", [
    { ...snapshot, external_id: "staged-1" },
    { ...snapshot, external_id: "staged-2" },
  ]);
  assert.equal(imported.status, 200);
  const [source, ...others] = (await call("viewer", "GET", "/v1/resources/sources")).body;
  assert.deepEqual([source.source, source.total, others], ["staging", 2, []]);
  const found = (await call("viewer", "GET", "/v1/resources?source=staging")).body.data;
  assert.deepEqual(found.map((row: { address: string; source: string }) => [row.address, row.source]), [
    ["module.a.t.made", "staging"],
    ["module.a.t.made", "staging"],
  ]);
  assert.deepEqual((await call("stranger", "GET", "/v1/resources/sources")).body, []);
  assert.deepEqual((await call("stranger", "GET", "/v1/resources?source=staging")).body.data, []);
  for (const { id } of found) await call("user", "DELETE", `/v1/resources/${id}`);
  assert.deepEqual((await call("viewer", "GET", "/v1/resources/sources")).body, []);
});

Deno.test("two organizations may hold the same external_id and never see each other's", async () => {
  const sent = { external_id: "shared", name: "mine", resource_type: "t", provider: "p" };
  const mine = await call("user", "POST", "/v1/resources", sent);
  const theirs = await call("stranger", "POST", "/v1/resources", { ...sent, name: "theirs" });
  assert.deepEqual([mine.status, theirs.status], [201, 201]);
  assert.equal((await call("user", "GET", `/v1/resources/${mine.body.id}`)).body.name, "mine");
  await call("user", "DELETE", `/v1/resources/${mine.body.id}`);
  await call("stranger", "DELETE", `/v1/resources/${theirs.body.id}`);
});

const FILTERS: [string, string[]][] = [
  ["provider=google", ["orders"]],
  ["type=aws_instance", ["web-1"]],
  ["region=europe-west3", ["orders"]],
  ["status=stopped", []],
  ["q=WEB", ["web-1", "web"]],
  ["q=%25", []],
  ["q=a_b", []],
  ["provider=aws&q=sg-", ["web"]],
];

for (const [query, expected] of FILTERS) {
  Deno.test(`?${query} finds ${expected.join(", ") || "nothing"}`, async () => {
    const answer = await call("viewer", "GET", `/v1/resources?${query}`);
    assert.equal(answer.status, 200);
    assert.deepEqual(names(answer.body.data), expected);
    assert.equal(answer.body.meta.total, expected.length);
  });
}

Deno.test("pages and cursors walk the whole list once", async () => {
  const second = await call("viewer", "GET", "/v1/resources?page=2&per_page=3");
  assert.deepEqual(names(second.body.data), ["web"]);
  assert.deepEqual(second.body.meta, { total: 4, page: 2, per_page: 3, next_cursor: null });
  const beyond = await call("viewer", "GET", "/v1/resources?page=9");
  assert.deepEqual([beyond.status, beyond.body.data, beyond.body.meta.total], [200, [], 4]);

  const walked: string[] = [];
  let cursor: string | null = "";
  for (let pages = 0; cursor !== null && pages < 9; pages++) {
    const answer = await call("viewer", "GET", `/v1/resources?pageSize=1${cursor && `&cursor=${cursor}`}`);
    walked.push(...names(answer.body.data));
    assert.equal(answer.body.meta.total, pages === 0 ? 4 : null, "counted with page numbers only");
    cursor = answer.body.meta.next_cursor;
  }
  assert.deepEqual(walked, ["demo-logs", "web-1", "orders", "web"]);
  assert.equal((await call("viewer", "GET", "/v1/resources?per_page=1000")).body.meta.per_page, 100);
});

const REFUSED_QUERIES = [
  "page=0",
  "page=-1",
  "page=1.5",
  "page=x",
  "per_page=0",
  "cursor=x",
  "page=1&cursor=aWQ6MQ",
  "status=gone",
];

for (const query of REFUSED_QUERIES) {
  Deno.test(`?${query} is refused`, async () => {
    const answer = await call("viewer", "GET", `/v1/resources?${query}`);
    assert.equal(answer.status, 400);
    assert.equal(answer.body.code, "VALIDATION_FAILED");
  });
}

function names(rows: { name: string }[]): string[] {
  return rows.map((row) => row.name);
}
