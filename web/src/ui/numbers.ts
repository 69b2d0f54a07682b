/** Numbers as people read them. */

const grouped = new Intl.NumberFormat("en");

/** `12,345` of 12345. */
export function sayNumber(value: number): string {
  return grouped.format(value);
}

/** `1 drift`, `2,000 drifts`. @param noun in the singular; its plural ends in s */
export function sayCount(count: number, noun: string): string {
  return `${sayNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}
