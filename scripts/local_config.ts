/** What `supabase start` needs otherwise than a hosted project: a copy of the configuration that no push reads. */
import { parse, stringify, type TomlTable } from "smol-toml";

/** Over the hosted values, member by member; what is `undefined` is left out. */
const LOCAL = {
  api: { port: 54321 },
  db: {
    port: 54322,
    shadow_port: 54320,
    // Demo people, for machines of one's own only.
    seed: { enabled: true, sql_paths: ["./seed.sql"] },
  },
  studio: { port: 54323 },
  // Mails of the local stack, to be read at this port.
  local_smtp: { enabled: true, port: 54324 },
  // Wakes event streams before their tick.
  realtime: { enabled: true },
  // Not used by this project: fewer containers to start.
  storage: { enabled: false },
  analytics: { enabled: false },
  auth: {
    site_url: "http://127.0.0.1:5173",
    additional_redirect_urls: ["http://127.0.0.1:54321"],
    // Its first key also mints the tokens of API keys.
    signing_keys_path: "./signing_keys.json",
    // So high that they stand in no one's way: the suites sign in often, and all from one address.
    rate_limit: {
      email_sent: 10000,
      token_refresh: 10000,
      sign_in_sign_ups: 10000,
      token_verifications: 10000,
    },
    email: { enable_confirmations: false, max_frequency: "1s", smtp: undefined },
  },
  edge_runtime: { enabled: true },
};

/**
 * The configuration of a stack on one's own machine, whose functions lie beside it.
 * @param hosted text of supabase/config.toml
 */
export function toLocalConfig(hosted: string): string {
  const config = merge(parse(hosted), LOCAL);
  const functions = Object.keys(config.functions as TomlTable).map((name) => [name, {
    verify_jwt: false,
    entrypoint: `./functions/${name}/index.js`,
    import_map: `./functions/${name}/deno.json`,
  }]);
  return "# Written by deno task local:prepare.\n" +
    stringify({ ...config, functions: Object.fromEntries(functions) });
}

function merge(base: TomlTable, over: object): TomlTable {
  const merged: TomlTable = { ...base };
  for (const [name, value] of Object.entries(over)) {
    if (value === undefined) delete merged[name];
    else merged[name] = isTable(value) ? merge((merged[name] ?? {}) as TomlTable, value) : value;
  }
  return merged;
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
