/** Webhooks: where an organization wants its news sent, and what became of each delivery. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, IdParam, isStorable, text, Timestamp } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { page, pagingQuery } from "./paging.ts";

export const WEBHOOK_EVENTS = [
  "drift.detected",
  "drift.resolved",
  "key.expiring",
  "key.leaked",
  "member.joined",
  "member.left",
  "member.removed",
  "member.role_changed",
  "webhook.disabled",
] as const;
export const DEFAULT_SECRET_GRACE_SECONDS = 86_400;
const MAX_SECRET_GRACE_SECONDS = 7 * 86_400;

const WebhookEvent = z.enum(WEBHOOK_EVENTS).meta({ id: "WebhookEvent" });
export const WebhookFormat = z.enum(["standard", "slack", "teams"]).meta({
  id: "WebhookFormat",
  description:
    "`standard`: signed JSON (Standard Webhooks). `slack`, `teams`: messages for a chat's incoming webhook.",
});
export type WebhookFormat = z.infer<typeof WebhookFormat>;

const url = z.string().trim().max(2000).regex(
  /^(?:https:\/\/[^/?#@\s\\]+|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?)(?:[/?][^#\s]*)?$/,
  "must be an https URL without credentials or fragment",
).refine((value) => isStorable(value) && URL.canParse(value) && !value.includes("…"), "is not a URL").meta({
  description:
    "Where to POST: https, a public address. Plain http works for this machine alone, on the local stack.",
  examples: ["https://hooks.example.com/infraaudit"],
});
const events = z.array(WebhookEvent).min(1).max(WEBHOOK_EVENTS.length).refine(
  (list) => new Set(list).size === list.length,
  "must not name an event twice",
);

export const Webhook = z.strictObject({
  id: Id,
  name: z.string(),
  format: WebhookFormat,
  url: z.string().meta({
    description: "Without its query; of a chat's URL, which is a secret itself, the host alone.",
    examples: ["https://hooks.example.com/infraaudit"],
  }),
  events: z.array(WebhookEvent),
  enabled: z.boolean(),
  disabled_reason: z.string().nullable().meta({
    description: "Why it was disabled, where nobody did it.",
    examples: ["The target took no delivery for 24 hours."],
  }),
  disabled_at: Timestamp.nullable(),
  failing_since: Timestamp.nullable().meta({ description: "Since when every attempt has failed." }),
  last_delivered_at: Timestamp.nullable(),
  old_secret_until: Timestamp.nullable().meta({
    description: "Until when the secret before the last rotation signs too.",
  }),
  created_by: Id.nullable(),
  created_at: Timestamp,
}).meta({ id: "Webhook" });
export type Webhook = z.infer<typeof Webhook>;

export const WebhookCreated = z.strictObject({
  ...Webhook.shape,
  secret: z.string().nullable().meta({
    description: "Verifies the signatures. Shown in this answer and nowhere else; null for chats.",
    examples: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="],
  }),
}).meta({ id: "WebhookCreated" });

export const WebhookDelivery = z.strictObject({
  id: Id,
  webhook_id: Id,
  message_id: z.string().meta({
    description: "The header `webhook-id`: the same for every attempt and redelivery of a message.",
    examples: ["msg_12"],
  }),
  event: z.string().meta({ examples: ["drift.detected"] }),
  status: z.enum(["pending", "delivered", "failed"]),
  attempts: z.int().nonnegative(),
  next_attempt_at: Timestamp.nullable(),
  last_attempt_at: Timestamp.nullable(),
  response_status: z.int().nullable().meta({
    description: "What the target answered last.",
    examples: [204],
  }),
  error: z.string().nullable().meta({ examples: ["The target answered 500."] }),
  delivered_at: Timestamp.nullable(),
  created_at: Timestamp,
}).meta({ id: "WebhookDelivery" });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const CreateWebhook = z.strictObject({
  name: text(LIMITS.label_characters),
  format: WebhookFormat.default("standard"),
  url,
  events: events.default([...WEBHOOK_EVENTS]),
}).meta({
  id: "CreateWebhook",
  examples: [{
    name: "On-call",
    url: "https://hooks.example.com/infraaudit",
    events: ["drift.detected", "key.leaked"],
  }],
});

export const UpdateWebhook = z.strictObject({
  name: text(LIMITS.label_characters).optional(),
  url: url.optional(),
  events: events.optional(),
  enabled: z.boolean().optional(),
}).refine((value) => Object.keys(value).length > 0, "must change something").meta({
  id: "UpdateWebhook",
  examples: [{ enabled: true }],
});

export const RotateWebhookSecret = z.strictObject({
  grace_seconds: z.int().min(0).max(MAX_SECRET_GRACE_SECONDS).optional().meta({
    description: `How long the old secret signs too; default ${DEFAULT_SECRET_GRACE_SECONDS}.`,
  }),
}).meta({ id: "RotateWebhookSecret", examples: [{ grace_seconds: 3600 }] });

const tag = "Webhooks";
const path = "/settings/webhooks";
const params = z.object({ id: IdParam });
const common = { tag, auth: "bearer", permission: "audit:read" } as const;

export const listWebhooks = endpoint({
  ...common,
  id: "listWebhooks",
  method: "GET",
  path,
  summary: "List the organization's webhooks",
  success: { status: 200, schema: z.array(Webhook) },
});

export const createWebhook = endpoint({
  ...common,
  id: "createWebhook",
  method: "POST",
  path,
  summary: "Create a webhook; its secret is shown once",
  body: CreateWebhook,
  success: { status: 201, schema: WebhookCreated },
  errors: ["CONFLICT", "UNPROCESSABLE"],
});

export const getWebhook = endpoint({
  ...common,
  id: "getWebhook",
  method: "GET",
  path: `${path}/:id`,
  summary: "Get a webhook",
  params,
  success: { status: 200, schema: Webhook },
  errors: ["NOT_FOUND"],
});

export const updateWebhook = endpoint({
  ...common,
  id: "updateWebhook",
  method: "PATCH",
  path: `${path}/:id`,
  summary: "Update a webhook, disable it, or enable it again",
  params,
  body: UpdateWebhook,
  success: { status: 200, schema: Webhook },
  errors: ["NOT_FOUND", "CONFLICT"],
});

export const deleteWebhook = endpoint({
  ...common,
  id: "deleteWebhook",
  method: "DELETE",
  path: `${path}/:id`,
  summary: "Delete a webhook and its deliveries",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});

export const rotateWebhookSecret = endpoint({
  ...common,
  id: "rotateWebhookSecret",
  method: "POST",
  path: `${path}/:id/rotate`,
  summary: "Draw a new secret; the old one signs too for a grace period",
  params,
  body: RotateWebhookSecret.optional(),
  success: { status: 201, schema: WebhookCreated },
  errors: ["NOT_FOUND"],
});

export const testWebhook = endpoint({
  ...common,
  id: "testWebhook",
  method: "POST",
  path: `${path}/:id/test`,
  summary: "Send a `webhook.test` message",
  params,
  success: { status: 202, schema: WebhookDelivery },
  errors: ["NOT_FOUND"],
});

export const listWebhookDeliveries = endpoint({
  ...common,
  id: "listWebhookDeliveries",
  method: "GET",
  path: `${path}/:id/deliveries`,
  summary: "List a webhook's deliveries of the last 30 days, newest first",
  params,
  query: z.object({ ...pagingQuery, status: z.enum(["pending", "delivered", "failed"]).optional() }),
  success: { status: 200, schema: page(WebhookDelivery) },
  errors: ["NOT_FOUND"],
});

export const redeliverWebhook = endpoint({
  ...common,
  id: "redeliverWebhook",
  method: "POST",
  path: `${path}/deliveries/:id/redeliver`,
  summary: "Send a delivery's message again, as a new delivery",
  params,
  success: { status: 202, schema: WebhookDelivery },
  errors: ["NOT_FOUND"],
});
