/** One value for each setting, by precedence: flag, environment, file, default. */
import { resolve } from "node:path";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { DEFAULT_PROFILE, DEFAULT_SERVER_URL, type Output, OUTPUTS } from "../words.ts";
import { loadConfig, type LoadedConfig } from "./config_file.ts";
import { defaultConfigPath } from "./config_path.ts";
import { describeFault, type Profile, ProfileName, ServerUrl } from "./config_schema.ts";

const DEFAULT_OUTPUT: Output = "table";

/** The global flags, as parsed. */
export interface GlobalFlags {
  config?: string;
  profile?: string;
  server?: string;
  output?: string;
  quiet?: boolean;
  color?: boolean;
  debug?: boolean;
  pager?: boolean;
  /** Seconds for the whole command. */
  timeout?: number;
  /** Fields to print as JSON. */
  json?: string[];
  jq?: string;
  template?: string;
}

/** Environment variables; a set but empty one counts as absent. */
export type Environment = Record<string, string | undefined>;

export type Source = "flag" | "environment" | "file" | "default";

/** All settings of one run. */
export interface Settings {
  serverUrl: string;
  serverUrlSource: Source;
  /** The web page of the same server. */
  webUrl: string;
  webUrlSource: Source;
  output: Output;
  outputSource: Source;
  profileName: string;
  /** False for a named profile that the file does not hold. */
  isProfileKnown: boolean;
  profile: Profile;
  config: LoadedConfig;
}

/**
 * Resolves the settings.
 * @throws CliFailure for a value that can't be used, naming where it came from
 */
export async function resolveSettings(flags: GlobalFlags, env: Environment): Promise<Settings> {
  const path = resolve(flags.config || env.INFRAUDIT_CONFIG || defaultConfigPath(env));
  const config = await loadConfig(path);
  const profileName = checkProfileName(
    flags.profile || env.INFRAUDIT_PROFILE || config.content.current_profile || DEFAULT_PROFILE,
  );
  const found = profileOf(config, profileName);
  const profile = found ?? {};
  const server = pick(
    "--server",
    flags.server,
    env,
    "INFRAUDIT_SERVER_URL",
    profile.server_url,
    DEFAULT_SERVER_URL,
  );
  const web = pick("--web-url", undefined, env, "INFRAUDIT_WEB_URL", profile.web_url, server.value);
  const output = pick("--output", flags.output, env, "INFRAUDIT_OUTPUT", profile.output, DEFAULT_OUTPUT);
  return {
    serverUrl: checkServerUrl(server.value, server.name),
    serverUrlSource: server.source,
    webUrl: checkServerUrl(web.value, web.name),
    webUrlSource: web.source,
    output: checkOutput(output.value, output.name),
    outputSource: output.source,
    profileName,
    isProfileKnown: found !== undefined,
    profile,
    config,
  };
}

/** A profile's content, or `undefined` where the file has none of that name. */
export function profileOf(config: LoadedConfig, name: string): Profile | undefined {
  if (name === DEFAULT_PROFILE) return config.content;
  return config.content.profiles?.[name];
}

/** A server URL without its last slash. Throws CliFailure when it is none. */
export function checkServerUrl(value: string, name: string): string {
  const result = ServerUrl.safeParse(value);
  if (result.success) return result.data;
  throw new CliFailure(EXIT.USAGE, `${name} ${describeFault(result.error)}; it is "${value}".`);
}

/** An output format. Throws CliFailure when it is none. */
export function checkOutput(value: string, name: string): Output {
  const known = OUTPUTS.find((output) => output === value);
  if (known) return known;
  throw new CliFailure(EXIT.USAGE, `${name} must be one of ${OUTPUTS.join(", ")}; it is "${value}".`);
}

function checkProfileName(name: string): string {
  const result = ProfileName.safeParse(name);
  if (result.success) return result.data;
  throw new CliFailure(EXIT.USAGE, `--profile ${describeFault(result.error)}.`);
}

function pick(
  flagName: string,
  flag: string | undefined,
  env: Environment,
  variable: string,
  stored: string | undefined,
  preset: string,
): { value: string; source: Source; name: string } {
  if (flag) return { value: flag, source: "flag", name: flagName };
  if (env[variable]) return { value: env[variable], source: "environment", name: variable };
  if (stored) return { value: stored, source: "file", name: "the configuration file's value" };
  return { value: preset, source: "default", name: "the default" };
}
