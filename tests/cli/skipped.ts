/** Says aloud what a machine could not try: a silent skip would look like a pass. */

/** Prints the reason on standard error. */
export function sayTestsSkipped(what: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`SKIPPED: ${what}\n`));
}
