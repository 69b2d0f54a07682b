/** Makes the folder that `supabase start` works in on one's own machine; nothing of it belongs into the repository. */
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { makeSigningJwk } from "../dev/auth/signing_keys.ts";
import { bundleFunctions } from "./bundle_functions.ts";
import { toLocalConfig } from "./local_config.ts";

const HOSTED = new URL("../supabase/", import.meta.url);
/** Named to the CLI as `--workdir`. */
export const LOCAL_WORKDIR = fileURLToPath(new URL("../.infraaudit/docker", import.meta.url));

/**
 * Fills `<workdir>/supabase`: configuration, migrations, seed and the bundled functions anew each time;
 * `signing_keys.json` (a fresh ES256 key) and `functions/.env` (a fresh pepper, the same signing key) once.
 */
export async function prepareLocal(workdir = LOCAL_WORKDIR): Promise<void> {
  const local = `${workdir}/supabase`;
  await bundleFunctions(`${local}/functions`);
  await Deno.writeTextFile(
    `${local}/config.toml`,
    toLocalConfig(await Deno.readTextFile(new URL("config.toml", HOSTED))),
  );
  await Deno.copyFile(new URL("seed.sql", HOSTED), `${local}/seed.sql`);
  await Deno.remove(`${local}/migrations`, { recursive: true }).catch(() => {});
  await Deno.mkdir(`${local}/migrations`);
  for await (const { name } of Deno.readDir(new URL("migrations/", HOSTED))) {
    await Deno.copyFile(new URL(`migrations/${name}`, HOSTED), `${local}/migrations/${name}`);
  }
  await writeNew(
    `${local}/signing_keys.json`,
    async () => JSON.stringify([await makeSigningJwk()], null, 2) + "\n",
  );
  await writeNew(`${local}/functions/.env`, () => makeSettings(`${local}/signing_keys.json`));
}

async function makeSettings(signingKeys: string): Promise<string> {
  const [signingKey] = JSON.parse(await Deno.readTextFile(signingKeys));
  const example = await Deno.readTextFile(new URL("functions/.env.example", HOSTED));
  return example
    .replace(/^KEY_SIGNING_JWK=.*$/m, `KEY_SIGNING_JWK='${JSON.stringify(signingKey)}'`)
    .replace(/^API_KEY_PEPPER=.*$/m, `API_KEY_PEPPER=${randomBytes(32).toString("base64url")}`);
}

async function writeNew(file: string, content: () => string | Promise<string>): Promise<void> {
  const isThere = await Deno.stat(file).then(() => true, () => false);
  // Secrets: no other user of this machine may read them.
  if (!isThere) await Deno.writeTextFile(file, await content(), { createNew: true, mode: 0o600 });
}

if (import.meta.main) await prepareLocal();
