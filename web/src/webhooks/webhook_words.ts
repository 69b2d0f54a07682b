/** Webhooks' formats and events in words. */
import type { WebhookFormat } from "../../../shared/contracts/webhooks.ts";

export const WEBHOOK_FORMATS: { value: WebhookFormat; label: string }[] = [
  { value: "standard", label: "Signed JSON (Standard Webhooks)" },
  { value: "slack", label: "Slack message" },
  { value: "teams", label: "Microsoft Teams message" },
];

const EVENTS: Record<string, string> = {
  "drift.detected": "Drift detected",
  "drift.resolved": "Drift resolved",
  "key.expiring": "API key about to expire",
  "key.leaked": "API key found in public",
  "member.joined": "Member joined",
  "member.left": "Member left",
  "member.removed": "Member removed",
  "member.role_changed": "Role changed",
  "webhook.disabled": "Webhook disabled",
  "webhook.test": "Test",
};

/** `Drift detected` of `drift.detected`. */
export function sayWebhookEvent(event: string): string {
  return EVENTS[event] ?? event;
}
