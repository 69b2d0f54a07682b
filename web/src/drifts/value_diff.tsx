/** What changed in one field: the lines that left and the lines that came. */
import { diffLines } from "diff";
import { classNames } from "../ui/class_names.ts";

/** One changed field. */
export interface FieldChange {
  /** Where in the configuration, such as `ingress[0].cidr_blocks`. */
  path: string;
  before: unknown;
  after: unknown;
}

/** The changed fields, each with its old and new value. */
export function ValueDiff({ changes }: { changes: readonly FieldChange[] }) {
  return (
    <ul className="divide-y">
      {changes.map((change) => (
        <li key={change.path} className="min-w-0">
          <p className="bg-sunken px-4 py-2 font-mono text-xs font-medium break-all">{change.path}</p>
          <Lines change={change} />
        </li>
      ))}
    </ul>
  );
}

const LOOKS = {
  removed: { row: "bg-danger-soft", sign: "−", signLook: "text-danger", word: "was: " },
  added: { row: "bg-good-soft", sign: "+", signLook: "text-good", word: "is now: " },
  same: { row: "", sign: " ", signLook: "", word: "" },
};

function Lines({ change }: { change: FieldChange }) {
  const parts = diffLines(print(change.before), print(change.after));
  return (
    <pre
      tabIndex={0}
      aria-label={`Change of ${change.path}`}
      className="overflow-x-auto py-1 font-mono text-xs leading-5 outline-offset-[-2px]"
    >
      {parts.flatMap((part, index) => {
        const { row, sign, signLook, word } =
          LOOKS[part.removed ? "removed" : part.added ? "added" : "same"];
        return part.value.replace(/\n$/, "").split("\n").map((line, at) => (
          <span key={`${index}-${at}`} className={classNames("block min-w-max px-4", row)}>
            <span aria-hidden className={classNames("mr-3 select-none", signLook)}>{sign}</span>
            {at === 0 && <span className="sr-only">{word}</span>}
            {line}
          </span>
        ));
      })}
    </pre>
  );
}

/** A missing value has no line at all. */
function print(value: unknown): string {
  return value === undefined || value === null ? "" : `${JSON.stringify(value, null, 2)}\n`;
}
