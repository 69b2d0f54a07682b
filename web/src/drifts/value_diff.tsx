/** What changed in one field: the lines that left and the lines that came. */
import { classNames } from "../ui/class_names.ts";
import { type FieldChange, linesOf, paired } from "./diff_lines.ts";

/** The changed fields, each with its old and new value. */
export function ValueDiff({ changes }: { changes: readonly FieldChange[] }) {
  return (
    <ul className="divide-y">
      {paired(changes).map((change, at) => (
        <li key={at} className="min-w-0">
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
  skipped: { row: "text-faint", sign: "⋯", signLook: "", word: "" },
};

function Lines({ change }: { change: FieldChange }) {
  const lines = linesOf(change);
  return (
    <pre
      tabIndex={0}
      aria-label={`Change of ${change.path}`}
      className="overflow-x-auto py-1 font-mono text-xs leading-5 outline-offset-[-2px] print:whitespace-pre-wrap"
    >
      {lines.map(({ kind, text }, at) => {
        const { row, sign, signLook, word } = LOOKS[kind];
        return (
          <span key={at} className={classNames("block min-w-max px-4", row)}>
            <span aria-hidden className={classNames("mr-3 inline-block w-2 select-none", signLook)}>{sign}</span>
            {kind !== lines[at - 1]?.kind && <span className="sr-only">{word}</span>}
            {text}
          </span>
        );
      })}
    </pre>
  );
}
