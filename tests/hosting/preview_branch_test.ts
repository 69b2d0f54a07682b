/** A preview branch is made once, waited for, and deleted; a signing key is imported once; no token, no request. */
import assert from "node:assert/strict";
import { importSigningKey } from "../../scripts/import_signing_key.ts";
import { managementApi } from "../../scripts/management_api.ts";
import { closeBranch, openBranch } from "../../scripts/preview_branch.ts";

const PROJECT = "abcdefghijklmnopqrst";
const BRANCH = "bbbbbbbbbbbbbbbbbbbb";

Deno.test("branches and signing keys at the Management API", async (t) => {
  const branches = new Map<string, { id: string; project_ref: string; preview_project_status: string }>();
  const keys: { id: string; public_jwk: { x: string } }[] = [];
  const changes: string[] = [];
  let looks = 0;
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const name = pathname.split("/").at(-1)!;
    if (request.headers.get("authorization") !== "Bearer sbp_good") {
      return new Response("no", { status: 401 });
    }
    if (request.method !== "GET") changes.push(`${request.method} ${pathname}`);
    if (pathname.endsWith("/signing-keys")) {
      if (request.method === "GET") return Response.json({ keys });
      const { algorithm, status, private_jwk } = await request.json();
      assert.deepEqual([algorithm, status], ["ES256", "standby"]);
      keys.push({ id: private_jwk.kid, public_jwk: { x: private_jwk.x } });
      return Response.json({}, { status: 201 });
    }
    if (request.method === "POST") {
      const { branch_name } = await request.json();
      branches.set(branch_name, { id: "1", project_ref: BRANCH, preview_project_status: "COMING_UP" });
      return Response.json({}, { status: 201 });
    }
    if (request.method === "DELETE") {
      branches.clear();
      return Response.json({});
    }
    const branch = branches.get(name);
    looks += 1;
    if (!branch) return Response.json({ message: "Not found" }, { status: 404 });
    return Response.json({ ...branch, preview_project_status: looks > 3 ? "ACTIVE_HEALTHY" : "COMING_UP" });
  });
  const url = `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}`;
  const ask = managementApi({ SUPABASE_ACCESS_TOKEN: "sbp_good", SUPABASE_API_URL: url });

  await t.step("a branch is made, waited for, and found again", async () => {
    for (let run = 0; run < 2; run += 1) assert.equal(await openBranch(ask, PROJECT, "pr-7", 1), BRANCH);
    assert.deepEqual(changes, [`POST /v1/projects/${PROJECT}/branches`]);
  });

  await t.step("it is deleted; deleting none is no error", async () => {
    for (let run = 0; run < 2; run += 1) await closeBranch(ask, PROJECT, "pr-7");
    assert.deepEqual(changes.slice(1), ["DELETE /v1/branches/1"]);
  });

  await t.step("a signing key is imported once", async () => {
    const jwk = { kty: "EC", crv: "P-256", kid: "k", x: "x", y: "y", d: "d" };
    assert.deepEqual([await importSigningKey(ask, BRANCH, jwk), await importSigningKey(ask, BRANCH, jwk)], [
      true,
      false,
    ]);
    assert.equal(keys.length, 1);
  });

  await t.step("a wrong token is told, a missing one before any request", async () => {
    const wrong = managementApi({ SUPABASE_ACCESS_TOKEN: "sbp_wrong", SUPABASE_API_URL: url });
    await assert.rejects(openBranch(wrong, PROJECT, "pr-8", 1), /was answered with 401/);
    assert.throws(() => managementApi({}), /SUPABASE_ACCESS_TOKEN is missing/);
  });
});
