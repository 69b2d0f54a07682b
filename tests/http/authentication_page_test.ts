/** Guarantee: every call and every statement of the public Authentication page holds; only the host differs. */
import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { decodeProtectedHeader, importJWK, SignJWT } from "jose";
import { gatherCast } from "./cast.ts";
import { NO_SHARED_SECRET, ownStackTest } from "./given_stack.ts";

const { stack } = await gatherCast();
const SUPABASE_URL = stack.url;
const API = stack.url;

async function signInByApi(): Promise<{ user: unknown; token: string }> {
  const response = await fetch(`${API}/v1/api/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: "user@example.com", password: "your-password" }),
  });
  assert.equal(response.status, 200);
  return await response.json();
}

const resourcesWith = (credential: string) =>
  fetch(`${API}/v1/resources`, { headers: { Authorization: `Bearer ${credential}` } });

Deno.test("option 1: sign in via the Supabase client", async () => {
  const supabase = createClient(SUPABASE_URL, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const { data, error } = await supabase.auth.signInWithPassword({
    email: "user@example.com",
    password: "your-password",
  });
  assert.equal(error, null);
  const token = data.session!.access_token;
  const response = await resourcesWith(token);
  assert.equal(response.status, 200);
  await response.body?.cancel();
});

Deno.test("option 2: sign in via the InfraAudit API", async () => {
  const { user, token } = await signInByApi();
  assert.deepEqual(user, { id: 1, email: "user@example.com", role: "user" });
  assert.match(token, /^eyJ/);
  assert.equal(decodeProtectedHeader(token).alg, "ES256");
});

Deno.test("the token in requests", async () => {
  const response = await resourcesWith((await signInByApi()).token);
  assert.equal(response.status, 200);
  assert.ok(Array.isArray((await response.json()).data));
});

Deno.test("an API key: made with only a name, returned once, used like a session token", async () => {
  const { token } = await signInByApi();
  const response = await fetch(`${API}/v1/settings/api-keys`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "CI/CD Pipeline" }),
  });
  const made = await response.json();
  assert.equal(typeof made.id, "number");
  assert.equal(made.name, "CI/CD Pipeline");
  assert.match(made.key, /^ia_live_/);

  const use = await resourcesWith(made.key);
  assert.equal(use.status, 200);
  await use.body?.cancel();

  for (const path of ["", `/${made.id}`]) {
    const again = await fetch(`${API}/v1/settings/api-keys${path}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.ok(!(await again.text()).includes(made.key), "it can't be retrieved again");
  }
});

Deno.test("tokens are ES256, verified via JWKS at the documented address", async () => {
  const { token } = await signInByApi();
  const { alg, kid } = decodeProtectedHeader(token);
  const response = await fetch(`${SUPABASE_URL}/auth/v1/.well-known/jwks.json`);
  const { keys } = await response.json();
  const key = keys.find((key: { kid: string }) => key.kid === kid);
  assert.deepEqual([alg, key.kty, key.crv], ["ES256", "EC", "P-256"]);
  assert.equal(key.d, undefined);
  await importJWK(key, "ES256");
});

ownStackTest("tokens signed HS256 with SUPABASE_JWT_SECRET are accepted too", NO_SHARED_SECRET, async () => {
  const payload = JSON.parse(
    atob((await signInByApi()).token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/")),
  );
  const token = await new SignJWT(payload)
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(stack.jwtSecret));
  const response = await resourcesWith(token);
  assert.equal(response.status, 200);
  await response.body?.cancel();
});

Deno.test("the event stream takes the token as a query parameter", async () => {
  const { token } = await signInByApi();
  const stop = new AbortController();
  const response = await fetch(`${API}/api/ws/drifts?token=${token}`, { signal: stop.signal });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const { value } = await response.body!.pipeThrough(new TextDecoderStream()).getReader().read();
  assert.match(value!, /retry: 2000/);
  assert.match(value!, /"type":"connected"/);
  stop.abort();
});

Deno.test("401: no token, an expired one, an invalid one", async () => {
  const expired = await new SignJWT({
    role: "authenticated",
    aud: "authenticated",
    iss: stack.issuer,
    sub: crypto.randomUUID(),
    iat: 1,
    exp: 2,
  })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(stack.jwtSecret));
  const answers = await Promise.all([
    fetch(`${API}/v1/resources`),
    resourcesWith(expired),
    resourcesWith("eyJhbGciOi.x.y"),
  ]);
  for (const answer of answers) {
    assert.equal(answer.status, 401);
    await answer.body?.cancel();
  }
});

Deno.test("403: a valid token whose user lacks the permission for this resource", async () => {
  const { token } = await signInByApi();
  const response = await fetch(`${API}/v1/resources/5`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal(response.status, 403);
  assert.equal((await response.json()).code, "FORBIDDEN");
});
