/** Webhooks over HTTP: made, tested, rotated, and what became of their deliveries. Postgres decides who may. */
import { z } from "zod";
import {
  createWebhook,
  DEFAULT_SECRET_GRACE_SECONDS,
  deleteWebhook,
  getWebhook,
  listWebhookDeliveries,
  listWebhooks,
  redeliverWebhook,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
  Webhook,
  WebhookDelivery,
} from "../../../shared/contracts/webhooks.ts";
import { refuseIfForbidden, refuseOrNotFound, refuseUnlessOwn } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage } from "../../../shared/http/paging.ts";
import { route } from "../../../shared/http/route.ts";

const COLUMNS =
  "id,name,format,url,events,enabled,disabled_reason,disabled_at,failing_since,last_delivered_at,old_secret_until," +
  "created_by,created_at";
const PERMISSION = "audit:read";

export function addWebhookRoutes(app: App, deps: Deps): void {
  route(app, deps, listWebhooks, async ({ db }) => {
    const rows = unwrap(await db.from("webhooks").select(COLUMNS).order("id"))!;
    if (rows.length === 0) await refuseIfForbidden(db, PERMISSION);
    return rows.map((row) => Webhook.parse(row));
  });

  route(app, deps, createWebhook, async ({ db, body }) => {
    const made = unwrap(
      await db.rpc("create_webhook", {
        p_name: body.name,
        p_format: body.format,
        p_url: body.url,
        p_events: body.events,
      }),
    );
    return withSecret(made);
  });

  route(app, deps, getWebhook, async ({ db, params }) => {
    const row = unwrap(await db.from("webhooks").select(COLUMNS).eq("id", params.id).maybeSingle());
    return Webhook.parse(row ?? await refuseOrNotFound(db, PERMISSION, "webhooks", params.id));
  });

  route(app, deps, updateWebhook, async ({ db, params, body }) => {
    const row = unwrap(
      await db.rpc("update_webhook", { p_id: params.id, p_changes: body }).select(COLUMNS).maybeSingle(),
    );
    return Webhook.parse(row ?? await refuseOrNotFound(db, PERMISSION, "webhooks", params.id));
  });

  route(app, deps, deleteWebhook, async ({ db, params }) => {
    const isDeleted = unwrap(await db.rpc("delete_webhook", { p_id: params.id }));
    if (!isDeleted) await refuseOrNotFound(db, PERMISSION, "webhooks", params.id);
  });

  route(app, deps, rotateWebhookSecret, async ({ db, params, body }) => {
    const rotated = unwrap(
      await db.rpc("rotate_webhook_secret", {
        p_id: params.id,
        p_grace_seconds: body?.grace_seconds ?? DEFAULT_SECRET_GRACE_SECONDS,
      }),
    );
    return withSecret(rotated ?? await refuseOrNotFound(db, PERMISSION, "webhooks", params.id));
  });

  route(app, deps, testWebhook, async ({ db, params }) => {
    const row = unwrap(await db.rpc("test_webhook", { p_id: params.id }).maybeSingle());
    const delivery = toDelivery(row ?? await refuseOrNotFound(db, PERMISSION, "webhooks", params.id));
    deps.background(deps.courier.deliverDue());
    return delivery;
  });

  route(app, deps, listWebhookDeliveries, async ({ db, params, query }) => {
    const list = await fetchPage({
      db,
      query,
      permission: PERMISSION,
      row: DeliveryRow,
      sort: [{ column: "id", ascending: false }],
      select: (options) => {
        const rows = db.from("webhook_deliveries").select("*", options).eq("webhook_id", params.id);
        return query.status === undefined ? rows : rows.eq("status", query.status);
      },
    });
    if (list.data.length === 0) await refuseUnlessOwn(db, PERMISSION, "webhooks", params.id);
    return { ...list, data: list.data.map(toDelivery) };
  });

  route(app, deps, redeliverWebhook, async ({ db, params }) => {
    const row = unwrap(await db.rpc("redeliver_webhook", { p_id: params.id }).maybeSingle());
    const delivery = toDelivery(
      row ?? await refuseOrNotFound(db, PERMISSION, "webhook_deliveries", params.id),
    );
    deps.background(deps.courier.deliverDue());
    return delivery;
  });

  function withSecret(answer: unknown) {
    const { webhook, seed } = Made.parse(answer);
    return { ...webhook, secret: webhook.format === "standard" ? deps.courier.secret(seed) : null };
  }
}

const Made = z.object({ webhook: Webhook.strip(), seed: z.string() });

/** As the table has it: the message's id is a number there. */
const DeliveryRow = z.object({ ...WebhookDelivery.shape, message_id: z.int() });

function toDelivery(row: unknown): WebhookDelivery {
  const delivery = DeliveryRow.parse(row);
  return { ...delivery, message_id: `msg_${delivery.message_id}` };
}
