/** Guarantee: an invitation lets in the invited person alone, once, within seven days, while who invited still may. */
import assert from "node:assert/strict";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const { call, callWith, stack, logs } = await gatherCast();

const READERS: Actor[] = ["owner", "admin", "user", "viewer", "key:team:read"];
const WRITERS: Actor[] = ["owner", "key:team:write"];
const PASSWORD = "a-good-password";

const rows = () => stack.database.query("select * from public.invites order by id");
const members = () => stack.database.query("select * from public.memberships order by 1, 2");
const anyEmail = () => `${crypto.randomUUID()}@example.com`;
const tokenOf = (url: string) => url.split("#token=")[1]!;

function statusFor(actor: Actor, allowed: Actor[], status: number): number {
  if (actor === "anonymous") return 401;
  return allowed.includes(actor) ? status : 403;
}

async function invite(
  email = anyEmail(),
  role = "user",
): Promise<{ id: number; email: string; token: string }> {
  const answer = await call("owner", "POST", "/v1/settings/team/invite", { email, role });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return { id: answer.body.id, email, token: tokenOf(answer.body.accept_url) };
}

/** A session of somebody new with this address. */
async function register(email: string): Promise<string> {
  const answer = await callWith(undefined, "POST", "/api/register", { email, password: PASSWORD });
  if (answer.status === 201) return answer.body.token;
  // Supabase Auth made the person when it sent the invitation: confirm and give a password as its link would.
  await stack.database.query(
    `update auth.users set encrypted_password = extensions.crypt($2, extensions.gen_salt('bf', 4)),
       email_confirmed_at = now() where email = $1`,
    [email, PASSWORD],
  );
  return (await callWith(undefined, "POST", "/api/login", { email, password: PASSWORD })).body.token;
}

const accept = (token: string, session: string) =>
  callWith(session, "POST", "/v1/settings/team/accept", { token });

for (const actor of EVERYBODY) {
  Deno.test(`${actor} invites, sends again, cancels`, async () => {
    const { id } = await invite();
    const before = await rows();
    const mayWrite = statusFor(actor, [...WRITERS, "stranger"], 201);
    const made = await call(actor, "POST", "/v1/settings/team/invite", { email: anyEmail(), role: "viewer" });
    assert.equal(made.status, mayWrite);
    const resent = await call(actor, "POST", `/v1/settings/team/invites/${id}/resend`);
    assert.equal(resent.status, statusFor(actor, WRITERS, 200));
    const cancelled = await call(actor, "DELETE", `/v1/settings/team/invites/${id}`);
    assert.equal(cancelled.status, statusFor(actor, WRITERS, 204));
    for (const refused of [made, resent, cancelled].filter((answer) => answer.status === 403)) {
      assert.deepEqual(refused.body.details, { required: "team:write" });
    }
    if (mayWrite !== 201) assert.deepEqual(await rows(), before);
  });

  Deno.test(`${actor} reads invitations`, async () => {
    const { id } = await invite();
    const list = await call(actor, "GET", "/v1/settings/team/invites?status=pending&per_page=100");
    assert.equal(list.status, statusFor(actor, [...READERS, "stranger"], 200));
    const one = await call(actor, "GET", `/v1/settings/team/invites/${id}`);
    assert.equal(one.status, statusFor(actor, READERS, 200));
    if (one.status === 200) assert.equal(one.body.status, "pending");
    if (list.status === 200 && actor !== "stranger") {
      assert.ok(list.body.data.some((row: { id: number }) => row.id === id));
    }
    for (const answer of [list, one]) assert.doesNotMatch(JSON.stringify(answer.body ?? ""), /ia_invite_/);
  });
}

Deno.test("the invited person joins, in that role, and works there from then on", async () => {
  const { id, email, token } = await invite(anyEmail(), "viewer");
  const session = await register(email);
  const answer = await accept(token, session);
  assert.deepEqual([answer.status, answer.body], [200, {
    organization: { id: 1, name: "Demo" },
    role: "viewer",
    has_password: true,
  }]);
  const me = await callWith(session, "GET", "/v1/auth/me");
  assert.deepEqual([me.body.organization.name, me.body.role], ["Demo", "viewer"]);
  const shown = await call("owner", "GET", `/v1/settings/team/invites/${id}`);
  assert.deepEqual([shown.body.status, typeof shown.body.accepted_at], ["accepted", "string"]);
});

