/** What the commands of `infraudit api-keys` do. */
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from "../../shared/contracts/api_keys.ts";
import type { ApiKey, ApiKeyCreated } from "../../shared/contracts/api_keys.ts";
import type { App } from "../app.ts";
import { CliFailure } from "../exit_codes.ts";
import { printDone, printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import type { CreateKeyOptions, RotateKeyOptions } from "./api_keys.ts";
import { type ConfirmOptions, isConfirmed } from "./confirm.ts";

const COLUMNS: Column<ApiKey>[] = [
  { title: "id", value: (key) => key.id },
  { title: "name", value: (key) => key.name, least: 12 },
  { title: "prefix", value: (key) => `${key.prefix}_…`, dropped: 1 },
  {
    title: "status",
    least: 7,
    value: (key) => key.status,
    paint: (colors, text, key) => key.status === "active" ? colors.green(text) : colors.yellow(text),
  },
  { title: "scopes", value: (key) => key.scopes.join(","), dropped: 3, least: 16 },
  { title: "expires", value: (key) => key.expires_at ?? "never", dropped: 2 },
  { title: "last used", value: (key) => key.last_used_at ?? "never", dropped: 4 },
  { title: "created by", value: (key) => key.created_by?.email, dropped: 5, least: 16 },
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

/** Revokes a key after a yes. */
export async function runRevokeKey(app: App, id: number, options: ConfirmOptions): Promise<void> {
  const question = `Revoke key ${id}? Whatever uses it stops working at once.`;
  if (!await isConfirmed(app, options, question, `revoke key ${id}`)) {
    return await printDone(app, { id, revoked: false }, "Nothing was revoked.");
  }
  await (await app.client()).call(revokeApiKey, { params: { id } }, { signal: app.signal });
  await printDone(app, { id, revoked: true }, `Revoked key ${id}.`, id);
}
