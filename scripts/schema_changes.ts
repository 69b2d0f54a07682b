/** Compares two JSON Schemas as sender and reader: may what was sent still be sent, is what was read still there. */

// deno-lint-ignore no-explicit-any -- a document's parts are read by name, wherever they are
export type Part = any;
export type Doc = { paths: Record<string, Part>; components?: Part };

/** Pairs of references under comparison: a schema may contain itself. */
const underWay = new Set<string>();

/** Follows a `$ref` inside its document. */
export function resolve(document: Doc, part: Part): Part {
  if (typeof part?.$ref !== "string") return part;
  return part.$ref.slice(2).split("/").reduce((found: Part, key: string) => found?.[key], document);
}

/**
 * What an old client sends and the new schema would refuse.
 * @param where names the place in each sentence
 */
export function requestFaults(base: Doc, next: Doc, before: Part, after: Part, where: string): string[] {
  return compare(base, next, before, after, where, ([old, now]) => [
    ...missing(typesOf(old), typesOf(now)).map((type) => `can't be ${type} any more`),
    ...missing(valuesOf(old), valuesOf(now)).map((value) => `can't be ${JSON.stringify(value)} any more`),
    ...(old.enum || old.const !== undefined || !valuesOf(now) ? [] : ["takes only certain values now"]),
    ...TIGHTER.filter(([name, isTighter]) => now[name] !== undefined && isTighter(old[name], now[name]))
      .map(([name]) => `${name} is ${JSON.stringify(now[name])} now`),
    ...((now.required ?? []) as string[]).filter((name) => !(old.required ?? []).includes(name))
      .map((name) => `${name} is required now`),
    ...(now.additionalProperties === false
      ? missing(Object.keys(old.properties ?? {}), Object.keys(now.properties ?? {}))
        .map((name) => `${name} is not taken any more`)
      : []),
  ], requestFaults);
}

/** What an old client reads and the new schema no longer promises. New fields and enum values are allowed. */
export function responseFaults(base: Doc, next: Doc, before: Part, after: Part, where: string): string[] {
  return compare(base, next, before, after, where, ([old, now]) => [
    ...missing(typesOf(now), typesOf(old)).map((type) => `can be ${type} now`),
    ...missing(Object.keys(old.properties ?? {}), Object.keys(now.properties ?? {})).map((name) =>
      `${name} is gone`
    ),
    ...((old.required ?? []) as string[])
      .filter((name) => now.properties?.[name] && !(now.required ?? []).includes(name))
      .map((name) => `${name} may be missing now`),
  ], responseFaults);
}

type Compare = typeof requestFaults;

function compare(
  base: Doc,
  next: Doc,
  before: Part,
  after: Part,
  where: string,
  own: (pair: [Part, Part]) => string[],
  again: Compare,
): string[] {
  const pair = `${again.name} ${before?.$ref} ${after?.$ref}`;
  if (before?.$ref && underWay.has(pair)) return [];
  underWay.add(pair);
  try {
    const old = resolve(base, before);
    const now = resolve(next, after);
    const properties = Object.keys(old.properties ?? {}).filter((name) => now.properties?.[name]);
    return [
      ...own([old, now]).map((fault) => `${where}: ${fault}`),
      ...properties.flatMap((name) =>
        again(base, next, old.properties[name], now.properties[name], `${where}.${name}`)
      ),
      ...(old.items && now.items ? again(base, next, old.items, now.items, `${where}[]`) : []),
      ...compareChoices(base, next, old, now, where, again),
    ];
  } finally {
    underWay.delete(pair);
  }
}

/** Each choice that could be sent needs one that takes it; each that may come needs one that was known. */
function compareChoices(base: Doc, next: Doc, old: Part, now: Part, where: string, again: Compare): string[] {
  const [olds, nows] = [old.anyOf ?? [old], now.anyOf ?? [now]] as Part[][];
  if (!old.anyOf && !now.anyOf) return [];
  const isSender = again === requestFaults;
  const [every, some] = isSender ? [olds, nows] : [nows, olds];
  const fits = (one: Part, other: Part) =>
    (isSender ? again(base, next, one, other, "") : again(base, next, other, one, "")).length === 0;
  return every!.every((one) => some!.some((other) => fits(one, other)))
    ? []
    : [`${where}: its choices have changed`];
}

const TIGHTER: [string, (old: Part, now: Part) => boolean][] = [
  ["maxLength", (old, now) => old === undefined || now < old],
  ["minLength", (old, now) => now > (old ?? 0)],
  ["maximum", (old, now) => old === undefined || now < old],
  ["minimum", (old, now) => old === undefined || now > old],
  ["maxItems", (old, now) => old === undefined || now < old],
  ["minItems", (old, now) => now > (old ?? 0)],
  ["pattern", (old, now) => old !== now],
  ["format", (old, now) => old !== now],
];

function typesOf(schema: Part): string[] | undefined {
  if (schema.type === undefined) return undefined;
  const types: string[] = [schema.type].flat();
  // Every whole number is a number.
  return types.includes("number") ? [...types, "integer"] : types;
}

function valuesOf(schema: Part): unknown[] | undefined {
  return schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
}

/** What of the first list the second lacks; no list means anything goes. */
function missing<Value>(wanted: Value[] | undefined, given: Value[] | undefined): Value[] {
  return wanted && given ? wanted.filter((value) => !given.includes(value)) : [];
}
