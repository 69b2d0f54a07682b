/** On a real PostgreSQL (TEST_DATABASE_URL): the HTTP suites run on a stack that they did not start, as in CI. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { startStack } from "../../dev/stack.ts";
import { freshDatabase, postgresTest } from "../real_postgres.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** One that signs tokens itself and one that writes: the others need nothing more of the stack. */
const SUITES = ["credentials_test.ts", "resources_test.ts"];

for (const suite of SUITES) {
  postgresTest(`${suite} passes on a given stack`, async (_t, serverUrl) => {
    await using database = await freshDatabase(serverUrl);
    const stack = await startStack({ port: 0, databaseUrl: database.url, web: false, rateLimits: false });
    const keysFile = await Deno.makeTempFile({ suffix: ".json" });
    try {
      await Deno.writeTextFile(keysFile, JSON.stringify([stack.signingKey]));
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["test", "-A", "--no-check", `tests/http/${suite}`],
        cwd: ROOT,
        env: {
          NO_COLOR: "1",
          TEST_SUPABASE_URL: stack.url,
          TEST_SUPABASE_DB_URL: database.url,
          TEST_SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
          TEST_SUPABASE_SECRET_KEY: stack.secretKey,
          TEST_SUPABASE_SIGNING_KEYS_FILE: keysFile,
        },
      }).output();
      const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert.ok(success, output);
      assert.match(output, /ok \| \d+ passed/);
    } finally {
      await Deno.remove(keysFile);
      await stack.stop();
    }
  });
}
