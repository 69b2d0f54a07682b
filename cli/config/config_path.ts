/** Where the configuration file is when nothing names one. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { CliFailure, EXIT } from "../exit_codes.ts";
import type { Environment } from "./settings.ts";

/**
 * `~/.infraudit/config.yaml`; `$XDG_CONFIG_HOME/infraudit/config.yaml` where that variable is set, unless only
 * the other file exists.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 * @throws CliFailure where there is no home folder: the current one must not stand in for it
 */
export function defaultConfigPath(env: Environment): string {
  const home = homeFolder(env);
  const plain = home && join(home, ".infraudit", "config.yaml");
  const base = env.XDG_CONFIG_HOME;
  if (base && isAbsolute(base)) {
    const standard = join(base, "infraudit", "config.yaml");
    return plain && existsSync(plain) && !existsSync(standard) ? plain : standard;
  }
  if (plain) return plain;
  throw new CliFailure(EXIT.USAGE, "HOME is empty, so there is no place for the configuration file.", {
    next: "set HOME, or name a file with --config or INFRAUDIT_CONFIG",
  });
}

/** Only the default folders are the command's own; a folder named with `--config` keeps its mode. */
export function isOwnFolder(path: string, env: Environment): boolean {
  const home = homeFolder(env);
  const own = [
    home && join(home, ".infraudit"),
    env.XDG_CONFIG_HOME && join(env.XDG_CONFIG_HOME, "infraudit"),
  ];
  return own.includes(dirname(path));
}

function homeFolder(env: Environment): string | undefined {
  // An empty HOME would make the runtime answer an empty path, which means the current folder.
  if (env.HOME === "") return undefined;
  return homedir() || undefined;
}
