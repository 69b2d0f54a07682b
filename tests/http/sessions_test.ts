/** Guarantee: a person signs in, is known, changes themselves, refreshes and signs out, and a dead session is dead. */
import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { EVERYBODY, gatherCast, PASSWORD, PEOPLE } from "./cast.ts";

const { call, callWith, signIn, stack } = await gatherCast();

Deno.test("the page's person signs in with id 1 and role user", async () => {
  const answer = await call("anonymous", "POST", "/v1/api/login", {
    email: "user@example.com",
    password: PASSWORD,
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body.user, { id: 1, email: "user@example.com", role: "user" });
  assert.equal(answer.body.token_type, "bearer");
  assert.equal(answer.body.expires_at, decodeJwt(answer.body.token).exp);
  assert.ok(answer.body.refresh_token);
});

Deno.test("the email's case does not matter", async () => {
  const answer = await call("anonymous", "POST", "/api/login", {
    email: " User@Example.com ",
    password: PASSWORD,
  });
  assert.equal(answer.status, 200);
});

Deno.test("a wrong password and an unknown email get the same words, and no session", async () => {
  const before = await sessions();
  const wrong = await call("anonymous", "POST", "/api/login", {
    email: "user@example.com",
    password: "wrong",
  });
  const unknown = await call("anonymous", "POST", "/api/login", {
    email: "nobody@example.com",
    password: "wrong",
  });
  for (const answer of [wrong, unknown]) {
    assert.equal(answer.status, 401);
    assert.equal(answer.body.code, "INVALID_CREDENTIALS");
    assert.equal(answer.body.error, wrong.body.error);
  }
  assert.equal(await sessions(), before);
});

for (const person of PEOPLE) {
  Deno.test(`${person} is told who they are`, async () => {
    const { body, status } = await call(person, "GET", "/v1/auth/me");
    assert.equal(status, 200);
    assert.equal(body.email, `${person}@example.com`);
    assert.equal(body.role, person === "stranger" ? "owner" : person);
    assert.equal(body.organization.name, person === "stranger" ? "Elsewhere" : "Demo");
    const whoami = await call(person, "GET", "/v1/auth/whoami");
    assert.equal(whoami.body.type, "session");
    assert.deepEqual(whoami.body.permissions, body.permissions);
    assert.equal(whoami.body.api_key, undefined);
  });
}

for (const actor of EVERYBODY.filter((actor) => actor.startsWith("key:"))) {
  Deno.test(`${actor} is told what it is, and may not change its person`, async () => {
    const whoami = await call(actor, "GET", "/v1/auth/whoami");
    assert.equal(whoami.body.type, "api_key");
    assert.equal(whoami.body.api_key.name, actor);
    assert.deepEqual(whoami.body.permissions, [actor.slice(4)]);
    assert.equal((await call(actor, "GET", "/v1/auth/me")).body.email, "owner@example.com");
    const before = await stack.database.query("select * from public.profiles order by id");
    assert.equal((await call(actor, "PATCH", "/v1/auth/me", { full_name: "Changed" })).status, 403);
    assert.deepEqual(await stack.database.query("select * from public.profiles order by id"), before);
  });
}

Deno.test("nobody is told nothing", async () => {
  for (
    const [method, path] of [["GET", "/v1/auth/me"], ["PATCH", "/v1/auth/me"], [
      "GET",
      "/v1/auth/whoami",
    ]] as const
  ) {
    assert.equal((await call("anonymous", method, path)).status, 401);
  }
});

Deno.test("a person changes their name", async () => {
  const answer = await call("viewer", "PATCH", "/v1/auth/me", { full_name: " Vera V. " });
  assert.equal(answer.status, 200);
  assert.equal(answer.body.full_name, "Vera V.");
});

Deno.test("nobody switches to an organization that is not theirs", async () => {
  const answer = await call("viewer", "PATCH", "/v1/auth/me", { organization_id: 5 });
  assert.equal(answer.status, 403);
  assert.equal((await call("viewer", "GET", "/v1/auth/me")).body.organization.name, "Demo");
});

Deno.test("registering makes person, organization and owner membership at once", async () => {
  const made = await call("anonymous", "POST", "/api/register", {
    email: "new@example.com",
    password: "long-enough",
    full_name: "Nora New",
    organization_name: "New Works",
  });
  assert.equal(made.status, 201);
  assert.equal(made.body.user.role, "owner");
  const me = await callWith(made.body.token, "GET", "/v1/auth/me");
  assert.equal(me.body.full_name, "Nora New");
  assert.equal(me.body.organization.name, "New Works");
  const resources = await callWith(made.body.token, "GET", "/v1/resources");
  assert.deepEqual(resources.body.data, []);
});

Deno.test("a taken email is 409 and changes nothing", async () => {
  const before = await stack.database.query("select id, email from public.profiles order by id");
  const answer = await call("anonymous", "POST", "/api/register", {
    email: "user@example.com",
    password: "long-enough",
  });
  assert.equal(answer.status, 409);
  assert.deepEqual(await stack.database.query("select id, email from public.profiles order by id"), before);
});

Deno.test("a refresh token gives a new session once", async () => {
  const first = await signIn("admin");
  const second = await call("anonymous", "POST", "/api/refresh", { refresh_token: first.refresh_token });
  assert.equal(second.status, 200);
  assert.equal((await callWith(second.body.token, "GET", "/v1/auth/me")).status, 200);
  assert.notEqual(second.body.refresh_token, first.refresh_token);
  const reused = await call("anonymous", "POST", "/api/refresh", { refresh_token: first.refresh_token });
  assert.deepEqual([reused.status, reused.body.code], [401, "TOKEN_INVALID"]);
});

Deno.test("an unknown refresh token is 401", async () => {
  const answer = await call("anonymous", "POST", "/api/refresh", { refresh_token: "nothing-of-ours" });
  assert.equal(answer.status, 401);
  assert.equal(answer.body.code, "TOKEN_INVALID");
});

Deno.test("signing out kills this session at once and no other", async () => {
  const [here, there] = [await signIn("user"), await signIn("user")];
  assert.equal((await callWith(here.token, "POST", "/api/logout")).status, 204);
  const dead = await callWith(here.token, "GET", "/v1/auth/me");
  assert.deepEqual([dead.status, dead.body.code], [401, "SESSION_REVOKED"]);
  assert.equal((await callWith(there.token, "GET", "/v1/auth/me")).status, 200);
  assert.equal(
    (await call("anonymous", "POST", "/api/refresh", { refresh_token: here.refresh_token })).status,
    401,
  );
});

Deno.test("signing out everywhere kills every session of the person and nobody else's", async () => {
  const [here, there, other] = [await signIn("admin"), await signIn("admin"), await signIn("viewer")];
  assert.equal((await callWith(here.token, "POST", "/api/logout", { scope: "global" })).status, 204);
  for (const { token } of [here, there]) {
    assert.equal((await callWith(token, "GET", "/v1/auth/me")).status, 401);
  }
  assert.equal((await callWith(other.token, "GET", "/v1/auth/me")).status, 200);
});

Deno.test("a key has no session to end", async () => {
  const answer = await call("key:resources:read", "POST", "/api/logout");
  assert.equal(answer.status, 422);
  assert.equal((await call("key:resources:read", "GET", "/v1/resources")).status, 200);
});

async function sessions(): Promise<number> {
  return (await stack.database.query("select id from auth.sessions")).length;
}
