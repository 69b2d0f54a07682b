/** supabase-js works against the local stack as it does against a hosted project. */
import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { clientOf, DEMO_PASSWORD, runStack, signedIn, tokenOf } from "./running_stack.ts";

Deno.test("supabase-js against the local stack", async (t) => {
  await using stack = await runStack();
  const user = "user@example.com";
  const sessions = () => stack.database.query("select id from auth.sessions order by id");

  await t.step("a password gives an ES256 token with every claim of a hosted project", async () => {
    const before = Math.floor(Date.now() / 1000);
    const client = await signedIn(stack, user);
    const claims = decodeJwt<Record<string, unknown>>(await tokenOf(client));
    const { iat, exp, sub, session_id, amr, ...others } = claims;
    assert.deepEqual(others, {
      iss: `${stack.url}/auth/v1`,
      aud: "authenticated",
      role: "authenticated",
      email: user,
      phone: "",
      app_metadata: { provider: "email", providers: ["email"] },
      user_metadata: { full_name: "Uma User", organization_name: "Demo" },
      aal: "aal1",
      is_anonymous: false,
    });
    assert.ok(iat! >= before && exp === iat! + 3600);
    assert.equal((await client.auth.getUser()).data.user?.id, sub);
    assert.deepEqual(amr, [{ method: "password", timestamp: iat }]);
    const [session] = await stack.database.query("select user_id from auth.sessions where id = $1", [
      session_id,
    ]);
    assert.equal(session?.user_id, sub);
    const verified = await client.auth.getClaims();
    assert.equal(verified.data?.header.alg, "ES256");
    assert.equal(verified.data?.claims.sub, sub);
  });

  await t.step("a wrong password is refused and leaves no session", async () => {
    const before = await sessions();
    const { error } = await clientOf(stack).auth.signInWithPassword({ email: user, password: "wrong" });
    assert.equal(error?.code, "invalid_credentials");
    assert.deepEqual(await sessions(), before);
  });

  await t.step("signing up gives a session and a person with an organization", async () => {
    const client = clientOf(stack);
    const { data, error } = await client.auth.signUp({
      email: "new@example.com",
      password: "a long password",
      options: { data: { full_name: "Nina New" } },
    });
    assert.equal(error, null);
    assert.equal(
      decodeJwt<{ user_metadata: { full_name: string } }>(data.session!.access_token).user_metadata.full_name,
      "Nina New",
    );
    const profiles = await client.from("profiles").select("email");
    assert.deepEqual(profiles.data, [{ email: "new@example.com" }]);
    const again = await clientOf(stack).auth.signUp({
      email: "new@example.com",
      password: "a long password",
    });
    assert.equal(again.error?.code, "user_already_exists");
  });

  await t.step(
    "a refreshed token keeps its session and its first sign-in; an old refresh token is refused",
    async () => {
      const client = await signedIn(stack, user);
      const first = (await client.auth.getSession()).data.session!;
      const { data, error } = await client.auth.refreshSession();
      assert.equal(error, null);
      const [before, after] = [decodeJwt(first.access_token), decodeJwt(data.session!.access_token)];
      assert.equal(after.session_id, before.session_id);
      assert.deepEqual(after.amr, before.amr);
      assert.notEqual(data.session!.refresh_token, first.refresh_token);
      await stack.database.query(
        "update auth.refresh_tokens set updated_at = now() - interval '1 minute', created_at = now() - interval '1 minute' where token = $1",
        [first.refresh_token],
      );
      await client.auth.refreshSession();
      const reused = await clientOf(stack).auth.refreshSession({ refresh_token: first.refresh_token });
      assert.equal(reused.error?.code, "refresh_token_already_used");
      const unknown = await clientOf(stack).auth.refreshSession({ refresh_token: "nonsense" });
      assert.notEqual(unknown.error, null);
    },
  );

  for (
    const [scope, own, other] of [["local", false, true], ["others", true, false], [
      "global",
      false,
      false,
    ]] as const
  ) {
    await t.step(`signing out (${scope}) ends the right sessions at once`, async () => {
      const [mine, elsewhere] = [await signedIn(stack, user), await signedIn(stack, user)];
      const tokens = [await tokenOf(mine), await tokenOf(elsewhere)];
      assert.equal((await mine.auth.signOut({ scope })).error, null);
      const alive = await Promise.all(tokens.map(async (token) => {
        const [row] = await stack.database.query("select from auth.sessions where id = $1", [
          decodeJwt(token).session_id,
        ]);
        const { data } = await clientOf(stack).auth.getUser(token);
        assert.equal(data.user !== null, row !== undefined);
        return row !== undefined;
      }));
      assert.deepEqual(alive, [own, other]);
    });
  }

  await t.step("a person changes the password, and only the new one works", async () => {
    const client = await signedIn(stack, "viewer@example.com");
    assert.equal((await client.auth.updateUser({ password: "another password" })).error, null);
    const old = await clientOf(stack).auth.signInWithPassword({
      email: "viewer@example.com",
      password: DEMO_PASSWORD,
    });
    assert.equal(old.error?.code, "invalid_credentials");
    const now = await clientOf(stack).auth.signInWithPassword({
      email: "viewer@example.com",
      password: "another password",
    });
    assert.equal(now.error, null);
  });

  await t.step("from() shows the person's own organization, and nothing to nobody", async () => {
    const own = await (await signedIn(stack, user)).from("resources").select("name").order("id");
    assert.ok(own.data!.length > 0);
    const strangers = await (await signedIn(stack, "stranger@example.com")).from("resources").select("name");
    assert.equal(strangers.data!.some(({ name }) => own.data!.some((row) => row.name === name)), false);
    const nobody = await clientOf(stack).from("resources").select("name");
    assert.equal(nobody.status, 401);
    assert.equal(nobody.error?.code, "42501");
  });
});
