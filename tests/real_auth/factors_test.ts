/** Guarantee: second factors of a real Auth server, under its own role: our triggers and its hook refuse in words, never by a fault. */
import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { setUpApp, tokenOf } from "../http/authenticator_app.ts";
import { clientOf, signedIn } from "../stack/running_stack.ts";
import { callsOf } from "./auth_calls.ts";
import { IS_AUTH_REAL, realAuthTest, startAuthStack } from "./auth_stack.ts";

const stack = IS_AUTH_REAL ? await startAuthStack() : undefined!;
if (stack) Deno.test.afterAll(() => stack.stop());
const { call, login } = callsOf(() => stack);

realAuthTest(
  "every trigger of ours on Auth's tables runs with its maker's rights, and Auth's role is no superuser",
  async () => {
    const triggers = await stack.database.query<{ name: string; definer: boolean; path: string[] }>(
      `select t.tgname || ' on ' || t.tgrelid::regclass::text as name, p.prosecdef as definer, p.proconfig as path
     from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = 'auth'::regnamespace and not t.tgisinternal order by 1`,
    );
    assert.ok(triggers.length >= 5);
    for (const { name, definer, path } of triggers) {
      assert.deepEqual([definer, path], [true, ['search_path=""']], name);
    }
    const [role] = await stack.database.query<{ rolsuper: boolean; private: boolean; users: boolean }>(
      `select rolsuper, has_table_privilege(oid, 'public.profiles', 'select') as private,
       has_table_privilege(oid, 'auth.users', 'select') as users
     from pg_roles where rolname = 'supabase_auth_admin'`,
    );
    assert.deepEqual(role, { rolsuper: false, private: false, users: true });
  },
);

realAuthTest("enrol, verify, MFA_REQUIRED at aal1, remove: each is recorded", async () => {
  const owner = await signedIn(stack, "owner@example.com");
  const app = await setUpApp(owner, { stack });
  const strong = await tokenOf(owner);
  assert.equal(decodeJwt(strong).aal, "aal2");
  const weak = await tokenOf(await signedIn(stack, "owner@example.com"));
  assert.equal((await call(weak, "GET", "/v1/auth/me")).body.code, "MFA_REQUIRED");
  assert.equal((await call(weak, "GET", "/v1/auth/mfa")).status, 200);
  const removed = await call(strong, "DELETE", `/v1/auth/mfa/factors/${app.factorId}`);
  assert.equal(removed.status, 204, JSON.stringify(removed.body));
  const renewed = await tokenOf(await signedIn(stack, "owner@example.com"));
  const { body } = await call(renewed, "GET", "/v1/settings/audit-log?action=mfa");
  assert.deepEqual(body.data.map(({ action }: { action: string }) => action).sort(), [
    "mfa.enrolled",
    "mfa.removed",
  ]);
});

realAuthTest(
  "the last factor that an organization asks for stays, at Auth's own door too",
  async () => {
    const owner = await signedIn(stack, "owner@example.com");
    const { factorId } = await setUpApp(owner, { stack });
    const strong = await tokenOf(owner);
    const ruled = await call(strong, "PATCH", "/v1/settings/organization", { require_mfa: true });
    assert.equal(ruled.status, 200, JSON.stringify(ruled.body));
    const asked = await call(strong, "DELETE", `/v1/auth/mfa/factors/${factorId}`);
    assert.deepEqual([asked.status, asked.body.code], [422, "UNPROCESSABLE"]);
    const { error } = await owner.auth.mfa.unenroll({ factorId });
    // Auth has no words for what a trigger says: our own endpoint gives the reason.
    assert.equal(error?.status, 500);
    const admin = clientOf(stack, stack.secretKey).auth.admin;
    const userId = decodeJwt(strong).sub!;
    assert.equal((await admin.mfa.deleteFactor({ id: factorId, userId })).error?.status, 500);
    assert.equal((await call(strong, "GET", "/v1/auth/me")).status, 200, "nothing of it was done");
    // Deleting the person is no removal of a factor.
    const { data } = await admin.createUser({
      email: "gone@example.com",
      password: "a-password",
      email_confirm: true,
    });
    assert.equal((await admin.deleteUser(data.user!.id)).error, null);
    await call(strong, "PATCH", "/v1/settings/organization", { require_mfa: false });
    assert.equal((await call(strong, "DELETE", `/v1/auth/mfa/factors/${factorId}`)).status, 204);
  },
);

realAuthTest("a code counts once at Auth itself, and after five wrong ones none does", async () => {
  const admin = await signedIn(stack, "admin@example.com");
  const app = await setUpApp(admin, { stack });
  const again = await signedIn(stack, "admin@example.com");
  const verify = (code: string) => again.auth.mfa.challengeAndVerify({ factorId: app.factorId, code });
  const used = await verify(app.code());
  assert.deepEqual([used.error?.status, /used before/.test(used.error!.message)], [422, true]);
  assert.equal((await login("admin@example.com", undefined, app.code())).body.code, "INVALID_CREDENTIALS");
  const wrong = String((Number(await app.freshCode()) + 1) % 1_000_000).padStart(6, "0");
  for (let times = 0; times < 5; times++) {
    assert.equal((await verify(wrong)).error?.code, "mfa_verification_failed");
  }
  assert.equal((await verify(app.code())).error?.status, 429);
  assert.equal((await login("admin@example.com", undefined, app.code())).body.code, "RATE_LIMITED");
  await app.freshCode();
  assert.equal((await verify(app.code())).error, null);
  assert.equal(decodeJwt(await tokenOf(again)).aal, "aal2");
});

realAuthTest("a refreshed session keeps its level", async () => {
  const user = await signedIn(stack, "user@example.com");
  await setUpApp(user, { stack });
  const { data } = await user.auth.refreshSession();
  assert.equal(decodeJwt(data.session!.access_token).aal, "aal2");
  const { body } = await call(undefined, "POST", "/api/refresh", {
    refresh_token: data.session!.refresh_token,
  });
  assert.equal(decodeJwt(body.token).aal, "aal2");
});
