/** Guarantee: what a rule ignores is kept, counted and shown on request, and is back when the rule has ended. */
import assert from "node:assert/strict";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const { call, stack } = await gatherCast();
const WRITERS: Actor[] = ["owner", "admin", "user", "key:drifts:write"];
const PATH = "/v1/settings/ignore-rules";
const RULE = { resource_type: "aws_nothing", field: "*", reason: "known" };

const rules = () => stack.database.query("select * from public.ignore_rules order by id");

/** Makes two drifts of one resource: `color` medium, `publicly_accessible` high. */
async function drift(name: string) {
  const resource = (color: string, isPublic: boolean) => [{
    external_id: `arn:aws:rds:eu-west-1:1:db:${name}`,
    name,
    resource_type: "aws_db_instance",
    provider: "aws",
    configuration: { color, publicly_accessible: isPublic },
    tags: {},
  }];
  await call("user", "POST", "/v1/resources/import", resource("red", false));
  const { body } = await call("user", "POST", "/v1/resources/import", resource("blue", true));
  const [{ id }] = (await call("user", "GET", `/v1/resources?q=${name}`)).body.data;
  return {
    id,
    counts: body,
    again: () => call("user", "POST", "/v1/resources/import", resource("blue", true)),
  };
}

const fieldsOf = async (id: number, query = "") =>
  (await call("viewer", "GET", `/v1/drifts?resource_id=${id}${query}`)).body.data
    .map(({ summary }: { summary: string }) => summary.split(":")[0]).sort();

for (const actor of EVERYBODY) {
  Deno.test(`${actor} makes an ignore rule`, async () => {
    const before = await rules();
    const { status, body } = await call(actor, "POST", PATH, RULE);
    const allowed = WRITERS.includes(actor) || actor === "stranger";
    assert.equal(status, actor === "anonymous" ? 401 : allowed ? 201 : 403);
    if (!allowed) return assert.deepEqual(await rules(), before);
    assert.deepEqual([body.resource_type, body.external_id, body.until, body.reason], [
      "aws_nothing",
      null,
      null,
      "known",
    ]);
    const other = actor === "stranger" ? "owner" : "stranger";
    for (const [method, sent] of [["PATCH", { reason: "x" }], ["DELETE", undefined]] as const) {
      assert.equal((await call(other, method, `${PATH}/${body.id}`, sent)).status, 403);
      assert.equal((await call("viewer", method, `${PATH}/${body.id}`, sent)).status, 403);
    }
    if (actor !== "stranger") {
      assert.equal(
        (await call("viewer", "GET", `${PATH}/${body.id}`)).body.reason,
        "known",
        "readers see it",
      );
    }
    assert.equal((await call(actor, "PATCH", `${PATH}/${body.id}`, { reason: "new" })).body.reason, "new");
    assert.equal((await call(actor, "DELETE", `${PATH}/${body.id}`)).status, 204);
    assert.equal((await call(actor, "DELETE", `${PATH}/${body.id}`)).status, 404);
  });
}

const BAD: [name: string, body: unknown][] = [
  ["without a reason", { field: "color" }],
  ["for everything", { severity_at_most: "low", reason: "x" }],
  ["with an unknown severity", { field: "color", severity_at_most: "worst", reason: "x" }],
  ["with a date alone", { field: "color", until: "2026-01-01", reason: "x" }],
  ["with an unknown member", { field: "color", reason: "x", id: 1 }],
];

for (const [name, body] of BAD) {
  Deno.test(`refused: a rule ${name}`, async () => {
    const before = await rules();
    assert.equal((await call("user", "POST", PATH, body)).status, 400);
    assert.deepEqual(await rules(), before);
  });
}

