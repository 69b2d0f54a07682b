/** Guarantee: people see and end their own sessions, and nobody else's; a new password ends the others. */
import assert from "node:assert/strict";
import { emailOf, gatherCast, PASSWORD } from "./cast.ts";

const cast = await gatherCast();
const { call, callWith, stack } = cast;
const PATH = "/v1/auth/sessions";
const list = async (token: string) => (await callWith(token, "GET", PATH)).body;
const isAlive = async (token: string) => (await callWith(token, "GET", "/v1/auth/me")).status === 200;

Deno.test("the list tells where and when; one's own comes first", async () => {
  const { token } = await cast.signIn("user");
  const sessions = await list(token);
  const [current] = sessions;
  assert.equal(current.current, true);
  assert.deepEqual([current.ip, current.aal], ["127.0.0.1", "aal1"]);
  assert.match(current.user_agent, /Deno/);
  assert.equal(sessions.filter((session: { current: boolean }) => session.current).length, 1);
});

Deno.test("one ended is dead on its next request; the others live", async () => {
  const [here, there] = [(await cast.signIn("user")).token, (await cast.signIn("user")).token];
  const other = (await list(there))[0].id;
  assert.equal((await callWith(here, "DELETE", `${PATH}/${other}`)).status, 204);
  assert.equal((await callWith(there, "GET", "/v1/auth/me")).body.code, "SESSION_REVOKED");
  assert.ok(await isAlive(here));
  assert.equal((await callWith(here, "DELETE", `${PATH}/${other}`)).status, 404);
});

Deno.test("nobody ends another's; a key has none to look after", async () => {
  const { token } = await cast.signIn("viewer");
  const { id } = (await list(token))[0];
  assert.equal((await call("owner", "DELETE", `${PATH}/${id}`)).status, 404);
  assert.ok(await isAlive(token));
  for (const [method, path] of [["GET", PATH], ["DELETE", PATH], ["DELETE", `${PATH}/${id}`]] as const) {
    assert.equal((await call("key:team:write", method, path)).status, 403, `${method} ${path}`);
  }
  assert.equal((await callWith(token, "DELETE", `${PATH}/1`)).status, 400);
});

Deno.test("all others at once", async () => {
  const tokens = [(await cast.signIn("admin")).token, (await cast.signIn("admin")).token];
  const here = (await cast.signIn("admin")).token;
  assert.equal((await callWith(here, "DELETE", PATH)).status, 204);
  for (const token of tokens) assert.equal(await isAlive(token), false);
  assert.equal((await list(here)).length, 1);
});

Deno.test("a password changes for who knows the old one, and every other session ends", async () => {
  const other = (await cast.signIn("user")).token;
  const here = (await cast.signIn("user")).token;
  const change = (body: Record<string, unknown>) => callWith(here, "POST", "/v1/auth/password", body);
  const wrong = await change({ current_password: "wrong", password: "a new password" });
  assert.deepEqual([wrong.status, wrong.body.code], [401, "INVALID_CREDENTIALS"]);
  assert.equal((await change({ current_password: PASSWORD, password: "short" })).status, 400);
  const byKey = await call("key:resources:read", "POST", "/v1/auth/password", {
    current_password: PASSWORD,
    password: "a new password",
  });
  assert.equal(byKey.status, 403);
  assert.ok(await isAlive(other));

  assert.equal((await change({ current_password: PASSWORD, password: "a new password" })).status, 204);
  assert.deepEqual([await isAlive(here), await isAlive(other)], [true, false]);
  const login = (password: string) =>
    callWith(undefined, "POST", "/api/login", { email: emailOf("user"), password });
  assert.equal((await login(PASSWORD)).status, 401);
  assert.equal((await login("a new password")).status, 200);
  const [event] = await stack.database.query(
    "select actor_email from public.audit_events where action = 'password.changed'",
  );
  assert.deepEqual(event, { actor_email: emailOf("user") });
});
