/** A deploy uploads one small bundle for every function, sets and removes secrets, and the upload alone serves the API. */
// deno-lint-ignore-file no-console
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { startStack } from "../../dev/stack.ts";
import { bundleFunctions, BUNDLES } from "../../scripts/bundle_functions.ts";
import { findFunctions } from "../../scripts/configure_functions.ts";
import { findHostedDeno, HOSTED_DENO } from "../../scripts/hosted_deno.ts";
import { readStack } from "../../scripts/read_stack.ts";
import { DEMO_PERSON, smoke } from "../e2e/smoke.ts";
import { startManagementApi } from "./fake_management_api.ts";
import { measureBytes, serveUploads, unpack } from "./hosted_runtime.ts";
import { Deployer } from "./supabase_deploy.ts";

/** What we allow of the platform's 5 MB, counted as its page on bundle sizes counts: by `deno info`. */
const MAX_BYTES = 2_000_000;
const DEPLOY = ["functions", "deploy", "--use-api", "--prune"];

Deno.test("supabase functions deploy", async (t) => {
  await using api = startManagementApi();
  await using deployer = await Deployer.to(api);
  const stack = await startStack({ port: 0, ephemeral: true, web: false });
  const folder = await Deno.makeTempDir({ prefix: "infraaudit-upload-" });
  const slugs = await findFunctions();
  const settings = {
    KEY_SIGNING_JWK: JSON.stringify(stack.signingKey),
    API_KEY_PEPPER: randomBytes(32).toString("base64url"),
    AUTH_ISSUERS: stack.issuer,
  };
  try {
    await t.step("a missing or wrong setting stops it before anything changes, and is named", async () => {
      const wrong = { ...settings, API_KEY_PEPPER: "", PROXY_SECRET: "short-and-secret" };
      for (const task of ["secrets:check", "secrets:set"]) {
        const { code, talk } = await deployer.task(task, wrong);
        assert.equal(code, 1, talk);
        assert.match(talk, /API_KEY_PEPPER is missing; PROXY_SECRET must be at least 32 characters/);
        assert.doesNotMatch(talk, /short-and-secret/);
      }
      assert.deepEqual(api.changes, []);
    });

    await t.step("settings arrive unchanged; of ours, those that are absent are removed", async () => {
      for (const name of ["API_KEY_PEPPER_PREVIOUS", "LEGACY_JWT_SECRET", "SOMEBODY_ELSES"]) {
        api.secrets.set(name, "from before");
      }
      const { code, talk } = await deployer.task("secrets:set", {
        ...settings,
        ENVIRONMENT_VARIABLES: JSON.stringify({ RATE_LIMIT_REGISTRATIONS_PER_HOUR: "7", SMOKE_NOTE: "x" }),
      });
      assert.equal(code, 0, talk);
      assert.deepEqual(Object.fromEntries(api.secrets), {
        ...settings,
        RATE_LIMIT_REGISTRATIONS_PER_HOUR: "7",
        SOMEBODY_ELSES: "from before",
      });
      for (const value of Object.values(settings)) assert.ok(!talk.includes(value));
    });

    await t.step("a deploy that broke off in its middle is finished by another", async () => {
      api.live.add("left_over");
      api.broken.add("POST /functions/deploy?slug=drifts");
      await bundleFunctions();
      const half = await deployer.supabase(...DEPLOY);
      assert.equal(half.code, 1, half.talk);
      const whole = await deployer.supabase(...DEPLOY);
      assert.equal(whole.code, 0, whole.talk);
      assert.deepEqual([...api.functions.keys()].sort(), slugs);
      // What is no longer in the repository is gone from the project.
      assert.deepEqual([...api.live].sort(), slugs);
      assert.deepEqual(api.unknown.filter((place) => place !== "GET "), []);
    });

    await unpack(api.functions.values(), folder);
    await t.step("each is one small file that leaves tokens to us", async () => {
      for (const { slug, metadata, files } of api.functions.values()) {
        const index = `dist/functions/${slug}/index.js`;
        assert.deepEqual([...files.keys()].sort(), [`dist/functions/${slug}/deno.json`, index]);
        assert.ok(metadata.entrypoint_path.endsWith(index));
        assert.equal(metadata.verify_jwt, false);
        const bytes = await measureBytes(`${folder}/${slug}/${metadata.entrypoint_path}`);
        console.log(`${slug.padEnd(12)} ${(bytes / 1e6).toFixed(2)} MB`);
        assert.ok(bytes <= MAX_BYTES, `${slug}: ${bytes} bytes`);
      }
    });

    await t.step("a stack trace of a bundle can be read as one of the sources", async () => {
      const trace = await failToStart(`${folder}/health/dist/functions/health/index.js`);
      assert.match(trace, /at .*readEnv.*health\/index\.js:\d+:\d+/);
      const read = await readStack(trace, `${BUNDLES}/maps`);
      const [, line] = /readEnv \(shared\/config\/env\.ts:(\d+):\d+\)/.exec(read) ?? assert.fail(read);
      const source = (await Deno.readTextFile("shared/config/env.ts")).split("\n")[Number(line) - 1];
      assert.match(source!, /throw new Error\(`The environment is not complete/);
    });

    await t.step(`the uploaded files serve the API under Deno ${HOSTED_DENO}`, async (t) => {
      await using served = await serveUploads(folder, {
        SUPABASE_URL: stack.url,
        SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: stack.publishableKey }),
        SUPABASE_SECRET_KEYS: JSON.stringify({ default: stack.secretKey }),
        // As docs/deploying.md names it for a project without a proxy.
        PUBLIC_BASE_URL: `${stack.url}/functions`,
        ...Object.fromEntries(api.secrets),
      });
      await smoke(t, { baseUrl: `${served.url}/functions/v1`, ...DEMO_PERSON });
      await t.step("without a proxy it names the one address that there is", async () => {
        const { servers } = await (await fetch(`${served.url}/functions/v1/openapi`)).json();
        assert.deepEqual(servers.map(({ url }: { url: string }) => url), [`${stack.url}/functions/v1`]);
      });
    });
  } finally {
    await stack.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

/** What it says when its environment is empty. */
async function failToStart(index: string): Promise<string> {
  const { success, stderr } = await new Deno.Command(await findHostedDeno(), {
    args: ["run", "--no-config", "--no-lock", "--allow-env", index],
    clearEnv: true,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  assert.ok(!success);
  return new TextDecoder().decode(stderr);
}
