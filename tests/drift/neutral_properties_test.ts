/** Guarantee: whatever is only spelled, ordered or filled in otherwise is no drift, of any public example. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { detectDrifts, fingerprintOf } from "../../shared/drift/detect.ts";
import { isSetLike } from "../../shared/drift/field_tables.ts";
import { isRecord, type Json, type JsonRecord } from "../../shared/drift/json.ts";
import { isProviderSet } from "../../shared/drift/provider_schema.ts";

interface Pair {
  resource_type: string;
  good: JsonRecord;
  bad: JsonRecord;
}

const PAIRS = (await Deno.readTextFile(new URL("fixtures/judgement_corpus.jsonl", import.meta.url)))
  .trim().split("\n").map((line) => JSON.parse(line) as Pair);

/** A value somewhere in a configuration, respelled. */
type Respelling = (value: Json, type: string, path: string) => Json;

const RESPELLINGS: Record<string, Respelling> = {
  "members in another order": (value) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).reverse()) : value,
  "sets in another order": (value, type, path) => {
    if (!Array.isArray(value)) return value;
    const name = path.slice(path.lastIndexOf(".") + 1);
    const isSet = isSetLike(type, path, name, value.some(isRecord)) || isProviderSet(type, path, name);
    return isSet ? value.toReversed() : value;
  },
  "set entries twice": (value, type, path) => {
    if (!Array.isArray(value)) return value;
    const name = path.slice(path.lastIndexOf(".") + 1);
    return isSetLike(type, path, name, value.some(isRecord)) ? [...value, ...value] : value;
  },
  "numbers as texts": (value) => typeof value === "number" ? String(value) : value,
  "texts as numbers": (value) =>
    typeof value === "string" && /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value,
  "switches as texts": (value) => typeof value === "boolean" ? String(value) : value,
  "texts as switches": (value) => value === "true" ? true : value === "false" ? false : value,
  "JSON with other white space": (value) => {
    if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
    try {
      return `\n${JSON.stringify(JSON.parse(value), null, 3)}\r\n`;
    } catch {
      return value;
    }
  },
  "JSON as a value": (value) => {
    if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
    try {
      return JSON.parse(value) as Json;
    } catch {
      return value;
    }
  },
  "a block as a list of one": (value) =>
    Array.isArray(value) && value.length === 1 && isRecord(value[0]) ? value[0] : value,
  "lines that end in CR and LF": (value) =>
    typeof value === "string" ? value.replaceAll(/\r?\n/g, "\r\n") : value,
  "ranges with host bits": (value) =>
    typeof value === "string" ? value.replace(/^(\d+\.\d+\.\d+)\.0\/(8|16|24)$/, "$1.7/$2") : value,
  "the world in IPv6, in full": (value) => value === "::/0" ? "0:0:0:0:0:0:0:0/0" : value,
  "ids of Azure in upper case": (value) =>
    typeof value === "string" && /^\/subscriptions\//i.test(value) ? value.toUpperCase() : value,
  "locations with spaces": (value, type, path) =>
    typeof value === "string" && type.startsWith("azurerm_") && path === "location"
      ? value.replace(/^([a-z]+)(europe|us|asia)(\d?)$/i, "$1 $2 $3").trim()
      : value,
  "what is missing, as null": (value, _type, path) =>
    isRecord(value) && Object.keys(value).length > 0 && !isInPolicy(value, path)
      ? { ...value, zz_not_there: null }
      : value,
  "what is missing, as empty": (value, type, path) =>
    isRecord(value) && Object.keys(value).length > 0 && !type.startsWith("kubernetes_") &&
      !isInPolicy(value, path)
      ? { ...value, zz_empty: {}, zz_none: [], zz_text: "" }
      : value,
};

/** In a policy a list that names nothing, or a condition on nothing, is not the same as none. */
function isInPolicy(value: JsonRecord, path: string): boolean {
  return "Statement" in value || path.includes("Statement");
}

const FILLED_IN: Record<string, JsonRecord> = {
  "the region of a new provider": { region: "eu-central-1" },
  "new switches that are off": { zz_new_switch: false, zz_new_number: 0, zz_new_choice: "none" },
  "a new block that is off": { zz_new_block: [{ first: false, second: [{ third: 0, fourth: null }] }] },
  "computed attributes": { etag: "W/1", arn: null, generation: 4, self_link: null, last_modified: "now" },
};

