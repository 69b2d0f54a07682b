/** Names with wildcards, as IAM writes them: which pattern covers which, found without trying every pair. */
import type { Names } from "./policy_document.ts";

/** Counts elementary steps; past the limit a comparison gives up instead of taking everybody's time. */
export interface Work {
  left: number;
}

/** Thrown when {@link Work} is used up; only the comparison that set the limit sees it. */
export class WorkUsedUp extends Error {}

/** @throws WorkUsedUp */
export function spend(work: Work, steps: number): void {
  work.left -= steps;
  if (work.left < 0) throw new WorkUsedUp();
}

/** One pattern of an index, with the numbers of those who use it. */
export interface Pattern {
  readonly text: string;
  readonly users: Set<number>;
}

interface Complement {
  readonly names: readonly string[];
  readonly users: Set<number>;
}

/** Patterns by their text up to the first wildcard. */
export interface PatternIndex {
  readonly exact: Map<string, Pattern>;
  readonly byPrefix: Map<string, Pattern[]>;
  readonly prefixLengths: number[];
  readonly complements: Complement[];
}

/** @param lists one a user, whose number is its place */
export function indexPatterns(lists: readonly Names[]): PatternIndex {
  const exact = new Map<string, Pattern>();
  const byPrefix = new Map<string, Pattern[]>();
  const complements = new Map<string, Complement>();
  lists.forEach(({ all_but, names }, user) => {
    if (all_but) {
      const text = JSON.stringify(names);
      const complement = complements.get(text) ?? { names, users: new Set() };
      complements.set(text, complement);
      complement.users.add(user);
      return;
    }
    for (const text of names) {
      const known = exact.get(text);
      if (known !== undefined) {
        known.users.add(user);
        continue;
      }
      const pattern = { text, users: new Set([user]) };
      exact.set(text, pattern);
      const prefix = prefixOf(text);
      if (prefix.length === text.length) continue;
      const bucket = byPrefix.get(prefix);
      if (bucket === undefined) byPrefix.set(prefix, [pattern]);
      else bucket.push(pattern);
    }
  });
  const prefixLengths = [...new Set([...byPrefix.keys()].map((prefix) => prefix.length))];
  return { exact, byPrefix, prefixLengths, complements: [...complements.values()] };
}

/** The patterns that cover a name, which may itself have wildcards: whatever it matches, they match. */
export function patternsCovering(index: PatternIndex, name: string, work: Work): Set<number>[] {
  const found: Set<number>[] = [];
  const same = index.exact.get(name);
  if (same !== undefined) found.push(same.users);
  for (const length of index.prefixLengths) {
    spend(work, 1);
    if (length > name.length) continue;
    for (const pattern of index.byPrefix.get(name.slice(0, length)) ?? []) {
      if (pattern !== same && covers(pattern.text, name, work)) found.push(pattern.users);
    }
  }
  for (const { names, users } of index.complements) {
    if (names.every((excluded) => !mayOverlap(excluded, name, work))) found.push(users);
  }
  return found;
}

/** The patterns that cover everything but the given names. */
export function patternsCoveringAllBut(
  index: PatternIndex,
  names: readonly string[],
  work: Work,
): Set<number>[] {
  const found: Set<number>[] = [];
  for (const pattern of index.byPrefix.get("") ?? []) {
    if (/^\*+$/.test(pattern.text)) found.push(pattern.users);
  }
  for (const complement of index.complements) {
    const isWider = complement.names.every((excluded) => names.some((name) => covers(name, excluded, work)));
    if (isWider) found.push(complement.users);
  }
  return found;
}

/** True when a pattern with `*` and `?` covers a text, which may itself have them. */
export function covers(pattern: string, text: string, work: Work): boolean {
  let [at, here, star, mark] = [0, 0, -1, 0];
  spend(work, 1 + (text.length >> 4));
  while (here < text.length) {
    const wanted = pattern[at];
    if (wanted === "*") {
      star = at++;
      mark = here;
    } else if (wanted === text[here] || (wanted === "?" && text[here] !== "*")) {
      at++;
      here++;
    } else if (star !== -1) {
      at = star + 1;
      here = ++mark;
      if ((mark & 15) === 0) spend(work, 1);
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** False only where no name can match both. */
function mayOverlap(a: string, b: string, work: Work): boolean {
  const [prefixA, prefixB] = [prefixOf(a), prefixOf(b)];
  if (prefixB.length === b.length) return covers(a, b, work);
  if (prefixA.length === a.length) return covers(b, a, work);
  spend(work, 1);
  return prefixA.startsWith(prefixB) || prefixB.startsWith(prefixA);
}

function prefixOf(text: string): string {
  const wildcard = text.search(/[*?]/);
  return wildcard === -1 ? text : text.slice(0, wildcard);
}
