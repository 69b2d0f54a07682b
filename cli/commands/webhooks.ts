/** `infraudit webhooks`: where an organization's news are sent, and what became of each delivery. */
import { type Command, Option } from "commander";
import type { App } from "../app.ts";
import { WEBHOOK_EVENTS, WEBHOOK_FORMATS } from "../words.ts";
import { later, listOf, newGroup, parseId, parseLimit, wholeNumber } from "./arguments.ts";
import type { ConfirmOptions } from "./confirm.ts";

export interface WebhookOptions {
  name?: string;
  url?: string;
  format?: (typeof WEBHOOK_FORMATS)[number];
  event?: (typeof WEBHOOK_EVENTS)[number][];
  enable?: boolean;
  disable?: boolean;
}

export interface RotateSecretOptions {
  graceSeconds?: number;
}

export interface DeliveryOptions {
  status?: "pending" | "delivered" | "failed";
  limit?: number;
}

const MAX_SECRET_GRACE_SECONDS = 7 * 24 * 3600;
const runs = () => import("./webhook_runs.ts");

export const WEBHOOK_RUNNERS = {
  list: later(runs, "runListWebhooks"),
  get: later(runs, "runGetWebhook"),
  create: later(runs, "runCreateWebhook"),
  update: later(runs, "runUpdateWebhook"),
  delete: later(runs, "runDeleteWebhook"),
  rotate: later(runs, "runRotateSecret"),
  test: later(runs, "runTestWebhook"),
  deliveries: later(runs, "runListDeliveries"),
  redeliver: later(runs, "runRedeliver"),
};

export function newWebhooksCommand(parent: Command, app: App, runners = WEBHOOK_RUNNERS): void {
  const hooks = newGroup(parent, "webhooks", "where news are sent, signed", "webhook");
  const withId = (command: Command) => command.argument("<id>", "the webhook's id", parseId);
  const events = (flags: string, what: string) =>
    new Option(flags, what).choices(WEBHOOK_EVENTS).argParser(listOf(WEBHOOK_EVENTS, "event"));
  hooks.command("list").description("list the webhooks").action(() => runners.list(app));
  withId(hooks.command("get")).description("show one webhook").action((id: number) => runners.get(app, id));
  hooks.command("create")
    .description("send news to an address, and print its secret, this once")
    .requiredOption("--name <name>", "what it is for")
    .requiredOption("--url <url>", "where to: https, a public address")
    .addOption(new Option("--format <format>", "signed JSON, or a chat's messages").choices(WEBHOOK_FORMATS))
    .addOption(events("--event <event>", "only these, repeated or by commas (default: all)"))
    .action((options: WebhookOptions) => runners.create(app, options));
  withId(hooks.command("update"))
    .description("change a webhook")
    .option("--name <name>", "what it is for")
    .option("--url <url>", "where to: https, a public address")
    .addOption(events("--event <event>", "these instead of those before"))
    .option("--enable", "send again")
    .addOption(new Option("--disable", "send no more").conflicts("enable"))
    .action((id: number, options: WebhookOptions) => runners.update(app, id, options));
  withId(hooks.command("rotate"))
    .description("make a new secret and print it, this once; the old one signs too for a while")
    .option(
      "--grace-seconds <seconds>",
      "how long (default: a day)",
      wholeNumber(0, MAX_SECRET_GRACE_SECONDS),
    )
    .action((id: number, options: RotateSecretOptions) => runners.rotate(app, id, options));
  withId(hooks.command("test")).description("send a test message").action((id: number) =>
    runners.test(app, id)
  );
  withId(hooks.command("deliveries"))
    .description("list what was sent in the last 30 days, newest first")
    .addOption(
      new Option("--status <status>", "only these").choices(["pending", "delivered", "failed"]),
    )
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((id: number, options: DeliveryOptions) => runners.deliveries(app, id, options));
  hooks.command("redeliver")
    .description("send a delivery's message again")
    .argument("<delivery>", "the delivery's id", parseId)
    .action((id: number) => runners.redeliver(app, id));
  withId(hooks.command("delete"))
    .description("end a webhook and forget its deliveries")
    .option("-y, --yes", "do not ask; needed without a terminal")
    .action((id: number, options: ConfirmOptions) => runners.delete(app, id, options));
}