function respell(value: Json, type: string, by: Respelling, path = ""): Json {
  const spelled = by(value, type, path);
  if (Array.isArray(spelled)) return spelled.map((element) => respell(element, type, by, path));
  if (!isRecord(spelled)) return spelled;
  return Object.fromEntries(
    Object.keys(spelled).map((
      name,
    ) => [name, respell(spelled[name]!, type, by, path === "" ? name : `${path}.${name}`)]),
  );
}

/** Whether the outer record is one that a step may not touch: a respelling speaks of a whole configuration. */
function respelled(pair: Pair, names: readonly string[], filledIn: readonly string[]): JsonRecord {
  const { resource_type, good } = pair;
  const spelled = names.reduce<Json>(
    (value, name) => respell(value, resource_type, RESPELLINGS[name]!),
    good,
  );
  const isAws = resource_type.startsWith("aws_");
  return Object.assign(
    {},
    ...filledIn.filter((name) => isAws || name !== "the region of a new provider").map((name) =>
      FILLED_IN[name]
    ),
    spelled,
  ) as JsonRecord;
}

const same = (type: string, a: JsonRecord, b: JsonRecord) =>
  detectDrifts(type, { configuration: a }, { configuration: b });

for (const name of Object.keys(RESPELLINGS)) {
  Deno.test(`neutral: every example's good side: ${name}`, () => {
    for (const pair of PAIRS) {
      const other = respelled(pair, [name], []);
      assert.deepEqual(same(pair.resource_type, pair.good, other), [], JSON.stringify(pair.good));
      assert.deepEqual(same(pair.resource_type, other, pair.good), [], JSON.stringify(pair.good));
    }
  });
}

for (const name of Object.keys(FILLED_IN)) {
  Deno.test(`neutral: every example's good side, filled in: ${name}`, () => {
    for (const pair of PAIRS) {
      const other = respelled(pair, [], [name]);
      assert.deepEqual(same(pair.resource_type, pair.good, other), [], JSON.stringify(pair.good));
      assert.deepEqual(same(pair.resource_type, other, pair.good), [], JSON.stringify(pair.good));
    }
  });
}

const PAIR = fc.constantFrom(...PAIRS);
const NAMES = fc.shuffledSubarray(Object.keys(RESPELLINGS));

Deno.test("neutral: any of them together are no drift, and the fingerprint stays where nothing was filled in", () => {
  fc.assert(
    fc.property(PAIR, NAMES, fc.subarray(Object.keys(FILLED_IN)), (pair, names, filledIn) => {
      const other = respelled(pair, names, filledIn);
      assert.deepEqual(same(pair.resource_type, pair.good, other), []);
      const spelled = respelled(pair, names, []);
      assert.equal(
        fingerprintOf(pair.resource_type, { configuration: spelled }),
        fingerprintOf(pair.resource_type, { configuration: pair.good }),
      );
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("neutral: beside a real change only that change is found, judged as without the spelling", () => {
  const brief = (drifts: ReturnType<typeof same>) =>
    drifts.map(({ field_path, severity, rule }) => `${field_path} ${severity} ${rule}`);
  fc.assert(
    fc.property(PAIR, NAMES, (pair, names) => {
      const { resource_type, good, bad } = pair;
      const other = respelled({ ...pair, good: bad }, names, []);
      assert.deepEqual(brief(same(resource_type, good, other)), brief(same(resource_type, good, bad)));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("neutral: through JSON and back, and twice the same, is the same answer", () => {
  fc.assert(
    fc.property(PAIR, NAMES, ({ resource_type, good, bad }, names) => {
      const other = respelled({ resource_type, good: bad, bad }, names, []);
      const once = JSON.stringify(same(resource_type, good, other));
      const [a, b] = JSON.parse(JSON.stringify([good, other])) as [JsonRecord, JsonRecord];
      assert.equal(JSON.stringify(same(resource_type, a, b)), once);
      assert.equal(JSON.stringify(same(resource_type, a, b)), once);
    }),
    { numRuns: 300 },
  );
});
