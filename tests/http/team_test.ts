/** Guarantee: only owners change the team, nobody loses its last owner, and every change binds on the next request. */
import assert from "node:assert/strict";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const { call, callWith, signIn, stack, credential } = await gatherCast();

const READERS: Actor[] = ["owner", "admin", "user", "viewer", "key:team:read"];
const WRITERS: Actor[] = ["owner", "key:team:write"];
/** Ids of the demo people (supabase/seed.sql). */
const USER = 1, OWNER = 2, ADMIN = 3, VIEWER = 4, STRANGER = 5;

function statusFor(actor: Actor, allowed: Actor[], status: number): number {
  if (actor === "anonymous") return 401;
  return allowed.includes(actor) ? status : 403;
}

const memberships = () =>
  stack.database.query(
    "select organization_id, profile_id, role from public.memberships order by organization_id, profile_id",
  );

/** A new person in Demo, by the database; cast members stay as they are. */
async function newcomer(role: string): Promise<{ id: number; token: string }> {
  const email = `${crypto.randomUUID()}@example.com`;
  const registered = await callWith(undefined, "POST", "/api/register", {
    email,
    password: "a-good-password",
  });
  assert.equal(registered.status, 201);
  const id = registered.body.user.id;
  await stack.database.query(
    `with joined as (insert into public.memberships (organization_id, profile_id, role) values (1, $1, $2))
     update public.profiles set organization_id = 1 where id = $1`,
    [id, role],
  );
  return { id, token: registered.body.token };
}

for (const actor of EVERYBODY) {
  Deno.test(`${actor} lists the team`, async () => {
    const answer = await call(actor, "GET", "/v1/settings/team");
    assert.equal(answer.status, statusFor(actor, [...READERS, "stranger"], 200));
    if (answer.status === 403) assert.deepEqual(answer.body.details, { required: "team:read" });
    if (answer.status !== 200) return;
    assert.deepEqual(
      answer.body.data.map(({ id, role }: { id: number; role: string }) => [id, role]),
      actor === "stranger"
        ? [[STRANGER, "owner"]]
        : [[USER, "user"], [OWNER, "owner"], [ADMIN, "admin"], [VIEWER, "viewer"]],
    );
  });

  Deno.test(`${actor} changes a role and back`, async () => {
    const before = await memberships();
    for (const role of ["admin", "viewer"]) {
      const answer = await call(actor, "PUT", `/v1/settings/team/${VIEWER}`, { role });
      assert.equal(answer.status, statusFor(actor, WRITERS, 200));
      if (answer.status === 200) assert.deepEqual([answer.body.id, answer.body.role], [VIEWER, role]);
      // A stranger has the permission at home; the person is not theirs.
      else if (answer.status === 403) assert.deepEqual(answer.body.details, { required: "team:write" });
      else assert.deepEqual(await memberships(), before);
    }
    assert.deepEqual(await memberships(), before);
  });
}

Deno.test("removing is for owners and keys that may write the team; refusals change nothing", async () => {
  for (const actor of EVERYBODY) {
    const { id } = await newcomer("user");
    const before = await memberships();
    const answer = await call(actor, "DELETE", `/v1/settings/team/${id}`);
    assert.equal(answer.status, statusFor(actor, WRITERS, 204), actor);
    if (answer.status !== 204) assert.deepEqual(await memberships(), before, actor);
    await stack.database.query(
      "delete from auth.users u using public.profiles p where p.id = $1 and u.id = p.auth_user_id",
      [id],
    );
  }
});

Deno.test("anybody may leave by themselves, and finds themselves at home again", async () => {
  const { id, token } = await newcomer("viewer");
  assert.equal((await callWith(token, "GET", "/v1/auth/me")).body.organization.name, "Demo");
  assert.equal((await callWith(token, "DELETE", `/v1/settings/team/${id}`)).status, 204);
  const me = await callWith(token, "GET", "/v1/auth/me");
  assert.deepEqual([me.status, me.body.role], [200, "owner"]);
  assert.notEqual(me.body.organization.name, "Demo");
  assert.equal((await callWith(token, "PATCH", "/v1/auth/me", { full_name: "Still Myself" })).status, 200);
});

Deno.test("somebody in no organization any more may do nothing, but stays themselves", async () => {
  const { id, token } = await newcomer("viewer");
  await stack.database.query(
    "delete from public.organizations o using public.memberships m where m.profile_id = $1 and m.role = 'owner' and o.id = m.organization_id",
    [id],
  );
  assert.equal((await call("owner", "DELETE", `/v1/settings/team/${id}`)).status, 204);
  assert.equal((await callWith(token, "GET", "/v1/resources")).status, 403);
  assert.equal((await callWith(token, "GET", "/v1/settings/team")).status, 403);
  const renamed = await callWith(token, "PATCH", "/v1/auth/me", { full_name: "Alone" });
  assert.equal(renamed.status, 403, "there is no organization to show");
  const [row] = await stack.database.query(
    "select full_name, organization_id from public.profiles where id = $1",
    [id],
  );
  assert.deepEqual(row, { full_name: "Alone", organization_id: null });
});

