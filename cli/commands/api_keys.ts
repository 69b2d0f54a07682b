/** `infraudit api-keys`: list, make, rotate and revoke keys. */
import { type Command, Option } from "commander";
import {
  createApiKey,
  listApiKeys,
  MAX_GRACE_SECONDS,
  MAX_KEY_LIFE_DAYS,
  MAX_KEY_RATE_LIMIT,
  revokeApiKey,
  rotateApiKey,
} from "../../shared/contracts/api_keys.ts";
import type { ApiKey, ApiKeyCreated } from "../../shared/contracts/api_keys.ts";
import { type Permission, PERMISSIONS } from "../../shared/contracts/permissions.ts";
import type { App } from "../app.ts";
import { CliFailure } from "../exit_codes.ts";
import { printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { listOf, newGroup, parseId, wholeNumber, wordList } from "./arguments.ts";

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

export const API_KEY_RUNNERS = {
  list: runListKeys,
  create: runCreateKey,
  rotate: runRotateKey,
  revoke: runRevokeKey,
};

export function newApiKeysCommand(parent: Command, app: App, runners = API_KEY_RUNNERS): void {
  const keys = newGroup(parent, "api-keys", "keys for pipelines and scripts", "api-key");
  keys.command("list").description("the keys one may see").action(() => runners.list(app));
  keys.command("create")
    .description("make a key and print it, this once; with --quiet the key alone")
    .requiredOption("--name <name>", "what the key is for")
    .option(
      "--scope <permission>",
      "a permission of the key, repeated or by commas (default: one's own)",
      listOf(PERMISSIONS),
    )
    .addOption(
      new Option("--expires-in-days <days>", "the key's life (default: 90)")
        .argParser(wholeNumber(1, MAX_KEY_LIFE_DAYS)).conflicts("expiry"),
    )
    .option("--no-expiry", "a key that never ends")
    .option("--allow-ip <address>", "an address or range that may use it, repeated or by commas", wordList)
    .option(
      "--rate-limit <requests>",
      "requests a minute, where lower than the server's own limit",
      wholeNumber(1, MAX_KEY_RATE_LIMIT),
    )
    .action((options: CreateKeyOptions) => runners.create(app, options));
  keys.command("rotate")
    .description("make a key that takes over, and print it this once; the old one lives on for a grace")
    .argument("<id>", "the old key's id", parseId)
    .option(
      "--grace-seconds <seconds>",
      "how long the old key lives on (default: a day)",
      wholeNumber(0, MAX_GRACE_SECONDS),
    )
    .action((id: number, options: RotateKeyOptions) => runners.rotate(app, id, options));
  keys.command("revoke")
    .description("end a key at once")
    .argument("<id>", "the key's id", parseId)
    .action((id: number) => runners.revoke(app, id));
}

const COLUMNS: Column<ApiKey>[] = [
  { title: "id", value: (key) => key.id },
  { title: "name", value: (key) => key.name },
  { title: "prefix", value: (key) => `${key.prefix}_…` },
  {
    title: "status",
    value: (key) => key.status,
    paint: (colors, text, key) => key.status === "active" ? colors.green(text) : colors.yellow(text),
  },
  { title: "scopes", value: (key) => key.scopes.join(",") },
  { title: "expires", value: (key) => key.expires_at ?? "never" },
  { title: "last used", value: (key) => key.last_used_at ?? "never" },
  { title: "created by", value: (key) => key.created_by?.email },
];

/** Lists keys. */
export async function runListKeys(app: App): Promise<void> {
  const keys = await (await app.client()).call(listApiKeys, {}, { signal: app.signal });
  await printList(app, keys, COLUMNS, (key) => key.id, "No API keys.");
}

/** Makes a key. */
export async function runCreateKey(app: App, options: CreateKeyOptions): Promise<void> {
  const client = await app.client();
  const created = await client.call(createApiKey, {
    body: {
      name: options.name,
      scopes: options.scope,
      expires_in_days: options.expiry === false ? null : options.expiresInDays,
      allowed_ips: options.allowIp,
      rate_limit: options.rateLimit,
    },
  }, { signal: app.signal });
  await printNewKey(app, created);
}

/** Makes a key's successor. */
export async function runRotateKey(app: App, id: number, options: RotateKeyOptions): Promise<void> {
  const input = { params: { id }, body: { grace_seconds: options.graceSeconds } };
  await printNewKey(app, await (await app.client()).call(rotateApiKey, input, { signal: app.signal }));
}

/** Prints a key that is shown this once; if that fails, says which key was made for nothing. */
export async function printNewKey(app: App, created: ApiKeyCreated): Promise<void> {
  try {
    await printRecord(app, created, [
      ["id", created.id],
      ["name", created.name],
      ["key", created.key],
      ["scopes", created.scopes.join(", ")],
      ["expires", created.expires_at ?? "never"],
    ], created.key);
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    const message = `Key ${created.id} was made, but could not be shown. ${error.message}`;
    throw new CliFailure(error.exitCode, message, {
      next: `infraudit api-keys revoke ${created.id}`,
      cause: error,
    });
  }
  await app.note("Store the key now: it is not shown again.");
}

/** Revokes a key. */
export async function runRevokeKey(app: App, id: number): Promise<void> {
  await (await app.client()).call(revokeApiKey, { params: { id } }, { signal: app.signal });
  await app.note(`Revoked key ${id}.`);
}
