/** The audit log as a file, with the filters in force. */
import type { AuditEvent } from "../../../shared/contracts/audit.ts";

const COLUMNS = [
  "sequence",
  "occurred_at",
  "action",
  "actor_email",
  "credential_type",
  "credential_id",
  "target_type",
  "target_id",
  "address",
  "user_agent",
  "request_id",
  "details",
  "hash",
] as const;

/** Events as CSV (RFC 4180) with a heading; what a spreadsheet would take for a formula is quoted as text. */
export function toCsv(events: readonly AuditEvent[]): string {
  const rows = events.map((event) => COLUMNS.map((name) => cell(event[name])).join(","));
  return [COLUMNS.join(","), ...rows, ""].join("\r\n");
}

function cell(value: unknown): string {
  const text = value === null || value === undefined
    ? ""
    : typeof value === "object"
    ? JSON.stringify(value)
    : String(value);
  // OWASP: CSV injection.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Has the browser save a text. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
