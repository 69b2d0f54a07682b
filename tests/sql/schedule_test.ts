/** Guarantee: the schedule does what is due, once and in its time, takes away what has had its time and nothing else. */
import assert from "node:assert/strict";
import { openBareDatabase } from "./bare_database.ts";
import { fillTables } from "./filled_tables.ts";

const { query, as, asPerson } = await openBareDatabase();
await fillTables(query);

interface Batch {
  name: string;
  rows: number;
  failed: boolean;
}

const runDue = async () =>
  (await as("service_role", {}, (q) => q<{ batch: Batch | null }>("select public.run_due_task() as batch")))[
    0
  ]!
    .batch;

/** Runs one task alone, all its batches. */
async function run(task: string): Promise<number> {
  await query("update private.scheduled_tasks set due_at = now() + interval '1 day', last_rows = 0");
  await query("update private.scheduled_tasks set due_at = now() where name = $1", [task]);
  let rows = 0;
  for (let batch = await runDue(); batch; batch = await runDue()) {
    assert.deepEqual([batch.name, batch.failed], [task, false]);
    rows += batch.rows;
  }
  return rows;
}

const count = async (rows: string) =>
  (await query<{ n: number }>(`select count(*)::int as n from ${rows}`))[0]!.n;

Deno.test("a task that is due runs, batch by batch, and is not due again before its time", async () => {
  await query(
    `insert into public.drift_events (organization_id, id, type, data, created_at)
     select 1, 5000 + n, 'scan_progress', '{}', now() - interval '8 days' from generate_series(1, 1500) n`,
  );
  const young = await count("public.drift_events where created_at > now() - interval '7 days'");
  assert.equal(await run("drift_events"), 1500);
  assert.equal(await count("public.drift_events"), young);
  const [task] = await query<Record<string, unknown>>(
    `select last_rows::int, due_at between now() + interval '9 minutes' and now() + interval '10 minutes' as "isLater",
       last_run_at > now() - interval '1 minute' as "isNoted", last_failure
     from private.scheduled_tasks where name = 'drift_events'`,
  );
  assert.deepEqual(task, { last_rows: 1500, isLater: true, isNoted: true, last_failure: null });
});

Deno.test("a task that fails says so, and the others run", async () => {
  await query("update private.scheduled_tasks set due_at = now() + interval '1 day'");
  await query(
    "insert into private.scheduled_tasks (name, every, due_at) values ('nonsense', '1 hour', '-infinity')",
  );
  await query("update private.scheduled_tasks set due_at = now() where name = 'ended_jobs'");
  assert.deepEqual(await runDue(), { name: "nonsense", rows: 0, failed: true });
  assert.deepEqual(await runDue(), { name: "ended_jobs", rows: 0, failed: false });
  assert.equal(await runDue(), null);
  const shown = await as("service_role", {}, (q) => q("select name, has_failed from public.show_schedule()"));
  assert.deepEqual(shown.filter(({ has_failed }) => has_failed).map(({ name }) => name), ["nonsense"]);
  await query("delete from private.scheduled_tasks where name = 'nonsense'");
});

Deno.test("resolved drifts go when their organization says, open ones never", async () => {
  await query("update public.organizations set drift_retention_days = 30 where name = 'Demo'");
  await query("update public.drifts set detected_at = now() - interval '400 days'");
  const resolve = (organization: string, days: number) =>
    query(
      `update public.drifts set status = 'resolved', resolution = 'manual', resolved_at = now() - make_interval(days => $2)
       where id = (
         select d.id from public.drifts d join public.organizations o on o.id = d.organization_id
         where o.name = $1 and d.status <> 'resolved' order by d.id limit 1
       )`,
      [organization, days],
    );
  await resolve("Demo", 31);
  await resolve("Demo", 29);
  await resolve("Elsewhere", 31);
  const before = await count("public.drifts");
  assert.equal(await run("resolved_drifts"), 1);
  assert.equal(await count("public.drifts"), before - 1);
  assert.equal(await count("public.drifts where resolved_at < now() - interval '30 days'"), 1, "Elsewhere's");
});

Deno.test("keys and invitations go 90 days after their end, living ones stay", async () => {
  const key = (name: string, expires: string | null, revoked: string | null) =>
    query(
      `insert into public.api_keys (organization_id, created_by, name, prefix, scopes, expires_at, revoked_at)
       select organization_id, id, $1, 'ia_live_' || substr(md5($1), 1, 10), '{resources:read}', $2::timestamptz, $3::timestamptz
       from public.profiles where email = 'owner@example.com'`,
      [name, expires, revoked],
    );
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  await key("long expired", ago(91), null);
  await key("long revoked", ago(-100), ago(91));
  await key("just revoked", ago(-100), ago(89));
  await key("for ever", null, null);
  const before = await count("public.api_keys");
  assert.equal(await run("ended_keys"), 2);
  assert.equal(await count("public.api_keys"), before - 2);
  assert.equal(await count("public.api_keys where name in ('just revoked', 'for ever')"), 2);

  const invites = await count("public.invites");
  await query(
    `insert into public.invites (organization_id, email, role, expires_at)
     values (1, 'long@example.com', 'viewer', now() - interval '91 days'),
       (1, 'just@example.com', 'viewer', now() - interval '89 days')`,
  );
  assert.equal(await run("ended_invites"), 1);
  assert.equal(await count("public.invites"), invites + 1);
});

