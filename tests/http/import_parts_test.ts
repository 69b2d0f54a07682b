/** Guarantee: of a picture sent in several imports, only the last says what is gone, and no part counts as missing. */
import assert from "node:assert/strict";
import { gatherCast } from "./cast.ts";

const { call, stack } = await gatherCast();
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
