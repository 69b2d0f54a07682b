/** Severity rules: words for people. They are asked first, and what they match no other rule judges. */
import { anyChange } from "./compare.ts";
import type { FieldRule } from "./rule.ts";

export const LABEL_MAPS: readonly string[] = ["tags", "tag", "labels", "annotations", "tag_specifications"];

export const LABEL_RULES: readonly FieldRule[] = [
  {
    id: "tags",
    fields: LABEL_MAPS,
    compare: anyChange(),
    severity: "low",
    drift_type: "configuration",
    weaker: "Tags or labels changed",
    control: "AWS tagging best practices",
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
    control: "AWS tagging best practices",
  },
];
