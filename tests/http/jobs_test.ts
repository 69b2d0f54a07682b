/** Guarantee: a detection that was admitted is finished once and to the end, whatever becomes of who asked and who works. */
import { createClient } from "@supabase/supabase-js";
import assert from "node:assert/strict";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const JOBS_SECRET = "a-secret-of-at-least-32-characters";
const { call, callWith, stack, signIn } = await gatherCast({ variables: { JOBS_SECRET } });
const { query } = stack.database;
const FOLLOWERS: Actor[] = ["owner", "admin", "user", "viewer", "key:drifts:read", "key:drifts:write"];
/** More than is compared while the caller waits. */
const MANY = 1_200;

await query(
  `insert into public.resources (organization_id, external_id, name, resource_type, provider, configuration)
   select o.id, 'many-' || n, 'many-' || n, 'aws_s3_bucket', 'aws', '{"block_public_acls": false}'
   from public.organizations o, generate_series(1, ${MANY}) n where o.name = 'Demo'`,
);
await query(
  `insert into public.baselines (organization_id, resource_id, origin, configuration)
   select organization_id, id, 'first_snapshot', '{"block_public_acls": true}' from public.resources
   where external_id like 'many-%'`,
);

// Nothing of the schedule comes between.
await query("update private.scheduled_tasks set due_at = now() + interval '1 day'");

const openOfMany = async () =>
  (await query<{ n: number }>(
    "select count(*)::int as n from public.drifts where resource_name like 'many-%' and status <> 'resolved'",
  ))[0]!.n;

async function forget(): Promise<void> {
  await query("delete from private.jobs");
  await query("delete from public.drift_events");
  await query("delete from public.drifts where resource_name like 'many-%'");
}

async function follow(id: string) {
  for (;;) {
    const { body } = await call("user", "GET", `/v1/drifts/jobs/${id}`);
    if (body.status === "done" || body.status === "failed") return body;
  }
}

for (const actor of EVERYBODY) {
  Deno.test(`${actor} follows a detection`, async () => {
    const { body: { job_id } } = await call("user", "POST", "/v1/drifts/detect", { resource_ids: [1, 2] });
    const { status, body } = await call(actor, "GET", `/v1/drifts/jobs/${job_id}`);
    assert.equal(status, actor === "anonymous" ? 401 : FOLLOWERS.includes(actor) ? 200 : 403);
    if (status === 403) assert.deepEqual(body.details, { required: "drifts:read" });
    if (status === 200) assert.deepEqual([body.status, body.total, body.done], ["done", 2, 2]);
  });
}

Deno.test("much is compared after the answer; who asks again meanwhile gets the same job", async () => {
  await forget();
  const { status, body } = await call("user", "POST", "/v1/drifts/detect");
  assert.deepEqual([status, body.status], [202, "running"]);
  const again = await call("owner", "POST", "/v1/drifts/detect");
  if (again.body.status === "running") assert.equal(again.body.job_id, body.job_id);
  const job = await follow(body.job_id);
  assert.equal(job.status, "done");
  assert.ok(job.total >= MANY && job.done === job.total && job.found >= MANY);
  assert.ok(job.started_at <= job.finished_at);
  assert.equal(await openOfMany(), MANY);
  const told = await query<{ data: Record<string, unknown> }>(
    "select data from public.drift_events where type = 'scan_progress' and data ->> 'job_id' = $1 order by id",
    [body.job_id],
  );
  assert.deepEqual(told.map(({ data }) => data.status), ["running", "running", "completed"]);
  assert.deepEqual(told.map(({ data }) => data.checked), [500, 1000, job.total]);
});

Deno.test("whoever asked may be signed out by then", async () => {
  await forget();
  const { token } = await signIn("user");
  const { body } = await callWith(token, "POST", "/v1/drifts/detect");
  assert.equal((await callWith(token, "POST", "/api/logout")).status, 204);
  assert.equal((await callWith(token, "GET", `/v1/drifts/jobs/${body.job_id}`)).status, 401);
  assert.equal((await follow(body.job_id)).status, "done");
  assert.equal(await openOfMany(), MANY);
});

Deno.test("a killed worker's step is done again, and it can't write any more", async () => {
  await forget();
  const service = createClient(stack.url, stack.secretKey, { auth: { persistSession: false } });
  const take = async (p_id?: string) =>
    (await service.rpc("take_job", { p_kinds: ["detection"], p_lease_seconds: 60, p_id })).data;
  const [queued] = await query<{ id: string }>(
    "select private.queue_job('detection', id) as id from public.organizations where name = 'Demo'",
  );
  const killed = await take(queued!.id);
  assert.equal(await take(queued!.id), null, "one worker has it");
  const held = { p_job: killed.id, p_lease: killed.lease };
  const { data: page } = await service.rpc("plan_detection_step", { ...held, p_limit: 500 });
  assert.equal(page.checked, 500);
  await query("update private.jobs set leased_until = now() - interval '1 second' where id = $1", [
    killed.id,
  ]);

  const ran = await callWith(JOBS_SECRET, "POST", "/v1/jobs/run");
  assert.deepEqual([ran.status, ran.body], [200, { steps: 3, tasks: 0, failures: 0, is_more: false }]);
  assert.equal((await follow(killed.id)).status, "done");
  const before = await openOfMany();
  assert.equal(before, MANY);
  const late = await service.rpc("apply_detection_step", {
    ...held,
    p_checks: [],
    p_found: [],
    p_checked: 500,
    p_last: page.last,
    p_is_last: false,
  });
  assert.equal(late.error?.code, "PT409");
  const told = await query(
    "select data ->> 'id' from public.drift_events where type = 'drift_detected' and data ->> 'resource_name' like 'many-%'",
  );
  assert.equal(told.length, MANY, "each drift was told once");
});

