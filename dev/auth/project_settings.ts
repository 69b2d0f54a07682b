/** Keys and secrets of one local project. They live beside the data they protect, so that stacks can share them. */
import { base64url } from "jose";
import type { Database } from "../database/database.ts";
import { makeSigningJwk, type PrivateJwk } from "./signing_keys.ts";

/** What stays the same over restarts, and for every process on one database. */
export interface Settings {
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
  signingJwk: PrivateJwk;
  /** The `iss` of access tokens: fixed by the first start, as a hosted project's is whatever its domain becomes. */
  issuer: string;
  apiKeyPepper: string;
}

/**
 * Reads the kept settings, making and keeping those that are missing. Call it inside `exclusively`.
 * @param issuer what `iss` becomes when this is the first start
 */
export async function keepSettings(database: Database, issuer: string): Promise<Settings> {
  const rows = await database.query<{ name: string; value: unknown }>("select name, value from dev.settings");
  const kept = Object.fromEntries(rows.map((row) => [row.name, row.value])) as Partial<Settings>;
  const settings: Settings = {
    publishableKey: kept.publishableKey ?? `sb_publishable_${randomText(24)}`,
    secretKey: kept.secretKey ?? `sb_secret_${randomText(24)}`,
    jwtSecret: kept.jwtSecret ?? randomText(48),
    signingJwk: kept.signingJwk ?? await makeSigningJwk(),
    issuer: kept.issuer ?? issuer,
    apiKeyPepper: kept.apiKeyPepper ?? randomText(32),
  };
  for (const [name, value] of Object.entries(settings)) {
    if (name in kept) continue;
    await database.query("insert into dev.settings (name, value) values ($1, $2::text::jsonb)", [
      name,
      JSON.stringify(value),
    ]);
  }
  return settings;
}

function randomText(bytes: number): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(bytes)));
}
