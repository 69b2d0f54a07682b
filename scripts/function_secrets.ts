/** Prints the functions' own settings as an env file for `supabase secrets set`, checked as at their start. */
// deno-lint-ignore-file no-console
import { readEnv } from "../shared/config/env.ts";

/** What docs/configuration.md lists for a hosted project; the platform sets the rest itself. */
const OWN = [
  "KEY_SIGNING_JWK",
  "API_KEY_PEPPER",
  "API_KEY_PEPPER_VERSION",
  "API_KEY_PEPPER_PREVIOUS",
  "LEGACY_JWT_SECRET",
  "SENSITIVE_VALUES_KEY",
  "JOBS_SECRET",
  "KEY_ADMIN_MAX_AUTH_AGE_SECONDS",
  "PUBLIC_BASE_URL",
  "WEB_BASE_URL",
  "ALLOWED_ORIGINS",
  "TRUSTED_PROXY_HOPS",
  "PROXY_SECRET",
];

/**
 * The lines of an env file; what is not set or empty is left out.
 * @throws Error that names what is missing or wrong, without its value
 */
export function toEnvFile(variables: Record<string, string | undefined>): string {
  const own = OWN.filter((name) => variables[name]).map((name) => [name, variables[name]!] as const);
  readEnv({ ...Object.fromEntries(own), ...PLATFORM });
  return own.map(([name, value]) => {
    if (/['\n]/.test(value)) throw new Error(`${name} must be one line without a single quote.`);
    return `${name}='${value}'\n`;
  }).join("");
}

/** Stands for what the platform will set, so that only our own part is judged. */
const PLATFORM = {
  SUPABASE_URL: "https://project.supabase.co",
  SUPABASE_PUBLISHABLE_KEYS: '{"default":"set by the platform"}',
  SUPABASE_SECRET_KEYS: '{"default":"set by the platform"}',
};

if (import.meta.main) console.log(toEnvFile(Deno.env.toObject()).trimEnd());
