/** Events of the audit log as people would say them. */
import type { AuditEvent } from "../../../shared/contracts/audit.ts";

/** What was done: `API key “CI” created`. Who did it stands beside it. */
export function sayEvent(event: AuditEvent): string {
  const { details } = event;
  const name = textOf(details.name) ?? textOf(details.email) ?? event.target_id ?? "";
  const say = SENTENCES[event.action];
  return say ? say(name, event) : sayAction(event.action);
}

/** A change as `what: from → to`, one a line; none where nothing is known of it. */
export function changesOf({ details }: AuditEvent): { what: string; from: string; to: string }[] {
  const [before, after] = [objectOf(details.before), objectOf(details.after)];
  if (details.previous_role !== undefined) {
    return [{ what: "Role", from: sayValue(details.previous_role), to: sayValue(details.role) }];
  }
  return Object.keys(after).filter((name) => sayValue(before[name]) !== sayValue(after[name])).map((
    name,
  ) => ({
    what: sayAction(name),
    from: sayValue(before[name]),
    to: sayValue(after[name]),
  }));
}

const SENTENCES: Record<string, (name: string, event: AuditEvent) => string> = {
  "session.started": () => "Signed in",
  "session.refused": (name) => `Sign-in refused for ${name}`,
  "session.ended": (_, { details }) => details.scope === "global" ? "Signed out everywhere" : "Signed out",
  "session.revoked": () => "Session ended",
  "api_key.created": (name) => `API key “${name}” created`,
  "api_key.changed": (name) => `API key “${name}” changed`,
  "api_key.rotated": (name) => `API key “${name}” rotated`,
  "api_key.revoked": (name) => `API key “${name}” revoked`,
  "api_key.leaked": (name) => `API key “${name}” found in public, and revoked`,
  "invite.created": (name) => `${name} invited`,
  "invite.resent": (name) => `Invitation sent to ${name} again`,
  "invite.accepted": (name) => `${name} accepted the invitation`,
  "invite.cancelled": (name) => `Invitation of ${name} cancelled`,
  "team.role_changed": (name, event) => `Role of ${nameOr(name, event, "a person")} changed`,
  "team.member_removed": (name, event) => `${nameOr(name, event, "A person")} removed`,
  "team.member_left": (name, event) => `${nameOr(name, event, "A person")} left`,
  "team.member_joined": (name, event) => `${nameOr(name, event, "A person")} joined`,
  "drift.accepted": (_, event) => `Drifts of resource ${event.target_id} accepted as its baseline`,
  "resource.deleted": (name) => `${name} deleted, with its drifts`,
  "organization.changed": () => "Organization changed",
  "mfa.recovered": () => "Signed in with a recovery code",
  "mfa.recovery_codes_made": () => "Recovery codes created",
  "access.refused": (_, { target_id, details }) =>
    `Refused: ${target_id}${typeof details.required === "string" ? ` needs ${details.required}` : ""}`,
};

/** The person, where the event has more of them than a number. */
function nameOr(name: string, { target_id }: AuditEvent, otherwise: string): string {
  return name === target_id ? `${otherwise} (${name})` : name;
}

/** `API key created` of `api_key.created`. */
export function sayAction(action: string): string {
  const words = action.replace(/[._]/g, " ").replace(/^api key/, "API key");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function sayValue(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return value.length > 0 ? value.map(sayValue).join(", ") : "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value ? value : undefined;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
