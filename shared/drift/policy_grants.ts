/** Which grants of one policy another does not have, found statement by statement, never multiplied out. */
import { isRecord, isSame, type JsonRecord } from "./json.ts";
import {
  indexPatterns,
  type PatternIndex,
  patternsCovering,
  patternsCoveringAllBut,
  spend,
  type Work,
  WorkUsedUp,
} from "./name_patterns.ts";
import { type Names, type Statement, statementsOf } from "./policy_document.ts";

/** Every combination of one principal, one action and one resource of the lists, under one condition. */
export interface Grants {
  effect: "Allow" | "Deny";
  principals: Names;
  actions: Names;
  resources: Names;
  isConditional: boolean;
}

export interface PolicyComparison {
  /** Allowed now and not before. */
  gained: Grants[];
  /** Denied before and not now. */
  undenied: Grants[];
  /** True when something is allowed no more, or denied that was not. */
  isNarrower: boolean;
}

/** Steps that any comparison may take, and further ones a name in the two policies. */
const BASE_STEPS = 2_000;
const STEPS_PER_NAME = 32;

/**
 * Compares what policies grant. A grant counts as had when a single statement of the other policy has it,
 * under no condition, the same or a wider one; wildcards cover what they match. The work is linear in the
 * number of names.
 * @param before all policies of the field in canonical form, as `after`
 * @returns `undefined` where that does not suffice: names that overlap in too many ways
 */
export function comparePolicies(
  before: readonly JsonRecord[],
  after: readonly JsonRecord[],
): PolicyComparison | undefined {
  const [was, is] = [before.flatMap(statementsOf), after.flatMap(statementsOf)];
  const size = [...was, ...is].reduce((sum, statement) => sum + sizeOf(statement), 0);
  const work = { left: BASE_STEPS + STEPS_PER_NAME * size };
  const only = (effect: Grants["effect"], of: Statement[], by: Statement[]) => {
    const same = (statements: Statement[]) => statements.filter((statement) => statement.effect === effect);
    return uncovered(same(of), same(by), work);
  };
  try {
    const gained = only("Allow", is, was);
    const undenied = only("Deny", was, is);
    const isNarrower = gained.length + undenied.length === 0 &&
      (only("Allow", was, is).length > 0 || only("Deny", is, was).length > 0);
    return { gained, undenied, isNarrower };
  } catch (error) {
    if (error instanceof WorkUsedUp) return undefined;
    throw error;
  }
}

function sizeOf({ principals, actions, resources }: Statement): number {
  return 1 + principals.names.length + actions.names.length + resources.names.length;
}

const DIMENSIONS = ["principals", "actions", "resources"] as const;
type Indexes = Record<typeof DIMENSIONS[number], PatternIndex>;

function uncovered(statements: Statement[], by: Statement[], work: Work): Grants[] {
  const known = new Set(by.map(({ text }) => text));
  const rest = statements.filter(({ text }) => !known.has(text));
  if (rest.length === 0) return [];
  const indexes: Indexes = {
    principals: indexPatterns(by.map(({ principals }) => principals)),
    actions: indexPatterns(by.map(({ actions }) => actions)),
    resources: indexPatterns(by.map(({ resources }) => resources)),
  };
  const covering = { principals: new Map(), actions: new Map(), resources: new Map() };
  return rest.flatMap((statement) => uncoveredOf(statement, by, indexes, covering, work));
}

/** For each name of a list, who covers it. */
type Covering = Map<string, Set<number>[]>;

function uncoveredOf(
  statement: Statement,
  by: Statement[],
  indexes: Indexes,
  covering: Record<typeof DIMENSIONS[number], Covering>,
  work: Work,
): Grants[] {
  const parts = DIMENSIONS.map((dimension) => {
    const { all_but, names } = statement[dimension];
    const index = indexes[dimension];
    if (all_but) return [{ names, users: patternsCoveringAllBut(index, names, work) }];
    return names.map((name) => {
      const users = covering[dimension].get(name) ?? patternsCovering(index, name, work);
      covering[dimension].set(name, users);
      return { names: [name], users };
    });
  });
  const candidates = candidatesOf(parts.map((part) => part.flatMap(({ users }) => users)), work)
    .filter((user) => isWider(by[user]!.condition, statement.condition, work));
  const classes = parts.map((part) => {
    const found = new Map<string, { names: string[]; by: Set<number> }>();
    for (const { names, users } of part) {
      spend(work, 1 + candidates.length * users.length);
      const covered = candidates.filter((user) => users.some((set) => set.has(user)));
      const key = covered.join();
      const one = found.get(key);
      if (one === undefined) found.set(key, { names: [...names], by: new Set(covered) });
      else one.names.push(...names);
    }
    return [...found.values()];
  });
  const grants: Grants[] = [];
  const [principals, actions, resources] = classes as [
    typeof classes[0],
    typeof classes[0],
    typeof classes[0],
  ];
  for (const principal of principals) {
    for (const action of actions) {
      for (const resource of resources) {
        spend(work, 1 + principal.by.size);
        if ([...principal.by].some((user) => action.by.has(user) && resource.by.has(user))) continue;
        grants.push({
          effect: statement.effect,
          principals: { ...statement.principals, names: principal.names },
          actions: { ...statement.actions, names: action.names },
          resources: { ...statement.resources, names: resource.names },
          isConditional: statement.condition !== undefined,
        });
      }
    }
  }
  return grants;
}

/** Who covers at least one name, by the list in which the fewest do. */
function candidatesOf(usersByDimension: Set<number>[][], work: Work): number[] {
  const count = (users: Set<number>[]) => users.reduce((sum, set) => sum + set.size, 0);
  const fewest = usersByDimension.toSorted((a, b) => count(a) - count(b))[0]!;
  spend(work, count(fewest));
  return [...new Set(fewest.flatMap((set) => [...set]))];
}

/** Operators that more values make narrower. */
const NEGATED = /not/i;

/** True when a condition holds wherever the other one holds: it asks for nothing more. */
function isWider(wide: JsonRecord | undefined, narrow: JsonRecord | undefined, work: Work): boolean {
  spend(work, 1);
  if (wide === undefined) return true;
  if (narrow === undefined) return false;
  for (const operator of Object.keys(wide)) {
    const [asked, given] = [wide[operator], narrow[operator]];
    if (!isRecord(asked) || !isRecord(given)) {
      if (!isSame(asked, given)) return false;
      continue;
    }
    for (const key of Object.keys(asked)) {
      const [some, few] = [asked[key], given[key]];
      if (!Array.isArray(some) || !Array.isArray(few)) return false;
      spend(work, some.length + few.length);
      const [outer, inner] = NEGATED.test(operator) ? [few, some] : [some, few];
      const values = new Set(outer);
      if (!inner.every((value) => values.has(value))) return false;
    }
  }
  return true;
}
