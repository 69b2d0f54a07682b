/** Severity rules: words for people. What they match no rule about fields judges. */
import { anyChange } from "./compare.ts";
import { isFieldAt } from "./names.ts";
import type { FieldRule } from "./rule.ts";

/** Maps whose names are free, so that no name in them means anything to a rule. */
export const LABEL_MAPS: ReadonlySet<string> = new Set([
  "annotations",
  "labels",
  "match_labels",
  "matchLabels",
  "resource_labels",
  "tag",
  "tag_specifications",
  "tags",
]);

export const LABEL_RULES: readonly FieldRule[] = [
  {
    id: "tags",
    fields: [...LABEL_MAPS],
    compare: anyChange(),
    severity: "low",
    drift_type: "configuration",
    weaker: "Tags or labels changed",
    control: { aws: "AWS tagging best practices", any: "NIST SP 800-53 CM-8" },
  },
  {
    id: "names-of-the-provider",
    fields: ["/id", "/arn", "/self_link", "/urn", "/resource_guid", "/owner_id", "/region"],
    compare: anyChange(),
    severity: "low",
    drift_type: "configuration",
    weaker: "What the provider calls the resource changed",
    control: { any: "NIST SP 800-53 CM-8" },
  },
  {
    id: "words",
    fields: [
      "description",
      "comment",
      "display_name",
      "displayname",
      "friendly_name",
      "title",
      "/name",
      "notes",
    ],
    compare: anyChange(),
    severity: "low",
    drift_type: "configuration",
    weaker: "A name or description for people changed",
    control: { aws: "AWS tagging best practices", any: "NIST SP 800-53 CM-8" },
  },
];

/** True when a change's names lead to or into a map of labels, or to words. */
export function isLabel(rule: FieldRule, names: readonly string[]): boolean {
  if (rule.id === "tags") {
    return names.some((name, depth) =>
      LABEL_MAPS.has(name) && (depth === 0 || !["tag", "tags"].includes(name))
    );
  }
  const path = names.join(".");
  return rule.fields!.some((field) => isFieldAt(field, path));
}
