/** Guarantee: lists filter by several values, come in the asked order, and a walk by cursor meets each row once. */
import assert from "node:assert/strict";
import { gatherCast } from "./cast.ts";

const { call } = await gatherCast();

const RANKS = ["low", "medium", "high", "critical"];

/** Drifts of several severities, beside the seed's. */
for (const [index, changed] of ["acl", "versioning", "instance_class", "tags", "acl", "tags"].entries()) {
  const send = (configuration: Record<string, unknown>) =>
    call("user", "POST", "/v1/resources", {
      external_id: `listed-${index}`,
      name: `listed "${index}", (x)`,
      resource_type: "aws_s3_bucket",
      provider: "aws",
      configuration,
    });
  await send({ [changed]: "private" });
  await send({ [changed]: "public-read" });
}

async function walk(query: string) {
  // deno-lint-ignore no-explicit-any
  const rows: any[] = [];
  const totals: unknown[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const { status, body } = await call(
      "viewer",
      "GET",
      `/v1/drifts?per_page=2&${query}${cursor && `&cursor=${cursor}`}`,
    );
    assert.equal(status, 200, JSON.stringify(body));
    rows.push(...body.data);
    totals.push(body.meta.total);
    cursor = body.meta.next_cursor;
    assert.ok(rows.length < 100, "the walk ends");
  }
  return { rows, totals };
}

Deno.test("severity takes several values; a value given twice counts once", async () => {
  const all = (await walk("")).rows;
  const { body } = await call("viewer", "GET", "/v1/drifts?per_page=100&severity=low,critical,low");
  const wanted = all.filter(({ severity }) => severity === "low" || severity === "critical");
  assert.ok(wanted.length > 1 && wanted.length < all.length, "the filter has something to leave out");
  assert.deepEqual(body.data, wanted);
});

Deno.test("status and type take several values", async () => {
  const all = (await walk("")).rows;
  const { body } = await call(
    "viewer",
    "GET",
    "/v1/drifts?status=detected,investigating&type=security,compliance",
  );
  const wanted = all.filter(({ status, drift_type }) =>
    status !== "resolved" && drift_type !== "configuration"
  );
  assert.deepEqual(body.data, wanted.slice(0, 20));
});

const ORDERS = [
  "-severity,-detected_at",
  "severity",
  "status,-severity,detected_at",
  "-last_seen_at,id",
  "-id",
];
for (const sort of ORDERS) {
  Deno.test(`a walk by cursor in the order ${sort} meets every drift once`, async () => {
    const { rows, totals } = await walk(`sort=${sort}`);
    const page = await call("viewer", "GET", `/v1/drifts?per_page=100&sort=${sort}`);
    assert.deepEqual(rows, page.body.data);
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
    const [first, ...rest] = totals;
    assert.equal(first, rows.length, "counted with page numbers");
    assert.ok(rest.length > 0 && rest.every((total) => total === null), "not counted by cursor");
  });
}

Deno.test("-severity sorts by how bad, not by the alphabet", async () => {
  const { rows } = await walk("sort=-severity");
  const ranks = rows.map(({ severity }) => RANKS.indexOf(severity));
  assert.ok(new Set(ranks).size > 1, "there is something to sort");
  assert.deepEqual(ranks, ranks.toSorted((a, b) => b - a));
  assert.ok(rows.every((row) => !("severity_rank" in row)), "what sorts is not shown");
});

Deno.test("count=exact counts by cursor too", async () => {
  const { totals } = await walk("sort=-severity&count=exact&severity=low,medium,high,critical");
  assert.equal(new Set(totals).size, 1);
  assert.equal(typeof totals[0], "number");
});

Deno.test("a page past the end is empty and still knows the total", async () => {
  const { status, body } = await call("viewer", "GET", "/v1/drifts?page=50&per_page=100");
  assert.deepEqual([status, body.data], [200, []]);
  assert.ok(body.meta.total > 0);
});

Deno.test("an order or filter that the list doesn't know is refused with words", async () => {
  const cursor = (await call("viewer", "GET", "/v1/drifts?per_page=1&sort=-severity")).body.meta.next_cursor;
  const forged = btoa(JSON.stringify({ sort: "-id", at: ["1),or(id.gt.0"] }));
  for (
    const [query, path] of [
      ["sort=nothing", "query.sort"],
      ["sort=severity,-severity", "query.sort"],
      ["sort=", "query.sort"],
      ["severity=critical,,high", "query.severity"],
      ["severity=bad", "query.severity"],
      ["status=open", "query.status"],
      ["count=all", "query.count"],
      [`cursor=${cursor}&sort=severity`, "query.cursor"],
      [`cursor=${cursor}`, "query.cursor"],
      [`cursor=${cursor}&sort=-severity&page=1`, "query.cursor"],
    ] as const
  ) {
    const { status, body } = await call("viewer", "GET", `/v1/drifts?${query}`);
    assert.deepEqual([status, body.code], [400, "VALIDATION_FAILED"], query);
    assert.equal(body.details.issues[0].path, path, query);
  }
  const injected = await call("viewer", "GET", `/v1/drifts?cursor=${forged}`);
  assert.equal(injected.status, 400, "a cursor's values are values, never filters");
});
