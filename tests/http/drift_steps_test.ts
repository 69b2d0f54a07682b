/** Guarantee: what becomes of drifts is kept with who, how and why; many move at once or none; summaries filter and count. */
import assert from "node:assert/strict";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const { call, stack } = await gatherCast();
const READERS: Actor[] = ["owner", "admin", "user", "viewer", "key:drifts:read"];
const WRITERS: Actor[] = ["owner", "admin", "user", "key:drifts:write"];

const kept = () => stack.database.query("select id, status, resolution from public.drifts order by id");
const steps = () => stack.database.query("select * from public.drift_steps order by id");

/** Resources with one open drift each, whose ids come back. */
async function drifted(...names: string[]): Promise<number[]> {
  const send = (block_public_acls: boolean) =>
    call(
      "user",
      "POST",
      "/v1/resources/import",
      names.map((name) => ({
        external_id: `step-${name}`,
        name,
        resource_type: "aws_s3_bucket_public_access_block",
        provider: "aws",
        configuration: { block_public_acls },
      })),
    );
  await send(true);
  await send(false);
  const { body } = await call("user", "GET", "/v1/drifts?per_page=100&status=detected");
  const rows: { id: number; resource_name: string }[] = body.data;
  return names.map((name) => rows.find(({ resource_name }) => resource_name === name)!.id);
}

function statusFor(actor: Actor, allowed: Actor[]): number {
  if (actor === "anonymous") return 401;
  return allowed.includes(actor) ? 200 : 403;
}

for (const actor of EVERYBODY) {
  Deno.test(`${actor} moves many at once, and notes`, async () => {
    const ids = await drifted(`a ${actor}`, `b ${actor}`);
    const before = [await kept(), await steps()];
    const moved = await call(actor, "POST", "/v1/drifts/bulk", {
      ids,
      status: "investigating",
      note: "ours",
    });
    assert.equal(moved.status, statusFor(actor, WRITERS));
    if (moved.status === 200) assert.deepEqual(moved.body, { changed: ids, unchanged: [] });
    const noted = await call(actor, "PATCH", `/v1/drifts/${ids[0]}`, { note: "asked the team" });
    assert.equal(noted.status, statusFor(actor, WRITERS));
    if (moved.status === 403) {
      assert.deepEqual(moved.body.details, { required: "drifts:write" });
      assert.deepEqual([await kept(), await steps()], before, "nothing changed");
    }
  });

  Deno.test(`${actor} reads the summary of some days`, async () => {
    const answer = await call(actor, "GET", "/v1/drifts/summary?days=3&status=detected,investigating");
    assert.equal(answer.status, statusFor(actor, [...READERS, "stranger"]));
    if (answer.status === 200) assert.equal(answer.body.by_day.length, 3);
  });
}

Deno.test("a drift's history says who moved it where, with what and why", async () => {
  const [id] = await drifted("history");
  await call("admin", "PATCH", `/v1/drifts/${id}`, { status: "investigating", note: "mine" });
  await call("key:drifts:write", "POST", `/v1/drifts/${id}/resolve`, {
    resolution: "reverted",
    note: "closed again",
  });
  await call("user", "PATCH", `/v1/drifts/${id}`, { status: "detected", note: "too early" });
  await call("user", "PATCH", `/v1/drifts/${id}`, { note: "see the runbook" });
  const { body } = await call("viewer", "GET", `/v1/drifts/${id}`);
  assert.deepEqual([body.status, body.resolution, body.resolved_at], ["detected", null, null]);
  assert.deepEqual(
    body.history.map((step: Record<string, unknown>) => [
      step.status,
      step.resolution,
      step.note,
      step.credential_type,
    ]),
    [
      ["investigating", null, "mine", "session"],
      ["resolved", "reverted", "closed again", "api_key"],
      ["detected", null, "too early", "session"],
      ["detected", null, "see the runbook", "session"],
    ],
  );
  assert.equal(body.history[0].actor_email, "admin@example.com");
});

