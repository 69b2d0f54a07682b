/** How bad a drift is and how far it has been dealt with, as coloured words. */
import { Badge, type Tone } from "./badge.tsx";
import { capital } from "./filter_bar.tsx";

export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = typeof SEVERITIES[number];

/** How bad it is. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  return <Badge tone={severity}>{capital(severity)}</Badge>;
}

const STATUS_TONES: Record<string, Tone> = { detected: "neutral", investigating: "accent", resolved: "good" };

/** How far it has been dealt with. */
export function DriftStatusBadge({ status }: { status: string }) {
  return <Badge tone={STATUS_TONES[status] ?? "neutral"} dot={false}>{capital(status)}</Badge>;
}
