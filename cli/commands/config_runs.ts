/** What the commands of `infraudit config` do. */
import type { App } from "../app.ts";
import { changeConfig, keyPath } from "../config/config_file.ts";
import { checkOutput, checkServerUrl, profileOf, type Settings } from "../config/settings.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printDone, printRaw, printRecord } from "../output/print.ts";
import { askText } from "../terminal/prompt.ts";
import { DEFAULT_SERVER_URL, OUTPUTS } from "../words.ts";
import { orList } from "./arguments.ts";
import { CONFIG_KEYS, type ConfigKey } from "./config.ts";

/** Writes the settings in effect into the file, asking for them where somebody can be asked. */
export async function runConfigInit(app: App): Promise<void> {
  const settings = await app.settings();
  const { terminal, flags } = app;
  const server = flags.server || !terminal.canAsk
    ? settings.serverUrl
    : await askText(terminal, "--server", "Server URL", settings.serverUrl);
  const output = flags.output || !terminal.canAsk
    ? settings.output
    : await askText(terminal, "--output", `Output (${OUTPUTS.join(", ")})`, settings.output);
  const values = {
    server_url: checkServerUrl(server, "The server"),
    output: checkOutput(output, "The output"),
  };
  await changeConfig(settings.config.path, ({ document }) => {
    for (const [key, value] of Object.entries(values)) {
      document.setIn(keyPath(settings.profileName, key), value);
    }
  });
  await printDone(
    app,
    { config: settings.config.path, ...values },
    `Wrote ${settings.config.path}.\n  next: infraudit login`,
  );
}

/** Stores one value in the profile. */
export async function runConfigSet(app: App, name: string, value: string): Promise<void> {
  const key = toKey(name);
  const checked = key === "output" ? checkOutput(value, key) : checkServerUrl(value, key);
  const { config, profileName } = await app.settings();
  await changeConfig(config.path, ({ document }) => document.setIn(keyPath(profileName, key), checked));
  await printDone(app, { [key]: checked }, `${key} is now ${checked} in ${config.path}.`, checked);
}

/** Removes one value from the profile; what was not there is no fault. */
export async function runConfigUnset(app: App, name: string): Promise<void> {
  const key = toKey(name);
  const { config, profileName } = await app.settings();
  const isThere = profileOf(config, profileName)?.[key] !== undefined;
  if (isThere) {
    await changeConfig(config.path, ({ document }) => {
      document.deleteIn(keyPath(profileName, key));
    });
  }
  const said = isThere
    ? `${key} is no longer set in ${config.path}.`
    : `${key} was not set in ${config.path}.`;
  await printDone(app, { key, unset: isThere }, said);
}

/** Prints one value alone. */
export async function runConfigGet(app: App, name: string): Promise<void> {
  const key = toKey(name);
  const { value } = valuesOf(await app.settings())[key];
  if (await printRaw(app, { [key]: value })) return;
  await app.terminal.data(`${value}\n`);
}

/** Prints all settings with their sources; credentials are only mentioned. */
export async function runConfigList(app: App): Promise<void> {
  const settings = await app.settings();
  const values = valuesOf(settings);
  const others = Object.keys(settings.config.content.profiles ?? {});
  const body = {
    config: settings.config.path,
    exists: settings.config.exists,
    profile: settings.profileName,
    profiles: ["default", ...others],
    server_url: settings.serverUrl,
    web_url: settings.webUrl,
    output: settings.output,
    email: settings.profile.auth?.email ?? null,
  };
  await printRecord(app, body, [
    ["config", `${body.config}${body.exists ? "" : " (not there yet)"}`],
    ["profile", body.profile],
    ["profiles", body.profiles.join(", ")],
    ...CONFIG_KEYS.map((key): [string, string] => [key, `${values[key].value} (${values[key].source})`]),
    ["signed in as", body.email],
  ], body.config);
}

function valuesOf(settings: Settings): Record<ConfigKey, { value: string; source: string }> {
  return {
    server_url: { value: settings.serverUrl, source: settings.serverUrlSource },
    web_url: { value: settings.webUrl, source: settings.webUrlSource },
    output: { value: settings.output, source: settings.outputSource },
  };
}

function toKey(name: string): ConfigKey {
  const key = CONFIG_KEYS.find((known) => known === name);
  if (key) return key;
  throw new CliFailure(EXIT.USAGE, `Unknown setting "${name}". Use ${orList(CONFIG_KEYS)}.`, {
    next: `infraudit config list, or for example: infraudit config set server_url ${DEFAULT_SERVER_URL}`,
  });
}
