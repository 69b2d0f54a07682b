/** Searching a column of lowered text. */

/** A pattern for LIKE that finds the text anywhere in any case, its own wildcards taken literally. */
export function containing(text: string): string {
  return `%${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
}
