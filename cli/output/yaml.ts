/** Answers as YAML that every reader takes for the same values. */
import { Document, visit } from "yaml";
import { escapeInStrings, isUnsafe } from "./escape.ts";

/** The value as one document. */
export function toYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: "yaml-1.1" });
  visit(document, {
    Scalar(_, node) {
      // Only a double-quoted scalar can spell a control character.
      if (typeof node.value === "string" && isUnsafe(node.value)) node.type = "QUOTE_DOUBLE";
    },
  });
  // YAML 1.1 readers would take "no" or "1_000" for something else: `compat` has such strings quoted.
  return escapeInStrings(document.toString({ lineWidth: 0 }));
}