Deno.test("what an import puts right is a step too", async () => {
  const [id] = await drifted("reverted");
  await call("user", "POST", "/v1/resources/import", [{
    external_id: "step-reverted",
    name: "reverted",
    resource_type: "aws_s3_bucket_public_access_block",
    provider: "aws",
    configuration: { block_public_acls: true },
  }]);
  const { history } = (await call("viewer", "GET", `/v1/drifts/${id}`)).body;
  assert.deepEqual(
    history.map(({ status, resolution, note }: Record<string, unknown>) => [status, resolution, note]),
    [["resolved", "reverted", null]],
  );
});

Deno.test("a drift is reopened only while it is its field's latest", async () => {
  const [old] = await drifted("again");
  await call("user", "POST", `/v1/drifts/${old}/resolve`, {});
  await call("user", "POST", "/v1/drifts/detect", {});
  const refused = await call("user", "PATCH", `/v1/drifts/${old}`, { status: "detected" });
  assert.equal(refused.status, 422, JSON.stringify(refused.body));
  const many = await call("user", "POST", "/v1/drifts/bulk", { ids: [old], status: "detected" });
  assert.deepEqual(many.body, { changed: [], unchanged: [old] });
});

Deno.test("one id that is nothing or somebody else's: none of them moves", async () => {
  const [id] = await drifted("with others");
  const before = await kept();
  const nothing = await call("user", "POST", "/v1/drifts/bulk", { ids: [id, 999_999], status: "resolved" });
  assert.equal(nothing.status, 404);
  const theirs = await call("stranger", "POST", "/v1/drifts/bulk", { ids: [id], status: "resolved" });
  assert.equal(theirs.status, 403);
  assert.deepEqual(await kept(), before);
});

Deno.test("bad input is named", async () => {
  const [id] = await drifted("bad input");
  const rows: [string, string, unknown][] = [
    ["POST", "/v1/drifts/bulk", { ids: [], status: "resolved" }],
    ["POST", "/v1/drifts/bulk", { ids: [id], status: "gone" }],
    ["POST", "/v1/drifts/bulk", { ids: Array.from({ length: 501 }, (_, at) => at + 1), status: "resolved" }],
    ["PATCH", `/v1/drifts/${id}`, {}],
    ["PATCH", `/v1/drifts/${id}`, { note: " " }],
    ["PATCH", `/v1/drifts/${id}`, { note: "x".repeat(2_001) }],
    ["POST", `/v1/drifts/${id}/resolve`, { resolution: "deleted" }],
  ];
  for (const [method, path, body] of rows) {
    assert.equal((await call("user", method, path, body)).status, 400, JSON.stringify(body));
  }
  for (const query of ["days=0", "days=367", "severity=critical,terrible", "utc_offset=900", "status="]) {
    assert.equal((await call("user", "GET", `/v1/drifts/summary?${query}`)).status, 400, query);
  }
});

Deno.test("the summary counts what its filters let through, and so do its days", async () => {
  await drifted("needle in a name");
  const { body } = await call("viewer", "GET", "/v1/drifts/summary?q=NEEDLE&days=2&utc_offset=60");
  assert.deepEqual(body.by_severity, { critical: 0, high: 1, medium: 0, low: 0 });
  assert.deepEqual(body.by_status, { detected: 1, investigating: 0, resolved: 0 });
  assert.equal(body.total, 1);
  assert.deepEqual(body.by_day.map(({ high }: { high: number }) => high), [0, 1]);
  const none = await call("viewer", "GET", "/v1/drifts/summary?q=needle&severity=low,critical&days=1");
  assert.equal(none.body.total, 0);
  const listed = await call("viewer", "GET", "/v1/drifts?q=needle");
  assert.deepEqual(listed.body.data.map(({ resource_name }: { resource_name: string }) => resource_name), [
    "needle in a name",
  ]);
  const literal = await call("viewer", "GET", "/v1/drifts?q=%25");
  assert.deepEqual(literal.body.data, []);
});
