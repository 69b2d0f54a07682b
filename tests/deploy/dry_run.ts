/** A deploy uploads every function with all it needs and nothing else: the upload alone serves the API. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { startStack } from "../../dev/stack.ts";
import { findFunctions } from "../../scripts/configure_functions.ts";
import { HOSTED_DENO } from "../../scripts/hosted_deno.ts";
import { DEMO_PERSON, smoke } from "../e2e/smoke.ts";
import { startManagementApi } from "./fake_management_api.ts";
import { serveUploads, unpack } from "./hosted_runtime.ts";
import { deployTo } from "./supabase_deploy.ts";

/** The platform's limit for what is uploaded of one function. */
const MAX_UPLOAD_BYTES = 5 * 1024 * 1024;
/** All that functions are made of; tests, the web page, environment files and the lock file are not. */
const EXPECTED_FILE =
  /^(?:supabase\/functions\/(?:[a-z]+\/[a-z_/]+\.ts|import_map\.json)|shared\/[a-z_]+(?:\/[a-z_]+)+\.ts|shared\/drift\/facts\/[a-z_]+\.json|openapi\.json)$/;

Deno.test("supabase functions deploy", async (t) => {
  await using api = startManagementApi();
  const stack = await startStack({ port: 0, ephemeral: true, web: false });
  const folder = await Deno.makeTempDir({ prefix: "infraaudit-upload-" });
  try {
    const secrets = {
      KEY_SIGNING_JWK: JSON.stringify(stack.signingKey),
      API_KEY_PEPPER: randomBytes(32).toString("base64url"),
      AUTH_ISSUERS: stack.issuer,
    };
    await deployTo(api, secrets);

    await t.step("the secrets arrive unchanged", () => {
      assert.deepEqual(Object.fromEntries(api.secrets), secrets);
    });

    await t.step(
      "every function is uploaded and made live, and nothing unforeseen is asked for",
      async () => {
        const slugs = await findFunctions();
        assert.deepEqual(api.functions.map(({ slug }) => slug).sort(), slugs);
        assert.deepEqual(api.live.toSorted(), slugs);
        assert.deepEqual(api.unknown.filter((place) => place !== "GET "), []);
      },
    );

    for (const { slug, metadata, files } of api.functions) {
      await t.step(
        `${slug} has its entry point and import map, leaves tokens to us, and is small enough`,
        () => {
          assert.ok(files.has(metadata.entrypoint_path));
          assert.ok(files.has(metadata.import_map_path));
          assert.equal(metadata.verify_jwt, false);
          assert.deepEqual([...files.keys()].filter((path) => !EXPECTED_FILE.test(path)), []);
          const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
          assert.ok(bytes < MAX_UPLOAD_BYTES, `${bytes} bytes`);
        },
      );
    }

    await unpack(api.functions, folder);
    await t.step(`the uploaded files serve the API under Deno ${HOSTED_DENO}`, async (t) => {
      await using served = await serveUploads(folder, {
        SUPABASE_URL: stack.url,
        SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: stack.publishableKey }),
        SUPABASE_SECRET_KEYS: JSON.stringify({ default: stack.secretKey }),
        ...Object.fromEntries(api.secrets),
      });
      await smoke(t, { baseUrl: `${served.url}/functions/v1`, ...DEMO_PERSON });
    });
  } finally {
    await stack.stop();
    await Deno.remove(folder, { recursive: true });
  }
});
