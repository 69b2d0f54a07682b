/** Guarantee: everybody gets exactly what the contract gives them of baselines, and the last one stays. */
import assert from "node:assert/strict";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const { call, stack } = await gatherCast();
const READERS: Actor[] = ["owner", "admin", "user", "viewer", "key:resources:read"];
const WRITERS: Actor[] = ["owner", "admin", "user", "key:resources:write"];

function statusFor(actor: Actor, allowed: Actor[], status: number): number {
  if (actor === "anonymous") return 401;
  return allowed.includes(actor) ? status : 403;
}

const baselines = () => stack.database.query("select * from public.baselines order by id");

const send = (name: string, configuration: object) =>
  call("user", "POST", "/v1/resources", {
    external_id: `baseline-${name}`,
    name,
    resource_type: "aws_s3_bucket",
    provider: "aws",
    configuration,
  }).then(({ body }) => body);

const openDrifts = async (resourceId: number) =>
  (await call("user", "GET", `/v1/resources/${resourceId}/drifts?status=detected`)).body.data.map(
    ({ summary }: { summary: string }) => summary.split(":")[0],
  );

for (const actor of EVERYBODY) {
  Deno.test(`${actor} reads baselines`, async () => {
    const list = await call(actor, "GET", "/v1/baselines?per_page=100");
    assert.equal(list.status, statusFor(actor, [...READERS, "stranger"], 200));
    if (list.status === 403) assert.deepEqual(list.body.details, { required: "resources:read" });
    if (actor === "stranger") {
      assert.deepEqual(list.body.data.map(({ resource_id }: { resource_id: number }) => resource_id), [5]);
    }
    for (const path of ["/v1/baselines/1", "/v1/baselines/1/compare/1"]) {
      assert.equal((await call(actor, "GET", path)).status, statusFor(actor, READERS, 200), path);
    }
  });

  Deno.test(`${actor} makes and removes a baseline`, async () => {
    const resource = await send(`by ${actor}`, { a: 1 });
    const before = await baselines();
    const made = await call(actor, "POST", "/v1/baselines", { resource_id: resource.id });
    assert.equal(made.status, statusFor(actor, WRITERS, 201));
    const own = await call("user", "GET", `/v1/baselines?resource_id=${resource.id}`);
    const removed = await call(actor, "DELETE", `/v1/baselines/${own.body.data[0].id}`);
    assert.equal(removed.status, statusFor(actor, WRITERS, 204));
    if (removed.status === 403) assert.deepEqual(removed.body.details, { required: "resources:write" });
    assert.deepEqual(await baselines(), before, "nothing is left, nothing else changed");
  });
}

Deno.test("promoting accepts the open drifts; going back to an older baseline finds them again", async () => {
  const resource = await send("story", { block_public_acls: true, size: 1 });
  await send("story", { block_public_acls: false, size: 2 });
  assert.deepEqual(await openDrifts(resource.id), ["size", "block_public_acls"]);
  const made = await call("user", "POST", "/v1/baselines", { resource_id: resource.id });
  assert.deepEqual([made.body.origin, made.body.is_current, made.body.created_by], ["promoted", true, 1]);
  assert.deepEqual(await openDrifts(resource.id), []);
  const { body: [newest, oldest] } = await call("user", "GET", `/v1/baselines?resource_id=${resource.id}`)
    .then(({ body }) => ({ body: body.data }));
  const compared = await call("viewer", "GET", `/v1/baselines/${oldest.id}/compare/${newest.id}`);
  assert.deepEqual(
    compared.body.changes.map((
      { field_path, severity, before, after }: Record<string, unknown>,
    ) => [field_path, severity, before, after]),
    [["block_public_acls", "high", true, false], ["size", "medium", 1, 2]],
  );
  const back = await call("viewer", "GET", `/v1/baselines/${newest.id}/compare/${oldest.id}`);
  assert.equal(back.body.changes[0].severity, "low", "the other way it is hardening");
  assert.deepEqual((await call("user", "GET", `/v1/baselines/${oldest.id}`)).body.configuration, {
    block_public_acls: true,
    size: 1,
  });
  assert.equal((await call("user", "DELETE", `/v1/baselines/${newest.id}`)).status, 204);
  assert.deepEqual(await openDrifts(resource.id), ["size", "block_public_acls"]);
  const before = await baselines();
  const last = await call("user", "DELETE", `/v1/baselines/${oldest.id}`);
  assert.deepEqual([last.status, last.body.code], [422, "UNPROCESSABLE"]);
  assert.deepEqual(await baselines(), before);
});

Deno.test("another organization's is 403, nothing there 404, two resources 422", async () => {
  for (const [method, path] of [["GET", ""], ["DELETE", ""], ["GET", "/compare/1"]] as const) {
    assert.equal((await call("stranger", method, `/v1/baselines/1${path}`)).status, 403, `${method} ${path}`);
    assert.equal(
      (await call("user", method, `/v1/baselines/999999${path}`)).status,
      404,
      `${method} ${path}`,
    );
  }
  assert.equal((await call("stranger", "POST", "/v1/baselines", { resource_id: 1 })).status, 403);
  assert.equal((await call("user", "POST", "/v1/baselines", { resource_id: 999_999 })).status, 404);
  assert.equal((await call("user", "GET", "/v1/baselines/1/compare/2")).status, 422);
  assert.deepEqual((await call("stranger", "GET", "/v1/baselines?resource_id=1")).body.data, []);
});
