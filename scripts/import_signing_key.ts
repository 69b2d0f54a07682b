/** Makes a project publish KEY_SIGNING_JWK, as a standby key: import_signing_key.ts --remote=<ref>. */
// deno-lint-ignore-file no-console
import { ownSettings } from "./function_secrets.ts";
import { type AskManagement, managementApi } from "./management_api.ts";

interface SigningKey {
  readonly id: string;
  readonly public_jwk?: { readonly x?: string } | null;
}

/**
 * Imports the key where the project doesn't have it yet. The Data API accepts every key that a project publishes,
 * standby ones too.
 * @param jwk private ES256 JWK, as `supabase gen signing-key` prints it
 * @returns whether it was imported now
 */
export async function importSigningKey(
  ask: AskManagement,
  ref: string,
  jwk: Record<string, unknown>,
): Promise<boolean> {
  const place = `/v1/projects/${ref}/config/auth/signing-keys`;
  const { keys } = await ask("GET", place) as { keys: SigningKey[] };
  if (keys.some(({ id, public_jwk }) => id === jwk.kid || public_jwk?.x === jwk.x)) return false;
  await ask("POST", place, { algorithm: "ES256", status: "standby", private_jwk: jwk });
  return true;
}

if (import.meta.main) {
  try {
    const ref = /^--remote=([a-z]{20})$/.exec(Deno.args[0] ?? "")?.[1];
    if (!ref) throw new Error("Name the project: --remote=<ref>.");
    const jwk = JSON.parse(ownSettings(Deno.env.toObject()).get("KEY_SIGNING_JWK")!);
    const isNew = await importSigningKey(managementApi(Deno.env.toObject()), ref, jwk);
    console.log(isNew ? "imported as a standby key" : "it is there already");
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}