Deno.test("the address is the same in any case and without the spaces around it", async () => {
  const email = anyEmail();
  const answer = await call("owner", "POST", "/v1/settings/team/invite", {
    email: ` ${email.toUpperCase()} `,
    role: "user",
  });
  assert.deepEqual([answer.status, answer.body.email], [201, email]);
  assert.equal((await accept(tokenOf(answer.body.accept_url), await register(email))).status, 200);
});

Deno.test("a second use, another person, a key and a made-up token get nowhere", async () => {
  const { email, token } = await invite();
  const session = await register(email);
  const before = await members();
  for (const actor of EVERYBODY) {
    const answer = await call(actor, "POST", "/v1/settings/team/accept", { token });
    assert.equal(answer.status, actor === "anonymous" ? 401 : 403, actor);
  }
  // The invited person's own key is not the person.
  const { body: own } = await callWith(session, "POST", "/v1/settings/api-keys", { name: "own" });
  assert.equal((await accept(token, own.key)).status, 403);
  const madeUp = `ia_invite_${"0".repeat(43)}`;
  assert.equal((await accept(madeUp, session)).status, 404);
  for (
    const body of [{}, { token: "" }, { token: token.slice(1) }, { token: `${token}0` }, {
      token,
      role: "owner",
    }]
  ) {
    assert.equal((await callWith(session, "POST", "/v1/settings/team/accept", body)).status, 400);
  }
  assert.deepEqual(await members(), before);
  assert.equal((await accept(token, session)).status, 200);
  assert.equal((await accept(token, session)).status, 422, "used");
});

Deno.test("an address that is not confirmed is not the invited person's yet", async () => {
  const { email, token } = await invite();
  const session = await register(email);
  await stack.database.query("update auth.users set email_confirmed_at = null where email = $1", [email]);
  assert.equal((await accept(token, session)).status, 403);
  await stack.database.query("update auth.users set email_confirmed_at = now() where email = $1", [email]);
  assert.equal((await accept(token, session)).status, 200);
});

Deno.test("sending again makes the old link dead and the new one last seven days", async () => {
  const { id, email, token } = await invite();
  await stack.database.query(
    "update public.invites set created_at = now() - interval '8 days' where id = $1",
    [id],
  );
  await age(id);
  const session = await register(email);
  assert.equal((await accept(token, session)).status, 422, "expired");
  assert.equal((await call("owner", "GET", `/v1/settings/team/invites/${id}`)).body.status, "expired");
  const resent = await call("owner", "POST", `/v1/settings/team/invites/${id}/resend`);
  assert.equal(resent.status, 200);
  const life = Date.parse(resent.body.expires_at) - Date.now();
  assert.ok(Math.abs(life - 7 * 86_400_000) < 60_000);
  assert.equal((await accept(token, session)).status, 404, "the old link");
  assert.equal((await accept(tokenOf(resent.body.accept_url), session)).status, 200);
});

Deno.test("a cancelled invitation stays in the list and lets nobody in; cancelling again is no error", async () => {
  const { id, email, token } = await invite();
  const session = await register(email);
  assert.equal((await call("owner", "DELETE", `/v1/settings/team/invites/${id}`)).status, 204);
  assert.equal((await call("owner", "DELETE", `/v1/settings/team/invites/${id}`)).status, 204);
  assert.equal((await accept(token, session)).status, 422);
  assert.equal((await call("owner", "POST", `/v1/settings/team/invites/${id}/resend`)).status, 422);
  const [{ count }] = await stack.database.query<{ count: number }>(
    "select count(*)::integer from public.audit_events where action = 'invite.cancelled' and target_id = $1",
    [String(id)],
  ) as [{ count: number }];
  assert.equal(count, 1);
});

Deno.test("what was accepted can be neither cancelled nor sent again", async () => {
  const { id, email, token } = await invite();
  await accept(token, await register(email));
  assert.equal((await call("owner", "DELETE", `/v1/settings/team/invites/${id}`)).status, 422);
  assert.equal((await call("owner", "POST", `/v1/settings/team/invites/${id}/resend`)).status, 422);
});

