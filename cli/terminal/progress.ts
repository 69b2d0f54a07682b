/** One line that says how far long work is, on standard error and only when that is a terminal. */
import process from "node:process";

const ERASE_LINE = "\r\u001b[K";

/** A progress line. */
export interface Progress {
  /** Replaces what the line says. */
  say(text: string): void;
  /** Takes the line away, so that what is printed next starts clean. */
  done(): void;
}

/**
 * Starts a progress line.
 * @param isShown false makes all of it do nothing
 */
export function startProgress(isShown: boolean): Progress {
  let isDirty = false;
  return {
    say(text) {
      if (!isShown) return;
      const room = Math.max(10, (process.stderr.columns || 80) - 1);
      process.stderr.write(ERASE_LINE + text.slice(0, room));
      isDirty = true;
    },
    done() {
      if (isDirty) process.stderr.write(ERASE_LINE);
      isDirty = false;
    },
  };
}
