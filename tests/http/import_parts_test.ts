/** Guarantee: an import in parts says what is gone once, and the list of changes says what became of which resource. */
import assert from "node:assert/strict";
import { gatherCast } from "./cast.ts";

const { call, credential, stack } = await gatherCast();
const NONE = { created: 0, updated: 0, unchanged: 0, drifted: 0, ignored: 0, deleted: 0 };

const buckets = (source: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    external_id: `arn:aws:s3:::${source}-${index}`,
    name: `${source}-${index}`,
    resource_type: "aws_s3_bucket",
    provider: "aws",
    configuration: { block_public_acls: true },
  }));

const post = (source: string, body: unknown, query = "") =>
  call("user", "POST", `/v1/resources/import?source=${source}${query}`, body);

Deno.test("of a picture sent in parts, the last one says what is gone, and no part counts as missing", async () => {
  const all = buckets("parts", 6);
  await post("parts", all);
  const { headers } = await call("user", "GET", "/v1/auth/whoami");
  const started = new Date(Date.parse(headers.get("date") ?? new Date().toISOString()) - 1).toISOString();
  await stack.database.query(
    `update public.resources set last_seen_at = last_seen_at - interval '1 hour'
     where external_id like 'arn:aws:s3:::parts-%'`,
  );
  await post("parts", all.slice(0, 3), "&full=false");
  const last = await post("parts", all.slice(3, 5), `&full=${encodeURIComponent(started)}`);
  assert.deepEqual([last.status, last.body], [200, { ...NONE, unchanged: 2, deleted: 1 }]);
  const gone = await call("user", "GET", "/v1/resources?q=parts-&status=deleted");
  assert.deepEqual(gone.body.data.map(({ name }: { name: string }) => name), ["parts-5"]);
  const wrong = await post("parts", all.slice(0, 1), "&full=yesterday");
  assert.deepEqual([wrong.status, wrong.body.details.issues[0].path], [400, "query.full"]);
});

type Drift = { severity: string; summary: string; is_ignored: boolean };
type Change = { name: string; resource_id: number | null; change: string; drifts: Drift[] };

Deno.test("with detail, an import and its dry run say what becomes of which resource", async () => {
  await post("told", buckets("told", 3));
  const [first, second] = buckets("told", 2);
  const changed = [
    { ...first, configuration: { block_public_acls: false } },
    second,
    { ...first, external_id: "arn:aws:s3:::told-new", name: "told-new" },
  ];
  const ask = async (query: string) =>
    (await post("told", changed, `&full=true&detail=true${query}`)).body as { changes: Change[] };
  const rowsOf = ({ changes }: { changes: Change[] }) =>
    changes.map(({ name, change, drifts }) => [name, change, ...drifts.map(({ severity }) => severity)])
      .sort();
  const idOf = ({ changes }: { changes: Change[] }, name: string) =>
    changes.find((row) => row.name === name)?.resource_id;
  const dry = await ask("&dry_run=true");
  const real = await ask("");
  const { changes: _, ...counts } = real;
  assert.deepEqual(counts, {
    ...NONE,
    created: 1,
    updated: 1,
    unchanged: 1,
    drifted: 1,
    deleted: 1,
    risks: 0,
  });
  assert.deepEqual(rowsOf(real), [
    ["told-0", "updated", "high"],
    ["told-2", "deleted"],
    ["told-new", "created"],
  ]);
  assert.deepEqual(rowsOf(dry), rowsOf(real));
  assert.equal(idOf(dry, "told-new"), null, "there is none yet");
  assert.equal((await call("user", "GET", `/v1/resources/${idOf(real, "told-new")}`)).body.name, "told-new");
  const rule = { external_id: "arn:aws:s3:::told-0", reason: "known" };
  assert.equal((await call("user", "POST", "/v1/settings/ignore-rules", rule)).status, 201);
  const again = await ask("");
  assert.deepEqual(rowsOf(again), [["told-0", "unchanged", "high"]], "what is open is told again");
  const [drift] = again.changes[0]?.drifts ?? [];
  assert.ok(drift?.is_ignored);
  assert.match(drift.summary, /^block_public_acls: /);
});

Deno.test("more values than one request takes are 413, also within texts, and nothing is kept of them", async () => {
  const many = `[${"1,".repeat(260_000)}1]`;
  for (const value of [many, JSON.stringify(many)]) {
    const text =
      `[{"external_id":"many","name":"m","resource_type":"t","provider":"p","configuration":{"a":${value}}}]`;
    const response = await fetch(`${stack.url}/v1/resources/import`, {
      method: "POST",
      headers: { authorization: `Bearer ${await credential("user")}`, "content-type": "application/json" },
      body: text,
    });
    const body = await response.json();
    assert.deepEqual([response.status, body.code, body.details.limit], [413, "PAYLOAD_TOO_LARGE", 250_000]);
    assert.match(body.error, /in parts/);
  }
  const { body } = await call("user", "GET", "/v1/resources?q=many");
  assert.deepEqual(body.data, []);
});
