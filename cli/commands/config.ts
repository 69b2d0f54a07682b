/** `infraudit config`: the settings in the configuration file. */
import type { Command } from "commander";
import type { App } from "../app.ts";
import { changeConfig, keyPath } from "../config/config_file.ts";
import { OUTPUTS } from "../config/config_schema.ts";
import { checkOutput, checkServerUrl, DEFAULT_SERVER_URL, type Settings } from "../config/settings.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printRaw } from "../output/print.ts";
import { renderRecord } from "../output/table.ts";
import { askText } from "../terminal/prompt.ts";
import { newGroup } from "./arguments.ts";

const KEYS = ["server_url", "output"] as const;
type Key = typeof KEYS[number];

export const CONFIG_RUNNERS = {
  init: runConfigInit,
  set: runConfigSet,
  get: runConfigGet,
  list: runConfigList,
};

export function newConfigCommand(parent: Command, app: App, runners = CONFIG_RUNNERS): void {
  const config = newGroup(parent, "config", "read and change the configuration file");
  config.command("init")
    .description("create the file; asks for what --server and --output do not say")
    .action(() => runners.init(app));
  config.command("set <key> <value>")
    .description(`set ${KEYS.join(" or ")} in the file`)
    .action((key: string, value: string) => runners.set(app, key, value));
  config.command("get <key>")
    .description("print the value in effect, whatever it comes from")
    .action((key: string) => runners.get(app, key));
  config.command("list")
    .description("print every setting in effect and where it comes from")
    .action(() => runners.list(app));
}

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
    for (const key of KEYS) document.setIn(keyPath(settings.profileName, key), values[key]);
  });
  await app.note(`Wrote ${settings.config.path}.\n  next: infraudit auth login`);
}

/** Sets one value in the profile. */
export async function runConfigSet(app: App, name: string, value: string): Promise<void> {
  const key = toKey(name);
  const checked = key === "output" ? checkOutput(value, key) : checkServerUrl(value, key);
  const { config, profileName } = await app.settings();
  await changeConfig(config.path, ({ document }) => document.setIn(keyPath(profileName, key), checked));
  await app.note(`${key} is now ${checked} in ${config.path}.`);
}

/** Prints one value alone. */
export async function runConfigGet(app: App, name: string): Promise<void> {
  const value = valuesOf(await app.settings())[toKey(name)].value;
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
    output: settings.output,
    email: settings.profile.auth?.email ?? null,
  };
  if (await printRaw(app, body)) return;
  await app.terminal.data(renderRecord(app.terminal, [
    ["config", `${body.config}${body.exists ? "" : " (not there yet)"}`],
    ["profile", body.profile],
    ["profiles", body.profiles.join(", ")],
    ...KEYS.map((key): [string, string] => [key, `${values[key].value} (${values[key].source})`]),
    ["signed in as", body.email],
  ]));
}

function valuesOf(settings: Settings): Record<Key, { value: string; source: string }> {
  return {
    server_url: { value: settings.serverUrl, source: settings.serverUrlSource },
    output: { value: settings.output, source: settings.outputSource },
  };
}

function toKey(name: string): Key {
  const key = KEYS.find((known) => known === name.toLowerCase().replaceAll("-", "_"));
  if (key) return key;
  throw new CliFailure(EXIT.USAGE, `"${name}" is not a setting: there are ${KEYS.join(" and ")}.`, {
    next: `infraudit config list, or for example: infraudit config set server_url ${DEFAULT_SERVER_URL}`,
  });
}