Deno.test("what lives shortly goes, what still counts stays", async () => {
  await query(
    "insert into private.used_id_tokens (hash, expires_at) values (sha256('old'), now() - interval '1 hour')",
  );
  await query(
    "insert into private.used_id_tokens (hash, expires_at) values (sha256('new'), now() + interval '1 hour')",
  );
  const ended = (issued: string, expires: string) =>
    query(
      `insert into private.ended_tokens (user_id, issued_at, expires_at)
       select auth_user_id, now() - $1::interval, now() + $2::interval from public.profiles where id = 1`,
      [issued, expires],
    );
  await ended("10 days", "-2 days");
  // Forgetting it would bring the token back.
  await ended("400 days", "1 day");
  await query(
    `insert into private.idempotency_keys (organization_id, profile_id, key, request_hash, answer, created_at)
     values (1, 1, 'old', 'x', '{}', now() - interval '2 days'), (1, 1, 'new', 'x', '{}', now())`,
  );
  await run("short_lived");
  for (const table of ["used_id_tokens", "ended_tokens", "idempotency_keys"]) {
    assert.equal(await count(`private.${table}`), 1, table);
  }
});

interface Verification {
  broken: { sequence: number; fault: string } | null;
  trimmed: number;
}

async function verify(): Promise<Verification> {
  const rows = await asPerson(
    "owner",
    (q) => q<{ answer: Verification }>("select public.verify_audit_events(0, '', 1000) as answer"),
  );
  return rows[0]!.answer;
}

Deno.test("an audit log loses its beginning, says so, and still verifies; a beginning torn off shows", async () => {
  // Written anew as it would have been two years ago: times are part of the hash.
  const age = "occurred_at - interval '800 days'";
  await query(
    `do $$
     declare event public.audit_events; last bytea := '';
     begin
       for event in select e.* from public.audit_events e where organization_id = 1 order by sequence limit 5 loop
         event.occurred_at := event.${age}; event.previous_hash := last; event.hash := private.audit_hash(event);
         last := event.hash;
         update public.audit_events set occurred_at = event.occurred_at, previous_hash = event.previous_hash, hash = event.hash
         where id = event.id;
       end loop;
       for event in select e.* from public.audit_events e where organization_id = 1 and sequence > 5 order by sequence loop
         event.previous_hash := last; event.hash := private.audit_hash(event); last := event.hash;
         update public.audit_events set previous_hash = event.previous_hash, hash = event.hash where id = event.id;
       end loop;
       update private.audit_heads set hash = last where organization_id = 1;
     end $$`,
  );
  assert.deepEqual([(await verify()).broken, (await verify()).trimmed], [null, 0]);
  assert.equal(await run("audit_events"), 5);
  assert.deepEqual([(await verify()).broken, (await verify()).trimmed], [null, 5]);
  const [said] = await query<{ through: string; actor_id: number | null }>(
    "select details ->> 'through' as through, actor_id from public.audit_events where action = 'audit.trimmed'",
  );
  assert.deepEqual(said, { through: "5", actor_id: null });

  const [next] = await query<{ hash: string }>(
    "delete from public.audit_events where organization_id = 1 and sequence = 6 returning encode(hash, 'hex') as hash",
  );
  assert.equal((await verify()).broken!.fault, "missing");
  await query(
    "update private.audit_tails set sequence = 6, hash = decode($1, 'hex') where organization_id = 1",
    [
      next!.hash,
    ],
  );
  assert.deepEqual((await verify()).broken, { sequence: 6, event_id: null, fault: "missing" });
});

Deno.test("pg_cron does what is due, and calls the worker by pg_net where a job waits", async () => {
  assert.equal(
    (await query("select private.start_schedule() as ok"))[0]!.ok,
    false,
    "there is no pg_cron here",
  );
  await query("create schema cron");
  await query("create table cron.job (name text primary key, schedule text, command text)");
  await query(
    `create function cron.schedule(text, text, text) returns bigint language sql as $$
       insert into cron.job values ($1, $2, $3)
       on conflict (name) do update set schedule = excluded.schedule; select 1::bigint $$`,
  );
  assert.equal((await query("select private.start_schedule() as ok"))[0]!.ok, true);
  await query("select private.start_schedule()");
  const [job] = await query<{ command: string }>("select schedule, command from cron.job");
  assert.deepEqual(job, { schedule: "* * * * *", command: "select private.tick()" });

  await query("update private.scheduled_tasks set due_at = now()");
  await query("select private.queue_job('detection', 1)");
  await query(job!.command);
  assert.equal(await count("private.scheduled_tasks where due_at <= now()"), 0);

  await query("create schema net");
  await query("create table net.sent (url text, headers jsonb, body jsonb)");
  await query(
    `create function net.http_post(
       url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000
     ) returns bigint language sql as $$ insert into net.sent values ($1, $4, $2); select 1::bigint $$`,
  );
  await query(job!.command);
  assert.equal(await count("net.sent"), 0, "nobody has said where the worker is");
  const url = "https://project.supabase.co/functions/v1/jobs/run";
  await as("service_role", {}, (q) => q("select public.note_worker($1)", [url]));
  await query(job!.command);
  const [sent] = await query<{ url: string; token: string }>(
    "select url, substr(headers ->> 'Authorization', 8) as token from net.sent",
  );
  assert.equal(sent!.url, url);
  assert.match(sent!.token, /^wake_[0-9a-f]{64}$/);
  assert.equal(await count(`private.wake_ups where encode(hash, 'hex') like '%${sent!.token}%'`), 0);
  const redeem = async () =>
    (await as(
      "service_role",
      {},
      (q) =>
        q<{ ok: boolean }>(
          "select public.redeem_wake_up(encode(sha256(convert_to($1, 'UTF8')), 'hex')) as ok",
          [
            sent!.token,
          ],
        ),
    ))[0]!.ok;
  assert.deepEqual([await redeem(), await redeem()], [true, false], "it opens once");

  await query("delete from private.jobs");
  await query("delete from public.webhook_deliveries");
  await query(job!.command);
  assert.equal(await count("net.sent"), 1, "nothing waits, nobody is called");
});
