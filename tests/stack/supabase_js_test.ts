/** supabase-js works against the local stack as it does against a hosted project. */
import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { decodeJwt } from "jose";
import { startStack } from "../../dev/stack.ts";

Deno.test("supabase-js against the local stack", async (t) => {
  await using stack = await started();
  const client = (key = stack.publishableKey) =>
    createClient(stack.url, key, { auth: { persistSession: false, autoRefreshToken: false } });
  const demo = { email: "user@example.com", password: "your-password" };

  await t.step("a password gives an ES256 token with every claim of a hosted project", async () => {
    const supabase = client();
    const { data, error } = await supabase.auth.signInWithPassword(demo);
    assert.equal(error, null);
    const claims = decodeJwt(data.session!.access_token);
    assert.deepEqual(Object.keys(claims).sort(), [
      "aal",
      "amr",
      "app_metadata",
      "aud",
      "email",
      "exp",
      "iat",
      "is_anonymous",
      "iss",
      "phone",
      "role",
      "session_id",
      "sub",
      "user_metadata",
    ]);
    assert.equal(claims.iss, `${stack.url}/auth/v1`);
    assert.equal(claims.aud, "authenticated");
    assert.equal(claims.role, "authenticated");
    assert.equal(claims.aal, "aal1");
    assert.deepEqual(claims.app_metadata, { provider: "email", providers: ["email"] });
    assert.equal(claims.exp! - claims.iat!, 3600);
    assert.equal(data.user?.id, claims.sub);
    const verified = await supabase.auth.getClaims();
    assert.equal(verified.data?.header.alg, "ES256");
    assert.equal(verified.data?.claims.sub, claims.sub);
  });

  await t.step("a wrong password is refused and leaves no session", async () => {
    const before = await stack.database.query("select id from auth.sessions");
    const { error } = await client().auth.signInWithPassword({ ...demo, password: "wrong" });
    assert.equal(error?.code, "invalid_credentials");
    assert.deepEqual(await stack.database.query("select id from auth.sessions"), before);
  });

  await t.step("signing out ends the session at once", async () => {
    const supabase = client();
    const { data } = await supabase.auth.signInWithPassword(demo);
    const token = data.session!.access_token;
    assert.equal((await client().auth.getUser(token)).data.user?.email, demo.email);
    assert.equal((await supabase.auth.signOut({ scope: "local" })).error, null);
    assert.notEqual((await client().auth.getUser(token)).error, null);
  });
});

async function started() {
  const stack = await startStack({ port: 0, ephemeral: true });
  return Object.assign(stack, { [Symbol.asyncDispose]: () => stack.stop() });
}
