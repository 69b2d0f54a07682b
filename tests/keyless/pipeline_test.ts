/** Guarantee: a job of a trusted pipeline gets in without a key, finds drift, and is out when its policy ends. */
import assert from "node:assert/strict";
import { Home } from "../cli/infraudit_process.ts";
import { startKeyless } from "./keyless_stack.ts";

const { cast, issuer, organization, trust, trustNobody } = await startKeyless();
const { stack, call } = cast;

/** What GitHub's runner offers a job with `id-token: write`. */
const runner = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
  const url = new URL(request.url);
  if (request.headers.get("authorization") !== "bearer runner-token") {
    return new Response(null, { status: 401 });
  }
  return Response.json({ value: await issuer.token({ aud: url.searchParams.get("audience") }) });
});
Deno.test.afterAll(() => runner.shutdown());

const job = (env: Record<string, string> = {}) =>
  new Home({
    INFRAUDIT_SERVER_URL: stack.url,
    INFRAUDIT_ORGANIZATION: String(organization),
    GITHUB_ACTIONS: "true",
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${runner.addr.port}/token?api-version=2`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "runner-token",
    ...env,
  });

const bucket = (acl: string) =>
  JSON.stringify([{
    external_id: "arn:aws:s3:::pipeline",
    name: "pipeline",
    resource_type: "aws_s3_bucket",
    provider: "aws",
    configuration: { bucket: "pipeline", acl },
  }]);

Deno.test("a job signs in, imports, finds drift, fails, and is out once its policy is deleted", async () => {
  // The demo's own drifts are none of this job's.
  await stack.database.query("delete from public.drifts");
  const policy =
    (await trust({ scopes: ["resources:read", "resources:write", "drifts:read", "drifts:write"] })).body;
  await using home = job();
  const run = (args: string[], stdin?: string) => home.run(args, stdin === undefined ? {} : { stdin });
  const login = await run(["auth", "login", "--oidc"]);
  assert.equal(login.code, 0, login.stderr);
  assert.ok(!/ia_live_\w{10}_\w/.test(login.stdout + login.stderr), "no key is shown");
  const me = JSON.parse((await run(["auth", "whoami", "-o", "json"])).stdout);
  assert.equal(me.api_key.name, "Deploys of main: repo:acme/infra:ref:refs/heads/main");

  await Deno.writeTextFile(`${home.path}/state.json`, bucket("private"));
  assert.equal((await run(["resources", "import", "state.json"])).code, 0);
  assert.equal((await run(["check"])).code, 0);
  await Deno.writeTextFile(`${home.path}/state.json`, bucket("public-read"));
  assert.equal((await run(["resources", "import", "state.json"])).code, 0);
  const found = await run(["check", "-o", "json"]);
  assert.equal(found.code, 1, found.stderr);
  assert.equal(JSON.parse(found.stdout).findings[0].resource_name, "pipeline");

  assert.equal((await call("owner", "DELETE", `/v1/settings/trust-policies/${policy.id}`)).status, 204);
  const after = await run(["resources", "list"]);
  assert.equal(after.code, 4);
  assert.match(after.stderr, /API_KEY_REVOKED, HTTP 401/);
});

Deno.test("other pipelines hand their token over in a variable", async () => {
  await trustNobody();
  await trust();
  for (const name of ["INFRAUDIT_ID_TOKEN", "CIRCLE_OIDC_TOKEN_V2", "TFC_WORKLOAD_IDENTITY_TOKEN"]) {
    await using home = job({ [name]: await issuer.token() });
    const { code, stderr } = await home.run(["auth", "login", "--oidc"]);
    assert.equal(code, 0, `${name}: ${stderr}`);
  }
});

Deno.test("what is missing is named: the organization, the job's permission, the trust", async () => {
  await trustNobody();
  await using outside = new Home({ INFRAUDIT_SERVER_URL: stack.url, GITHUB_ACTIONS: "true" });
  const none = await outside.run(["auth", "login", "--oidc"]);
  assert.deepEqual([none.code, /--organization ID/.test(none.stderr)], [2, true]);
  const unpermitted = await outside.run(["auth", "login", "--oidc", "--organization", "1"]);
  assert.deepEqual([unpermitted.code, /id-token: write/.test(unpermitted.stderr)], [4, true]);
  await using home = job();
  const untrusted = await home.run(["auth", "login", "--oidc"]);
  assert.equal(untrusted.code, 1, untrusted.stderr);
  assert.match(untrusted.stderr, /No trust policy of this organization matches this job/);
  await assert.rejects(Deno.stat(home.configPath), Deno.errors.NotFound);
});

Deno.test("trust policies by the command: made from a preset, listed, ended after a yes", async () => {
  await trustNobody();
  await using home = new Home({
    INFRAUDIT_SERVER_URL: stack.url,
    INFRAUDIT_TOKEN: (await cast.credential("owner"))!,
  });
  const create = ["trust-policies", "create", "--name", "main", "--scope", "resources:write"];
  const made = await home.run([
    ...create,
    "--provider",
    "github",
    "--when",
    "repository=acme/infra",
    "--when",
    "ref=refs/heads/main",
    "-q",
  ]);
  assert.equal(made.code, 0, made.stderr);
  const id = made.stdout.trim();
  const [row] = JSON.parse((await home.run(["trust-policies", "list", "-o", "json"])).stdout);
  assert.deepEqual([String(row.id), row.issuer, row.conditions], [
    id,
    "https://token.actions.githubusercontent.com",
    { repository: "acme/infra", ref: "refs/heads/main" },
  ]);
  const update = (...args: string[]) => home.run(["trust-policies", "update", id, ...args]);
  const changed = await update("--when", "repository=acme/infra", "--max-seconds", "300", "-o", "json");
  assert.equal(changed.code, 0, changed.stderr);
  const now = JSON.parse(changed.stdout);
  assert.deepEqual([now.name, now.conditions, now.max_seconds, now.scopes], [
    "main",
    { repository: "acme/infra" },
    300,
    ["resources:write"],
  ]);
  assert.deepEqual([(await update()).code, (await update("--provider", "circleci")).code], [2, 2]);
  const wider = await update("--when", "ref=refs/heads/main");
  assert.deepEqual([wider.code, /whose job it is/.test(wider.stderr)], [1, true]);
  const loose = await home.run([...create, "--provider", "github", "--when", "ref=refs/heads/main"]);
  assert.deepEqual([loose.code, /whose job it is/.test(loose.stderr)], [1, true]);
  assert.equal((await home.run([...create, "--when", "a=b"])).code, 2);
  assert.equal(
    (await home.run(["trust-policies", "delete", id])).code,
    2,
    "without a terminal it needs --yes",
  );
  assert.equal((await home.run(["trust-policies", "delete", id, "--yes"])).code, 0);
  assert.equal(JSON.parse((await home.run(["trust-policies", "list", "-o", "json"])).stdout).length, 0);
});
