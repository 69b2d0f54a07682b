/** `infraudit api-keys`: list, make, rotate and revoke keys. */
import { type Command, Option } from "commander";
import { LIMITS } from "../../shared/contracts/limits.ts";
import type { Permission } from "../../shared/contracts/permissions.ts";
import type { App } from "../app.ts";
import { PERMISSIONS } from "../words.ts";
import { later, listOf, newGroup, parseId, wholeNumber, wordList } from "./arguments.ts";
import type { ConfirmOptions } from "./confirm.ts";

export interface CreateKeyOptions {
  name: string;
  scope?: Permission[];
  expiresInDays?: number;
  /** False for `--no-expiry`. */
  expiry?: boolean;
  allowIp?: string[];
  rateLimit?: number;
}

export interface RotateKeyOptions {
  graceSeconds?: number;
}

const runs = () => import("./api_key_runs.ts");

export const API_KEY_RUNNERS = {
  list: later(runs, "runListKeys"),
  create: later(runs, "runCreateKey"),
  rotate: later(runs, "runRotateKey"),
  revoke: later(runs, "runRevokeKey"),
};

export function newApiKeysCommand(parent: Command, app: App, runners = API_KEY_RUNNERS): void {
  const keys = newGroup(parent, "api-keys", "keys for pipelines and scripts", "api-key");
  keys.command("list").description("list the keys you can see").action(() => runners.list(app));
  keys.command("create")
    .description("make a key and print it, this once; with --quiet the key alone")
    .requiredOption("--name <name>", "what the key is for")
    .option(
      "--scope <permission>",
      "a permission of the key, repeated or by commas (default: your own)",
      listOf(PERMISSIONS, "permission"),
    )
    .addOption(
      new Option("--expires-in-days <days>", "the key's life (default: 90)")
        .argParser(wholeNumber(1, LIMITS.api_key_days)).conflicts("expiry"),
    )
    .option("--no-expiry", "a key that never ends")
    .option("--allow-ip <address>", "an address or range that may use it, repeated or by commas", wordList)
    .option(
      "--rate-limit <requests>",
      "requests a minute, where lower than the server's own limit",
      wholeNumber(1, LIMITS.api_key_requests_per_minute),
    )
    .action((options: CreateKeyOptions) => runners.create(app, options));
  keys.command("rotate")
    .description("make a key that takes over, and print it this once; the old one works on for a while")
    .argument("<id>", "the old key's id", parseId)
    .option(
      "--grace-seconds <seconds>",
      "how long the old key still works (default: a day)",
      wholeNumber(0, LIMITS.api_key_grace_seconds),
    )
    .action((id: number, options: RotateKeyOptions) => runners.rotate(app, id, options));
  keys.command("revoke")
    .description("end a key at once")
    .argument("<id>", "the key's id", parseId)
    .option("-y, --yes", "do not ask; needed without a terminal")
    .action((id: number, options: ConfirmOptions) => runners.revoke(app, id, options));
}
