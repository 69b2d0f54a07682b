/** Where a deployment asks for it, a session needs a recent sign-in to make, rotate or widen keys — in Postgres. */
import assert from "node:assert/strict";
import { decodeJwt, importJWK, SignJWT } from "jose";
import type { Answer } from "../http/cast.ts";
import { makeKey, outcome, signIn, startedIsolate, startedStack } from "./api_calls.ts";

Deno.test("a recent sign-in for key administration", async (t) => {
  await using stack = await startedStack();
  const free = await startedIsolate(stack);
  const fresh = await signIn(free, "user");
  /** The same session with another `amr`, as the Auth server would sign it. */
  const withAmr = async (amr: unknown) => {
    const { kid } = stack.signingKey;
    return await new SignJWT({ ...decodeJwt(fresh), amr })
      .setProtectedHeader({ alg: "ES256", kid, typ: "JWT" })
      .sign(await importJWK(stack.signingKey, "ES256"));
  };
  const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;
  const stale = await withAmr([{ method: "password", timestamp: ago(301) }]);

  const key = await makeKey(free, fresh, { scopes: ["resources:read"], allowed_ips: ["192.0.2.1"] });
  await t.step("off by default: an old sign-in is enough", async () => {
    assert.equal(
      outcome(await free("POST", "/settings/api-keys", { credential: stale, body: { name: "x" } })),
      "201",
    );
  });

  const asking = await startedIsolate(stack, { KEY_ADMIN_MAX_AUTH_AGE_SECONDS: "300" });
  const make = (credential: string) =>
    asking("POST", "/settings/api-keys", { credential, body: { name: "x" } });
  const rotate = (credential: string) =>
    asking("POST", `/settings/api-keys/${key.id}/rotate`, { credential });
  const patch = (credential: string, body: unknown) =>
    asking("PATCH", `/settings/api-keys/${key.id}`, { credential, body });

  await t.step(
    "a stale session may read, rename, narrow and revoke, but not make, rotate or widen",
    async () => {
      const refused = "403 REAUTHENTICATION_REQUIRED";
      const rows: [string, () => Promise<Answer>, string][] = [
        ["make", () => make(stale), refused],
        ["rotate", () => rotate(stale), refused],
        ["more scopes", () => patch(stale, { scopes: ["resources:read", "drifts:read"] }), refused],
        ["more addresses", () => patch(stale, { allowed_ips: ["192.0.2.0/24"] }), refused],
        ["rename", () => patch(stale, { name: "renamed" }), "200"],
        ["narrow", () => patch(stale, { rate_limit: 5 }), "200"],
        ["raise the limit", () => patch(stale, { rate_limit: 6 }), refused],
        ["list", () => asking("GET", "/settings/api-keys", { credential: stale }), "200"],
      ];
      for (const [name, ask, expected] of rows) assert.equal(outcome(await ask()), expected, name);
      const { body: row } = await asking("GET", `/settings/api-keys/${key.id}`, { credential: stale });
      assert.deepEqual([row.scopes, row.allowed_ips, row.rate_limit, row.replaced_by], [
        ["resources:read"],
        ["192.0.2.1"],
        5,
        null,
      ]);
    },
  );

  await t.step("the Data API asks the same of the same token", async () => {
    const rest = async (token: string) => {
      const response = await fetch(`${stack.url}/rest/v1/rpc/create_api_key`, {
        method: "POST",
        headers: {
          apikey: stack.publishableKey,
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({
          p_name: "x",
          p_prefix: `ia_live_${token.slice(-10).replace(/[-_]/g, "0")}`,
          p_hashes: {},
        }),
      });
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await rest(stale), 403);
    assert.equal(await rest(fresh), 200);
  });

  await t.step("the newest proof counts; a token that tells none is refused", async () => {
    const rows: [string, unknown, string][] = [
      ["within", [{ method: "password", timestamp: ago(290) }], "201"],
      ["an old password, a new code", [{ method: "password", timestamp: ago(9000) }, {
        method: "totp",
        timestamp: ago(10),
      }], "201"],
      ["empty", [], "403 REAUTHENTICATION_REQUIRED"],
      ["absent", undefined, "403 REAUTHENTICATION_REQUIRED"],
      ["words only", ["password"], "403 REAUTHENTICATION_REQUIRED"],
      ["no list", { timestamp: ago(1) }, "403 REAUTHENTICATION_REQUIRED"],
      ["no number", [{ method: "password", timestamp: "now" }], "403 REAUTHENTICATION_REQUIRED"],
    ];
    for (const [name, amr, expected] of rows) {
      assert.equal(outcome(await make(await withAmr(amr))), expected, name);
    }
  });

  await t.step("a key that may make keys is asked for nothing", async () => {
    const maker = await makeKey(asking, fresh, { scopes: ["api_keys:write", "resources:read"] });
    const answer = await asking("POST", "/settings/api-keys", {
      credential: maker.key,
      body: { name: "made", scopes: ["resources:read"] },
    });
    assert.equal(outcome(answer), "201");
  });
});