Deno.test("the last owner can neither leave, be removed nor be demoted; a second owner can", async () => {
  const before = await memberships();
  for (const actor of ["owner", "key:team:write"] as const) {
    for (const role of ["admin", "user", "viewer"]) {
      assert.equal((await call(actor, "PUT", `/v1/settings/team/${OWNER}`, { role })).status, 422);
    }
    assert.equal((await call(actor, "DELETE", `/v1/settings/team/${OWNER}`)).status, 422);
  }
  assert.deepEqual(await memberships(), before);
  const { id } = await newcomer("owner");
  assert.equal((await call("owner", "PUT", `/v1/settings/team/${id}`, { role: "admin" })).status, 200);
  assert.equal((await call("owner", "DELETE", `/v1/settings/team/${id}`)).status, 204);
});

Deno.test("a role change and a removal bind on the next request of sessions and keys", async () => {
  const { id, token } = await newcomer("admin");
  const made = await callWith(token, "POST", "/v1/settings/api-keys", { name: "theirs" });
  assert.equal(made.status, 201);
  const key = made.body.key;
  const resource = { external_id: "team-test", name: "x", resource_type: "t", provider: "p" };
  assert.equal((await callWith(key, "POST", "/v1/resources", resource)).status, 201);

  await call("owner", "PUT", `/v1/settings/team/${id}`, { role: "viewer" });
  for (const held of [token, key]) {
    assert.equal((await callWith(held, "GET", "/v1/resources")).status, 200);
    assert.equal((await callWith(held, "POST", "/v1/resources", resource)).status, 403);
    assert.equal((await callWith(held, "GET", "/v1/settings/audit-log")).status, 403);
  }

  await call("owner", "DELETE", `/v1/settings/team/${id}`);
  assert.equal((await callWith(key, "GET", "/v1/resources")).status, 401);
  const theirs = await callWith(token, "GET", "/v1/resources");
  assert.deepEqual([theirs.status, theirs.body.data], [200, []], "their own organization, not Demo");
});

Deno.test("a key that may write but not read the team sees what it changes", async () => {
  const answer = await call("key:team:write", "PUT", `/v1/settings/team/${VIEWER}`, { role: "viewer" });
  assert.deepEqual([answer.status, answer.body.email], [200, "viewer@example.com"]);
  assert.equal((await call("key:team:write", "GET", "/v1/settings/team")).status, 403);
});

Deno.test("nobody, somebody else's person, and nobody at all are told apart", async () => {
  for (const [method, body] of [["PUT", { role: "user" }], ["DELETE", undefined]] as const) {
    assert.equal((await call("owner", method, `/v1/settings/team/${STRANGER}`, body)).status, 403);
    assert.equal((await call("stranger", method, `/v1/settings/team/${USER}`, body)).status, 403);
    assert.equal((await call("owner", method, "/v1/settings/team/999999", body)).status, 404);
    for (const id of ["0", "-1", "01", "1.5", "x", "1e3"]) {
      assert.equal((await call("owner", method, `/v1/settings/team/${id}`, body)).status, 400, id);
    }
  }
});

Deno.test("a role that is none, a missing one and a stray field are refused", async () => {
  const before = await memberships();
  for (
    const body of [
      {},
      { role: "root" },
      { role: null },
      { role: "Owner" },
      { role: "user", id: 1 },
      [],
      "user",
    ]
  ) {
    const answer = await call("owner", "PUT", `/v1/settings/team/${VIEWER}`, body);
    assert.deepEqual([answer.status, answer.body.code], [400, "VALIDATION_FAILED"], JSON.stringify(body));
  }
  assert.deepEqual(await memberships(), before);
});

Deno.test("straight at the Data API the same is refused", async () => {
  const before = await memberships();
  for (const actor of ["admin", "user", "viewer", "stranger"] as const) {
    const headers = {
      apikey: stack.publishableKey,
      authorization: `Bearer ${(await signIn(actor)).token}`,
      "content-type": "application/json",
    };
    const rest = (method: string, path: string, body?: unknown) =>
      fetch(`${stack.url}/rest/v1/${path}`, { method, headers, body: body ? JSON.stringify(body) : null });
    const answers = [
      await rest("PATCH", `memberships?profile_id=eq.${USER}`, { role: "owner" }),
      await rest("DELETE", `memberships?profile_id=eq.${VIEWER}&organization_id=eq.1`).then(
        async (answer) => {
          // A viewer may leave, and does so only when asked by name.
          if (actor === "viewer") {
            await stack.database.query("insert into public.memberships values (1, 4, 'viewer')");
          }
          return answer;
        },
      ),
      await rest("POST", "memberships", { organization_id: 1, profile_id: STRANGER, role: "owner" }),
      await rest("POST", "rpc/change_member_role", { p_profile_id: USER, p_role: "owner" }),
    ];
    for (const answer of answers) await answer.body?.cancel();
    assert.equal(answers[2]!.status, 403);
    const after = await memberships();
    assert.deepEqual(after.map((row) => ({ ...row })), before, actor);
  }
  // The viewer's sessions go on where they were.
  await stack.database.query("update public.profiles set organization_id = 1 where id = 4");
  assert.equal((await callWith(await credential("viewer"), "GET", "/v1/settings/team")).status, 200);
});
