/** Guarantee: drift is judged as public rule sets judge it, on pairs that the rules were not tuned on. */
import assert from "node:assert/strict";
import { detectDrifts, type DetectedDrift } from "../../shared/drift/detect.ts";
import { isRecord, type Json, type JsonRecord } from "../../shared/drift/json.ts";
import { SEVERITIES, type Severity } from "../../shared/drift/rules/rule.ts";

interface Pair {
  /** Hexadecimal digest of the check that a pair belongs to. */
  subject: string;
  provider: string;
  resource_type: string;
  severity: Severity;
  debatable?: boolean;
  good: JsonRecord;
  bad: JsonRecord;
}

const PAIRS = (await Deno.readTextFile(new URL("fixtures/judgement_corpus.jsonl", import.meta.url)))
  .trim().split("\n").map((line) => JSON.parse(line) as Pair);
const COUNTED = PAIRS.filter(({ debatable }) => !debatable);

/** Three of five subjects were looked at while the rules were written; the others only ever as a sum. */
const isHeldOut = ({ subject }: Pair) => Number.parseInt(subject.slice(0, 2), 16) % 5 >= 3;

const rank = (severity: Severity) => SEVERITIES.length - 1 - SEVERITIES.indexOf(severity);

/** The drift that a list would show first. */
function worst(type: string, before: JsonRecord, after: JsonRecord): DetectedDrift | undefined {
  const weight = ({ severity, drift_type }: DetectedDrift) =>
    rank(severity) * 2 + (drift_type === "configuration" ? 0 : 1);
  return detectDrifts(type, { configuration: before }, { configuration: after })
    .sort((a, b) => weight(b) - weight(a))[0];
}

const JUDGED = COUNTED.map((pair) => ({
  pair,
  weakened: worst(pair.resource_type, pair.good, pair.bad),
  improved: worst(pair.resource_type, pair.bad, pair.good),
}));
type Judged = (typeof JUDGED)[number];

const isNamed = ({ weakened }: Judged) => weakened !== undefined && weakened.drift_type !== "configuration";
const stepsOver = ({ pair, weakened }: Judged) => rank(weakened!.severity) - rank(pair.severity);
const isGrave = (severity: Severity) => rank(severity) >= rank("high");

/** What must hold, as shares of pairs. */
const THRESHOLDS: [
  name: string,
  among: (judged: Judged) => boolean,
  counts: (judged: Judged) => boolean,
  holds: (share: number) => boolean,
][] = [
  ["weaknesses are security or compliance", () => true, isNamed, (share) => share >= 0.9],
  [
    "at most one step from the experts",
    () => true,
    (judged) => isNamed(judged) && Math.abs(stepsOver(judged)) <= 1,
    (share) => share >= 0.85,
  ],
  [
    "critical and high are so",
    ({ pair }) => isGrave(pair.severity),
    (judged) => isNamed(judged) && isGrave(judged.weakened!.severity),
    (share) => share >= 0.85,
  ],
  [
    "too severe by two steps or more",
    () => true,
    (judged) => judged.weakened !== undefined && stepsOver(judged) >= 2,
    (share) => share <= 0.05,
  ],
  [
    "improvements are critical or high",
    () => true,
    ({ improved }) => improved !== undefined && isGrave(improved.severity),
    (share) => share <= 0.03,
  ],
];

for (
  const [part, judged] of Object.entries(
    Object.groupBy(JUDGED, ({ pair }) => isHeldOut(pair) ? "held out" : "tuned on"),
  )
) {
  for (const [name, among, counts, holds] of THRESHOLDS) {
    Deno.test(`judgement, ${part}: ${name}`, () => {
      const all = judged!.filter(among);
      const share = all.filter(counts).length / all.length;
      assert.ok(holds(share), `${(100 * share).toFixed(1)} % of ${all.length}`);
    });
  }
}

Deno.test("judgement: no pair's weakness goes unseen", () => {
  const unseen = JUDGED.filter(({ weakened }) => weakened === undefined).map(({ pair }) =>
    pair.resource_type
  );
  assert.deepEqual(unseen, []);
});

/** The same resource, told otherwise. */
const NEUTRAL: Record<string, (value: JsonRecord) => Json> = {
  "what only appears, with nothing in it": (good) => ({
    region: "eu-west-1",
    new_switch: false,
    further_notes: "",
    another_list: [],
    ...good,
  }),
  "an empty member in every block": (good) =>
    everywhere(good, (value) => isRecord(value) ? { new_switch: false, ...value } : value),
  "lists in another order": (good) =>
    everywhere(good, (value) => Array.isArray(value) ? value.toReversed() : value),
  "words and tags": (good) => ({ ...good, description: "b", tags: { public: "true" } }),
};

function everywhere(value: Json, change: (value: Json) => Json): Json {
  if (Array.isArray(value)) return change(value.map((element) => everywhere(element, change)));
  if (!isRecord(value)) return value;
  const members = Object.keys(value).map((name): [string, Json] => [name, everywhere(value[name]!, change)]);
  return change(Object.fromEntries(members));
}

for (const [name, change] of Object.entries(NEUTRAL)) {
  Deno.test(`judgement: ${name} is at most low`, () => {
    for (const { resource_type, good } of PAIRS) {
      const found = worst(resource_type, good, change(good) as JsonRecord);
      assert.ok(found === undefined || found.severity === "low", `${resource_type} ${found?.summary}`);
    }
  });
}

Deno.test("judgement: the confusion matrix", () => {
  const providers = [...new Set(COUNTED.map(({ provider }) => provider)), "all"];
  const text = providers.map((provider) =>
    matrixOf(provider, JUDGED.filter(({ pair }) => provider === "all" || pair.provider === provider))
  ).join("\n");
  Deno.stdout.writeSync(new TextEncoder().encode(text));
  assert.ok(JUDGED.length > 200);
});

/** What the experts say, a row, against what is said here, a column. */
function matrixOf(title: string, judged: readonly Judged[]): string {
  const head = ["experts say", "configuration", ...SEVERITIES];
  const rows = SEVERITIES.map((severity) => {
    const row = judged.filter(({ pair }) => pair.severity === severity);
    const said = SEVERITIES.map((severity) =>
      row.filter((one) => isNamed(one) && one.weakened!.severity === severity).length
    );
    return [severity, row.filter((one) => !isNamed(one)).length, ...said];
  });
  const lines = [head, ...rows].map((cells) => cells.map((cell) => String(cell).padStart(14)).join(""));
  return `\n${title}: ${judged.length} pairs\n${lines.join("\n")}\n`;
}
