/** How a key stands: whether it works, and until when. */
import type { ApiKey } from "../../../shared/contracts/api_keys.ts";
import { Badge, type Tone } from "../ui/badge.tsx";
import { sayDay } from "../ui/moment.tsx";

const STATUS: Record<ApiKey["status"], { tone: Tone; text: string }> = {
  active: { tone: "good", text: "Active" },
  expiring: { tone: "medium", text: "Expires soon" },
  grace: { tone: "medium", text: "Replaced" },
  expired: { tone: "neutral", text: "Expired" },
  revoked: { tone: "neutral", text: "Revoked" },
  disabled: { tone: "neutral", text: "Disabled" },
};

/** Whether the key no longer works, whatever is done. */
export function isEnded(key: ApiKey): boolean {
  return key.status === "revoked" || key.status === "expired";
}

/** The status as a coloured word. */
export function KeyStatus({ apiKey }: { apiKey: ApiKey }) {
  const { tone, text } = STATUS[apiKey.status] ?? { tone: "neutral", text: apiKey.status };
  return <Badge tone={tone}>{text}</Badge>;
}

/** When a key ends or ended, such as `Replaced, ends Nov 25, 2026`. */
export function sayEnd({ status, expires_at, revoked_at }: ApiKey): string {
  if (revoked_at && status === "revoked") return `Revoked ${sayDay(revoked_at)}`;
  if (!expires_at) return "Never expires";
  if (status === "expired") return `Expired ${sayDay(expires_at)}`;
  return status === "grace" ? `Replaced, ends ${sayDay(expires_at)}` : `Expires ${sayDay(expires_at)}`;
}