Deno.test("an invitation ends with the right of who sent it", async () => {
  const second = await invite(anyEmail(), "owner");
  const secondSession = await register(second.email);
  await accept(second.token, secondSession);
  const email = anyEmail();
  const made = await callWith(secondSession, "POST", "/v1/settings/team/invite", { email, role: "owner" });
  assert.equal(made.status, 201);
  const session = await register(email);
  const [{ id }] = await stack.database.query<{ id: number }>(
    "select id from public.profiles where email = $1",
    [second.email],
  ) as [{ id: number }];
  await call("owner", "PUT", `/v1/settings/team/${id}`, { role: "admin" });
  assert.equal((await accept(tokenOf(made.body.accept_url), session)).status, 422);
  const resent = await call("owner", "POST", `/v1/settings/team/invites/${made.body.id}/resend`);
  assert.equal(resent.body.invited_by.email, "owner@example.com", "who sends again answers for it");
  assert.equal((await accept(tokenOf(resent.body.accept_url), session)).status, 200);
});

Deno.test("one open invitation an address; who is in the team needs none", async () => {
  const { id, email } = await invite();
  const again = await call("owner", "POST", "/v1/settings/team/invite", { email, role: "admin" });
  assert.deepEqual([again.status, again.body.code], [409, "CONFLICT"]);
  const colleague = await call("owner", "POST", "/v1/settings/team/invite", {
    email: "Viewer@Example.com",
    role: "admin",
  });
  assert.equal(colleague.status, 409);
  await age(id);
  assert.equal(
    (await call("owner", "POST", "/v1/settings/team/invite", { email, role: "admin" })).status,
    201,
  );
  assert.equal((await call("owner", "GET", `/v1/settings/team/invites/${id}`)).body.status, "cancelled");
});

Deno.test("what is no address or no role is refused", async () => {
  const before = await rows();
  for (
    const body of [
      {},
      { email: "x@example.com" },
      { role: "user" },
      { email: "x", role: "user" },
      { email: "x@example.com", role: "root" },
      { email: ["x@example.com"], role: "user" },
      { email: "x@example.com", role: "user", organization_id: 2 },
      { email: `${"x".repeat(250)}@example.com`, role: "user" },
      { email: "x\u0000@example.com", role: "user" },
    ]
  ) {
    assert.equal(
      (await call("owner", "POST", "/v1/settings/team/invite", body)).status,
      400,
      JSON.stringify(body),
    );
  }
  assert.deepEqual(await rows(), before);
});

Deno.test("another organization's invitation is 403, none is 404", async () => {
  const { id } = await invite();
  for (const [method, path] of [["GET", ""], ["DELETE", ""], ["POST", "/resend"]] as const) {
    assert.equal((await call("stranger", method, `/v1/settings/team/invites/${id}${path}`)).status, 403);
    assert.equal((await call("owner", method, `/v1/settings/team/invites/999999${path}`)).status, 404);
    assert.equal((await call("owner", method, `/v1/settings/team/invites/x${path}`)).status, 400);
  }
});

Deno.test("no more than fifty mails a day and organization", async () => {
  await stack.database.query(
    "update private.rate_windows set used = 50 where bucket like 'invitemail:%'",
  );
  const before = await rows();
  const answer = await call("owner", "POST", "/v1/settings/team/invite", { email: anyEmail(), role: "user" });
  assert.deepEqual([answer.status, answer.body.code], [429, "RATE_LIMITED"]);
  assert.deepEqual(await rows(), before);
  await stack.database.query("update private.rate_windows set used = 0 where bucket like 'invitemail:%'");
});

Deno.test("no token stands in the database or in a log line", async () => {
  const { id, token } = await invite();
  const secret = token.slice("ia_invite_".length);
  const tables = await stack.database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('public', 'private', 'auth')`,
  );
  for (const { name } of tables) {
    const found = await stack.database.query(`select 1 from ${name} t where t::text like '%' || $1 || '%'`, [
      secret,
    ]);
    assert.equal(found.length, 0, name);
  }
  assert.doesNotMatch(JSON.stringify(logs), new RegExp(secret));
  const [stored] = await stack.database.query<{ hash: string }>(
    "select encode(hash, 'hex') as hash from private.invite_tokens where invite_id = $1",
    [id],
  );
  const { digestLinkToken } = await import("../../shared/auth/link_token.ts");
  assert.notEqual(stored!.hash, digestLinkToken(token), "what the Data API takes is not what is stored");
});

/** Makes an invitation too old; the guard would give it seven days again. */
async function age(id: number): Promise<void> {
  await stack.database.query("alter table public.invites disable trigger guard_invite");
  await stack.database.query("update public.invites set expires_at = now() where id = $1", [id]);
  await stack.database.query("alter table public.invites enable trigger guard_invite");
}
