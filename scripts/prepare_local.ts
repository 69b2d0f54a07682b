/** Makes the files that the Supabase CLI needs on one's own machine and that belong into no repository. */
import { randomBytes } from "node:crypto";
import { makeSigningJwk } from "../dev/auth/signing_keys.ts";

const SUPABASE = new URL("../supabase/", import.meta.url);
/** Stands for the hosted project where none is meant: the CLI reads no configuration without one. */
const NO_PROJECT = "a".repeat(20);

/**
 * Writes what is missing of `supabase/signing_keys.json` (a fresh ES256 key), `supabase/.env` and
 * `supabase/functions/.env` (a fresh pepper, the same signing key); leaves what is there.
 */
export async function prepareLocal(): Promise<void> {
  await writeNew("signing_keys.json", async () => JSON.stringify([await makeSigningJwk()], null, 2) + "\n");
  await writeNew(".env", () => `SUPABASE_PROJECT_ID=${NO_PROJECT}\n`);
  await writeNew("functions/.env", async () => {
    const [signingKey] = JSON.parse(await Deno.readTextFile(new URL("signing_keys.json", SUPABASE)));
    const example = await Deno.readTextFile(new URL("functions/.env.example", SUPABASE));
    return example
      .replace(/^KEY_SIGNING_JWK=.*$/m, `KEY_SIGNING_JWK='${JSON.stringify(signingKey)}'`)
      .replace(/^API_KEY_PEPPER=.*$/m, `API_KEY_PEPPER=${randomBytes(32).toString("base64url")}`);
  });
}

async function writeNew(name: string, content: () => string | Promise<string>): Promise<void> {
  const file = new URL(name, SUPABASE);
  const isThere = await Deno.stat(file).then(() => true, () => false);
  // Secrets: no other user of this machine may read them.
  if (!isThere) await Deno.writeTextFile(file, await content(), { createNew: true, mode: 0o600 });
}

if (import.meta.main) await prepareLocal();
