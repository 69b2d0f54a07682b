/** What the commands of `infraudit webhooks` do. */
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhookDeliveries,
  listWebhooks,
  redeliverWebhook,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
  type Webhook,
  type WebhookDelivery,
} from "../../shared/contracts/webhooks.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { collect } from "../output/collect.ts";
import { printDone, printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { type ConfirmOptions, isConfirmed } from "./confirm.ts";
import type { DeliveryOptions, RotateSecretOptions, WebhookOptions } from "./webhooks.ts";

const COLUMNS: Column<Webhook>[] = [
  { title: "id", value: (hook) => hook.id },
  { title: "name", value: (hook) => hook.name, least: 12 },
  { title: "url", value: (hook) => hook.url, least: 20 },
  { title: "format", value: (hook) => hook.format, dropped: 3 },
  { title: "events", value: (hook) => hook.events.join(","), dropped: 4, least: 14 },
  { title: "enabled", value: (hook) => hook.enabled ? "yes" : "no", dropped: 1 },
  { title: "last delivered", value: (hook) => hook.last_delivered_at ?? "never", dropped: 2 },
];

const DELIVERY_COLUMNS: Column<WebhookDelivery>[] = [
  { title: "id", value: (row) => row.id },
  { title: "event", value: (row) => row.event },
  { title: "status", value: (row) => row.status },
  { title: "attempts", value: (row) => row.attempts, dropped: 2 },
  { title: "answer", value: (row) => row.error ?? row.response_status, least: 12 },
  { title: "created", value: (row) => row.created_at, dropped: 1 },
];

/** Lists webhooks. */
export async function runListWebhooks(app: App): Promise<void> {
  const list = await (await app.client()).call(listWebhooks, {}, { signal: app.signal });
  await printList(app, list, COLUMNS, (hook) => hook.id, "No webhooks.");
}

/** Shows one webhook. */
export async function runGetWebhook(app: App, id: number): Promise<void> {
  await printHook(
    app,
    await (await app.client()).call(getWebhook, { params: { id } }, { signal: app.signal }),
  );
}

/** Makes a webhook and prints its secret. */
export async function runCreateWebhook(app: App, options: WebhookOptions): Promise<void> {
  const { name = "", url = "", format, event } = options;
  const body = { name, url, format, events: event };
  const made = await (await app.client()).call(createWebhook, { body }, { signal: app.signal });
  await printHook(app, made, made.secret);
}

/** Changes a webhook. */
export async function runUpdateWebhook(app: App, id: number, options: WebhookOptions): Promise<void> {
  const { name, url, event, enable, disable } = options;
  const enabled = enable ? true : disable ? false : undefined;
  const body = { name, url, events: event, enabled };
  if (Object.values(body).every((value) => value === undefined)) {
    throw new CliFailure(EXIT.USAGE, "Say what to change.", { next: "infraudit webhooks update --help" });
  }
  const input = { params: { id }, body };
  await printHook(app, await (await app.client()).call(updateWebhook, input, { signal: app.signal }));
}

/** Gives a webhook a new secret and prints it. */
export async function runRotateSecret(app: App, id: number, options: RotateSecretOptions): Promise<void> {
  const input = { params: { id }, body: { grace_seconds: options.graceSeconds } };
  const made = await (await app.client()).call(rotateWebhookSecret, input, { signal: app.signal });
  await printHook(app, made, made.secret);
}

/** Sends a test message. */
export async function runTestWebhook(app: App, id: number): Promise<void> {
  const input = { params: { id } };
  await printDelivery(app, await (await app.client()).call(testWebhook, input, { signal: app.signal }));
}

/** Lists deliveries, all pages. */
export async function runListDeliveries(app: App, id: number, options: DeliveryOptions): Promise<void> {
  const { limit, status } = options;
  const input = { params: { id }, query: { status } };
  const list = await collect<WebhookDelivery>(app, listWebhookDeliveries, input, "deliveries", limit);
  await printList(app, list, DELIVERY_COLUMNS, (row) => row.id, "No deliveries.");
}

/** Sends a delivery's message again. */
export async function runRedeliver(app: App, id: number): Promise<void> {
  const input = { params: { id } };
  await printDelivery(app, await (await app.client()).call(redeliverWebhook, input, { signal: app.signal }));
}

/** Ends a webhook after a yes. */
export async function runDeleteWebhook(app: App, id: number, options: ConfirmOptions): Promise<void> {
  if (!await isConfirmed(app, options, `Delete webhook ${id}?`, `delete webhook ${id}`)) {
    return await printDone(app, { id, deleted: false }, "Nothing was deleted.");
  }
  await (await app.client()).call(deleteWebhook, { params: { id } }, { signal: app.signal });
  await printDone(app, { id, deleted: true }, `Deleted webhook ${id}.`, id);
}

/** `--quiet` prints the secret alone where there is one, as it is shown this once. */
async function printHook(app: App, hook: Webhook, secret: string | null = null): Promise<void> {
  await printRecord(app, hook, [
    ["id", hook.id],
    ["name", hook.name],
    ["url", hook.url],
    ["format", hook.format],
    ["events", hook.events.join(", ")],
    ["enabled", hook.enabled ? "yes" : hook.disabled_reason ?? "no"],
    ["secret", secret ?? undefined],
    ["last delivered", hook.last_delivered_at ?? "never"],
  ], secret ?? hook.id);
  if (secret !== null) await app.note("Store the secret now: it is not shown again.");
}

async function printDelivery(app: App, delivery: WebhookDelivery): Promise<void> {
  await printRecord(app, delivery, [
    ["id", delivery.id],
    ["event", delivery.event],
    ["status", delivery.status],
    ["message", delivery.message_id],
  ], delivery.id);
}
