/** JSON for people: indented, with its parts told apart. */
import type { ReactNode } from "react";

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Text of JSON with keys, strings and other values in their own colours. */
export function highlightJson(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(end, match.index));
    const [token, string, colon] = match;
    const look = colon ? "text-accent" : string ? "text-good" : "text-high";
    const word = colon ? string : token;
    parts.push(<span key={match.index} className={look}>{word}</span>, colon);
    end = match.index + token.length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** A value as indented JSON; long ones scroll inside their own frame. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    <pre
      tabIndex={0}
      aria-label={label}
      className="max-h-[32rem] overflow-auto px-4 py-3 font-mono text-xs leading-5 outline-offset-[-2px]"
    >
      {highlightJson(JSON.stringify(value, null, 2) ?? "")}
    </pre>
  );
}
