/** `infraudit config` and `infraudit profile`: the settings in the configuration file. */
import { Argument, type Command } from "commander";
import type { App } from "../app.ts";
import { later, newGroup } from "./arguments.ts";
import type { ConfirmOptions } from "./confirm.ts";

export const CONFIG_KEYS = ["server_url", "web_url", "output"] as const;
export type ConfigKey = typeof CONFIG_KEYS[number];

const runs = () => import("./config_runs.ts");
const profiles = () => import("./profile_runs.ts");

export const CONFIG_RUNNERS = {
  init: later(runs, "runConfigInit"),
  set: later(runs, "runConfigSet"),
  unset: later(runs, "runConfigUnset"),
  get: later(runs, "runConfigGet"),
  list: later(runs, "runConfigList"),
};

export const PROFILE_RUNNERS = {
  list: later(profiles, "runListProfiles"),
  use: later(profiles, "runUseProfile"),
  delete: later(profiles, "runDeleteProfile"),
};

export function newConfigCommand(parent: Command, app: App, runners = CONFIG_RUNNERS): void {
  const config = newGroup(parent, "config", "read and change the configuration file");
  const key = () => new Argument("<key>", "the setting").choices(CONFIG_KEYS).argParser(toKey);
  config.command("init")
    .description("create the file; asks for what --server and --output do not say")
    .action(() => runners.init(app));
  config.command("set")
    .description("store a setting in the file")
    .addArgument(key())
    .argument("<value>", "its value")
    .action((name: string, value: string) => runners.set(app, name, value));
  config.command("unset")
    .description("remove a setting from the file, so that its default holds again")
    .addArgument(key())
    .action((name: string) => runners.unset(app, name));
  config.command("get")
    .description("print the value in effect, wherever it comes from")
    .addArgument(key())
    .action((name: string) => runners.get(app, name));
  config.command("list")
    .description("print every setting in effect and where it comes from")
    .action(() => runners.list(app));
}

export function newProfileCommand(parent: Command, app: App, runners = PROFILE_RUNNERS): void {
  const profile = newGroup(parent, "profile", "servers and accounts side by side in one file", "profiles");
  profile.command("list")
    .description("list the profiles of the configuration file")
    .action(() => runners.list(app));
  profile.command("use")
    .description("choose the profile that later commands use")
    .argument("<name>", "the profile's name; default is the one at the file's top")
    .action((name: string) => runners.use(app, name));
  profile.command("delete")
    .description("remove a profile with its credential from the file; it stays valid on the server")
    .argument("<name>", "the profile's name")
    .option("-y, --yes", "do not ask; needed without a terminal")
    .action((name: string, options: ConfirmOptions) => runners.delete(app, name, options));
}

/** Dashes and capitals are taken too; what is no setting is left to the runner to explain. */
function toKey(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}