Deno.test("open drifts are ignored at once, counted, shown on request, and back when the rule goes", async () => {
  const { id, counts } = await drift("ignored-now");
  assert.deepEqual([counts.drifted, counts.ignored], [1, 0]);
  const total = async () => (await call("viewer", "GET", `/v1/drifts/summary?resource_id=${id}`)).body;
  const { body: rule } = await call("user", "POST", PATH, {
    resource_type: "aws_db_*",
    external_id: "arn:aws:rds:*:db:ignored-now",
    field: "colo?",
    reason: "painted by the weather",
  });
  assert.deepEqual(await fieldsOf(id), ["publicly_accessible"]);
  assert.deepEqual(await fieldsOf(id, "&ignored=true"), ["color"]);
  assert.deepEqual([(await total()).total, (await total()).ignored], [1, 1]);
  const [{ id: driftId }] =
    (await call("viewer", "GET", `/v1/drifts?resource_id=${id}&ignored=true`)).body.data;
  assert.deepEqual((await call("viewer", "GET", `/v1/drifts/${driftId}`)).body.ignored, {
    rule_id: rule.id,
    until: null,
  });
  const list = (await call("viewer", "GET", `/v1/resources/${id}/drifts`)).body;
  assert.equal(list.meta.total, 1);

  await call("user", "DELETE", `${PATH}/${rule.id}`);
  assert.deepEqual(await fieldsOf(id), ["color", "publicly_accessible"]);
  assert.deepEqual(await fieldsOf(id, "&ignored=true"), []);
  const told = await stack.database.query<{ n: number }>(
    `select count(*)::int as n from public.drift_events where type = 'drift_detected' and (data ->> 'id')::bigint = ${driftId}`,
  );
  assert.equal(told[0]!.n, 2, "it is told again");
});

Deno.test("drifts to come are ignored, not told, and counted in the import's answer", async () => {
  const { body: rule } = await call("user", "POST", PATH, { external_id: "*:db:ignored-later", reason: "x" });
  const { id, counts, again } = await drift("ignored-later");
  assert.deepEqual([counts.drifted, counts.ignored], [0, 2]);
  assert.deepEqual([(await again()).body.drifted, (await again()).body.ignored], [0, 2]);
  const events = await stack.database.query(
    `select from public.drift_events where (data ->> 'resource_id')::bigint = ${id}`,
  );
  assert.equal(events.length, 0);
  await call("user", "PATCH", `${PATH}/${rule.id}`, { severity_at_most: "medium" });
  assert.deepEqual(await fieldsOf(id), ["publicly_accessible"], "what is worse than the rule allows is told");
});

Deno.test("an ended rule brings its drifts back by itself", async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const { body: rule } = await call("user", "POST", PATH, {
    external_id: "*:db:ignored-ends",
    until,
    reason: "x",
  });
  const { id } = await drift("ignored-ends");
  assert.deepEqual(await fieldsOf(id), []);
  // Time goes by for the rule and for what it covers.
  await stack.database.query(
    `update public.drifts set ignored_until = now() - interval '1 second' where resource_id = ${id}`,
  );
  assert.deepEqual(await fieldsOf(id), ["color", "publicly_accessible"]);
  assert.equal(
    (await call("viewer", "GET", `${PATH}/${rule.id}`)).status,
    200,
    "the rule itself stays as a record",
  );
});

Deno.test("rules are audited", async () => {
  const { body: rule } = await call("admin", "POST", PATH, { field: "x", reason: "audited" });
  await call("admin", "PATCH", `${PATH}/${rule.id}`, { reason: "changed" });
  await call("admin", "DELETE", `${PATH}/${rule.id}`);
  const { body } = await call("owner", "GET", `/v1/settings/audit-log?target=ignore_rule:${rule.id}`);
  assert.deepEqual(
    body.data.map(({ action, details }: { action: string; details: { reason: string } }) => [
      action,
      details.reason,
    ]).reverse(),
    [
      ["ignore_rule.created", "audited"],
      ["ignore_rule.updated", "changed"],
      ["ignore_rule.deleted", "changed"],
    ],
  );
});
