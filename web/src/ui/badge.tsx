/** Small coloured words: statuses, severities, roles. Never colour alone: the word says it too. */
import type { ReactNode } from "react";
import { classNames } from "./class_names.ts";

const TONES = {
  neutral: "bg-hover text-muted",
  good: "bg-good-soft text-good",
  accent: "bg-accent-soft text-accent",
  critical: "bg-danger-soft text-danger",
  high: "bg-high-soft text-high",
  medium: "bg-medium-soft text-medium",
  low: "bg-low-soft text-low",
};

export type Tone = keyof typeof TONES;

/** A word with a coloured dot. */
export function Badge({ tone = "neutral", dot = true, children }: {
  tone?: Tone;
  dot?: boolean;
  children: ReactNode;
}) {
  return (
    <span
      className={classNames(
        "inline-flex h-5.5 items-center gap-1.5 rounded-full px-2 text-xs font-medium whitespace-nowrap",
        TONES[tone],
      )}
    >
      {dot && <span aria-hidden className="size-1.5 rounded-full bg-current" />}
      {children}
    </span>
  );
}

/** A short piece of code or an identifier. */
export function Code({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <code className={classNames("rounded bg-hover px-1.5 py-0.5 font-mono text-xs text-muted", className)}>
      {children}
    </code>
  );
}
