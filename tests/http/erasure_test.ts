/** Guarantee: an organization and a person can end: out at once, nothing of them left, and the audit chain still verifies. */
import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { emailOf, gatherCast, PASSWORD } from "./cast.ts";

const JOBS_SECRET = "a-secret-of-at-least-32-characters";
const cast = await gatherCast({ variables: { JOBS_SECRET } });
const { call, callWith, stack } = cast;
const { query } = stack.database;
const ORGANIZATION = "/v1/settings/organization";

/** Does what was queued, whoever else has begun it. */
async function finishJobs(): Promise<void> {
  for (;;) {
    await callWith(JOBS_SECRET, "POST", "/v1/jobs/run");
    if ((await query("select from private.jobs where status in ('queued', 'running')")).length === 0) return;
  }
}

async function register(email: string) {
  const answer = await callWith(undefined, "POST", "/api/register", { email, password: PASSWORD });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body as { token: string; user: { id: number } };
}

/** Rows that have a text somewhere, in every table of ours. */
async function tracesOf(text: string): Promise<string[]> {
  const tables = await query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'private', 'auth') and c.relkind in ('r', 'p') order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await query(`select from ${name} t where strpos(lower(t::text), $1) > 0`, [text]);
    if (rows.length > 0) found.push(`${name}: ${rows.length}`);
  }
  return found;
}

Deno.test("a person takes along what is kept of them; a key can't", async () => {
  const { status, body } = await call("user", "GET", "/v1/auth/me/export");
  assert.equal(status, 200);
  assert.equal(body.profile.email, emailOf("user"));
  assert.deepEqual(
    body.memberships.map(({ organization, role }: Record<string, string>) => [organization, role]),
    [
      ["Demo", "user"],
    ],
  );
  assert.ok(body.sessions.length > 0);
  assert.doesNotMatch(JSON.stringify(body), /salt|hash|admin@/);
  assert.equal((await call("key:team:write", "GET", "/v1/auth/me/export")).status, 403);
});

Deno.test("nobody but an owner's session deletes an organization, and only by its name", async () => {
  const before = await query("select * from public.organizations order by id");
  for (const actor of ["admin", "user", "viewer", "key:team:write"] as const) {
    assert.equal((await call(actor, "DELETE", ORGANIZATION, { name: "Demo" })).status, 403, actor);
  }
  assert.equal((await call("anonymous", "DELETE", ORGANIZATION, { name: "Demo" })).status, 401);
  assert.equal((await call("owner", "DELETE", ORGANIZATION, { name: "demo" })).status, 422);
  assert.equal((await call("owner", "DELETE", ORGANIZATION, {})).status, 400);
  // Straight at the Data API nothing vouches for the call.
  const { error } = await (await cast.supabase("owner")).rpc("delete_organization", { p_name: "Demo" });
  assert.equal(error?.code, "42501");
  assert.deepEqual(await query("select * from public.organizations order by id"), before);
  assert.equal((await query("select from private.jobs")).length, 0);
});

Deno.test("the last owner of others can't be erased; a key erases nobody", async () => {
  const before = await query("select * from public.profiles order by id");
  const refused = await call("owner", "DELETE", "/v1/auth/me");
  assert.equal(refused.status, 422);
  assert.match(refused.body.error, /last owner of "Demo"/);
  assert.equal((await call("key:team:write", "DELETE", "/v1/auth/me")).status, 403);
  const { error } = await (await cast.supabase("user")).rpc("erase_me");
  assert.equal(error?.code, "42501");
  assert.deepEqual(await query("select * from public.profiles order by id"), before);
});

Deno.test("an erased person is gone, what happened stays, and the chain verifies", async () => {
  const id =
    (await query<{ id: number }>("select id from public.profiles where email = $1", [emailOf("admin")]))[0]!
      .id;
  await call("admin", "POST", "/v1/settings/team/invite", { email: "guest@example.com", role: "viewer" });
  const made = await call("admin", "POST", "/v1/settings/api-keys", { name: "of admin" });
  await call("admin", "POST", "/v1/drifts/1/resolve", { note: "mine" });
  const { token } = await cast.signIn("admin");
  const events = async () =>
    await query<{ action: string; target: string }>(
      "select action, target_type || ':' || target_id as target from public.audit_events where actor_id = $1 order by id",
      [id],
    );
  const before = await events();

  assert.equal((await callWith(token, "DELETE", "/v1/auth/me")).status, 204);
  assert.equal((await callWith(token, "GET", "/v1/auth/me")).status, 401);
  assert.equal((await callWith(made.body.key, "GET", "/v1/auth/whoami")).status, 401);
  await finishJobs();
  assert.deepEqual(await tracesOf(emailOf("admin")), []);
  const after = await events();
  assert.deepEqual(after.slice(0, before.length), before, "what happened stays");
  assert.ok(after.some(({ action, target }) => action === "person.erased" && target === `user:${id}`));
  const shown = await call("owner", "GET", `/v1/settings/audit-log?actor=${id}&per_page=1`);
  assert.deepEqual(
    [shown.body.data[0].actor_email, shown.body.data[0].address, shown.body.data[0].user_agent],
    ["erased", null, null],
  );
  const verified = await call("owner", "GET", "/v1/settings/audit-log/verify");
  assert.deepEqual([verified.body.intact, verified.body.broken], [true, null]);
  const { error } = await createClient(stack.url, stack.publishableKey, { auth: { persistSession: false } })
    .auth.signInWithPassword({ email: emailOf("admin"), password: PASSWORD });
  assert.equal(error?.code, "invalid_credentials");
});

Deno.test("somebody alone takes their organization along", async () => {
  const { token } = await register("alone@example.com");
  await callWith(token, "POST", "/v1/resources", {
    external_id: "alone-1",
    name: "of alone",
    resource_type: "aws_s3_bucket",
    provider: "aws",
    configuration: { acl: "private" },
  });
  assert.equal((await callWith(token, "DELETE", "/v1/auth/me")).status, 204);
  await finishJobs();
  assert.deepEqual([...await tracesOf("alone@example.com"), ...await tracesOf("alone-1")], []);
});

Deno.test("a deleted organization: everybody is out at once, and nothing of it is left", async () => {
  const [demo] = await query<{ id: number }>("select id from public.organizations where name = 'Demo'");
  const others = await query("select * from public.resources where organization_id <> $1 order by id", [
    demo!.id,
  ]);
  const key = (await cast.credential("key:resources:read"))!;
  const answer = await call("owner", "DELETE", ORGANIZATION, { name: "Demo" });
  assert.deepEqual([answer.status, answer.body], [202, { message: "Demo is being erased." }]);
  assert.equal((await callWith(key, "GET", "/v1/resources")).status, 401);
  assert.equal((await call("user", "GET", "/v1/resources")).status, 403);
  const me = await call("user", "GET", "/v1/auth/me");
  assert.equal(me.status, 403, "the person is still there, but nowhere");
  await finishJobs();
  const tables = await query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.columns
     where column_name = 'organization_id' and table_schema in ('public', 'private')
       and table_name in (select relname from pg_class where relkind in ('r', 'p'))`,
  );
  assert.ok(tables.length > 15);
  for (const { name } of tables) {
    assert.equal((await query(`select from ${name} where organization_id = $1`, [demo!.id])).length, 0, name);
  }
  assert.deepEqual(
    await query("select * from public.resources where organization_id <> $1 order by id", [demo!.id]),
    others,
  );
});