Deno.test("a step that fails is tried again later, and five times at most", async () => {
  await forget();
  const [queued] = await query<{ id: string }>(
    `select private.queue_job('detection', id, '{"resource_ids": ["nonsense"]}') as id
     from public.organizations where name = 'Demo'`,
  );
  for (let attempt = 1; attempt <= 5; attempt++) {
    const { body } = await callWith(JOBS_SECRET, "POST", "/v1/jobs/run");
    assert.deepEqual(body, { steps: 0, tasks: 0, failures: 1, is_more: false });
    assert.deepEqual((await callWith(JOBS_SECRET, "POST", "/v1/jobs/run")).body.failures, 0, "not at once");
    await query("update private.jobs set run_after = now()");
  }
  const [job] = await query<{ status: string; failure: string }>(
    "select status, failure from private.jobs where id = $1",
    [queued!.id],
  );
  assert.equal(job!.status, "failed");
  assert.match(job!.failure, /22P02/);
  const told = await query(
    "select from public.drift_events where type = 'scan_progress' and data ->> 'status' = 'failed'",
  );
  assert.equal(told.length, 1);
});

Deno.test("only the worker's secret wakes it; a job's id is an id", async () => {
  await query("select private.queue_job('detection', id) from public.organizations where name = 'Demo'");
  for (const credential of [undefined, "wrong", (await signIn("owner")).token, stack.secretKey]) {
    assert.equal((await callWith(credential, "POST", "/v1/jobs/run")).status, 401);
  }
  assert.equal((await query("select from private.jobs where status = 'queued'")).length, 1);
  assert.equal((await call("user", "GET", "/v1/drifts/jobs/1")).status, 400);
  assert.equal((await call("user", "GET", `/v1/drifts/jobs/${crypto.randomUUID()}`)).status, 404);
});

Deno.test("detections wait in no endless line", async () => {
  await forget();
  await query(
    `select private.queue_job('detection', o.id, '{"resource_ids": [1]}', 1, now() + interval '1 hour')
     from public.organizations o, generate_series(1, 20) where o.name = 'Demo'`,
  );
  const { status, headers } = await call("user", "POST", "/v1/drifts/detect", { resource_ids: [1] });
  assert.deepEqual([status, headers.get("retry-after")], [429, "10"]);
  assert.equal((await query("select from private.jobs")).length, 20);
});

Deno.test("readiness shows when each task ran last", async () => {
  await query("update private.scheduled_tasks set due_at = now() - interval '1 hour', last_run_at = null");
  const ran = await callWith(JOBS_SECRET, "POST", "/v1/jobs/run");
  assert.deepEqual([ran.status, ran.body.failures], [200, 0]);
  const { body } = await callWith(undefined, "GET", "/v1/health/ready");
  assert.equal(body.schedule.length, ran.body.tasks);
  for (const { name, last_run_at, is_late, has_failed } of body.schedule) {
    assert.deepEqual([last_run_at !== null, is_late, has_failed], [true, false, false], name);
  }
  const [worker] = await query<{ url: string }>("select url from private.worker");
  assert.equal(worker!.url, `${stack.url}/functions/v1/jobs/run`);
});

Deno.test("a wake-up of the database's opens once", async () => {
  const token = `wake_${"0123456789abcdef".repeat(4)}`;
  assert.equal((await callWith(token, "POST", "/v1/jobs/run")).status, 401);
  await query("insert into private.wake_ups (hash) values (sha256(convert_to($1, 'UTF8')))", [token]);
  assert.equal((await callWith(token, "POST", "/v1/jobs/run")).status, 200);
  assert.equal((await callWith(token, "POST", "/v1/jobs/run")).status, 401);
});

Deno.test("an organization says how long it keeps what", async () => {
  const path = "/v1/settings/organization";
  const { body } = await call("user", "GET", path);
  assert.deepEqual([body.drift_retention_days, body.audit_retention_days], [365, 730]);
  const change = { drift_retention_days: 90, audit_retention_days: 400 };
  assert.equal((await call("admin", "PATCH", path, change)).status, 403);
  assert.equal((await call("owner", "PATCH", path, { audit_retention_days: 364 })).status, 400);
  const changed = await call("owner", "PATCH", path, change);
  assert.deepEqual([changed.body.drift_retention_days, changed.body.audit_retention_days], [90, 400]);
});
