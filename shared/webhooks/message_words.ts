/** What a message says to people in a chat: a title and a few lines, as plain text. */

export interface Words {
  readonly title: string;
  readonly lines: readonly string[];
}

type Data = Record<string, unknown>;

const MOST_DRIFTS = 10;
const LONGEST_LINE = 240;
const SEVERITIES = ["critical", "high", "medium", "low"];

const WORDS: Record<string, (data: Data) => Words> = {
  "drift.detected": (data) => drifts(data, "detected"),
  "drift.resolved": (data) => drifts(data, "resolved"),
  "key.expiring": ({ name, prefix, expires_at }) => ({
    title: "An API key is about to expire",
    lines: [`${name} (${prefix}_…) expires ${expires_at}. Rotate it in time.`],
  }),
  "key.leaked": ({ name, prefix, url }) => ({
    title: "An API key leaked and was revoked",
    lines: [`${name} (${prefix}_…)`, ...(url ? [`Found at ${url}`] : [])],
  }),
  "member.joined": ({ email, role }) => ({ title: "A member joined", lines: [`${email}, as ${role}`] }),
  "member.left": ({ email }) => ({ title: "A member left", lines: [`${email}`] }),
  "member.removed": ({ email, actor }) => ({
    title: "A member was removed",
    lines: [`${email}${actor ? `, by ${actor}` : ""}`],
  }),
  "member.role_changed": ({ email, role, previous_role, actor }) => ({
    title: "A member's role changed",
    lines: [`${email}: ${previous_role} → ${role}${actor ? `, by ${actor}` : ""}`],
  }),
  "webhook.disabled": ({ name, reason }) => ({
    title: "A webhook was disabled",
    lines: [`${name}: ${reason}`],
  }),
  "webhook.test": ({ name }) => ({ title: "InfraAudit test message", lines: [`The webhook ${name} works.`] }),
};

/**
 * The words for an event.
 * @param event such as `drift.detected`; one without words of its own is named
 * @param data as the standard format carries it
 */
export function wordsFor(event: string, data: Data): Words {
  const { title, lines } = WORDS[event]?.(data) ?? { title: event, lines: [] };
  return { title, lines: lines.map((line) => cut(line)) };
}

function drifts({ count, drifts }: Data, what: string): Words {
  const all = (drifts as Record<string, string>[])
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity!) - SEVERITIES.indexOf(b.severity!));
  const lines = all.slice(0, MOST_DRIFTS).map((drift) =>
    cut(`${drift.severity}: ${drift.resource_name} (${drift.resource_type}): ${drift.summary}`)
  );
  const left = Number(count) - lines.length;
  return {
    title: `${count} ${count === 1 ? "drift" : "drifts"} ${what}`,
    lines: left > 0 ? [...lines, `and ${left} more`] : lines,
  };
}

function cut(line: string): string {
  const flat = line.replace(/\s+/g, " ");
  return flat.length > LONGEST_LINE ? `${flat.slice(0, LONGEST_LINE - 1)}…` : flat;
}
