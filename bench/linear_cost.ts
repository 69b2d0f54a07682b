/** What twice as much of anything costs a comparison, in time and in what it answers: `deno run bench/linear_cost.ts`. */
import process from "node:process";
import { detectDrifts, fingerprintOf } from "../shared/drift/detect.ts";
import type { Json, JsonRecord } from "../shared/drift/json.ts";

interface Dimension {
  name: string;
  type: string;
  n: number;
  /** The two sides of a comparison that is as hard as `n` of the thing can make it. */
  pair: (n: number) => [JsonRecord, JsonRecord];
}

const ROUNDS = 5;
const list = <Value>(n: number, make: (index: number) => Value) =>
  Array.from({ length: n }, (_, index) => make(index));
const policy = (statements: Json[]): JsonRecord => ({
  policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
});
const statement = (side: string, index: number, condition?: Json): JsonRecord => ({
  Effect: "Allow",
  Action: [`s3:Get${side}${index}*`, "s3:ListBucket"],
  Resource: `arn:aws:s3:::bucket-${index}/*`,
  ...condition === undefined ? {} : { Condition: { StringEquals: { "aws:x": condition } } },
});
const grant = (n: number, side: string): JsonRecord =>
  policy([{
    Effect: "Allow",
    Action: list(n, (i) => `s3:${side}Action${i}`),
    Resource: list(n, (i) => `arn:aws:s3:::${side}bucket-${i}`),
    Principal: { AWS: list(n, (i) => `arn:aws:iam::${100_000_000_000 + i}:role/${side}`) },
  }]);
const address = (i: number) => `10.${i >> 16 & 255}.${i >> 8 & 255}.${i & 255}/32`;
const rule = (port: number, cidrs: string[], description: string): JsonRecord => ({
  protocol: "tcp",
  from_port: port,
  to_port: port,
  cidr_blocks: cidrs,
  description,
});
const nested = (depth: number, leaf: Json, name: string): Json =>
  list(depth, (i) => i).reduce<Json>((inner, i) => ({ [name]: [inner, { other: i }] }), leaf);

const DIMENSIONS: Dimension[] = [
  {
    name: "statements of a policy",
    type: "aws_iam_policy",
    n: 1_000,
    pair: (n) => [policy(list(n, (i) => statement("a", i))), policy(list(n, (i) => statement("b", i)))],
  },
  {
    name: "statements under conditions",
    type: "aws_iam_policy",
    n: 700,
    pair: (n) => [
      policy(list(n, (i) => statement("a", 0, `${i}`))),
      policy(list(n, (i) => statement("a", 0, `x${i}`))),
    ],
  },
  {
    name: "actions, resources and principals",
    type: "aws_s3_bucket_policy",
    n: 1_500,
    pair: (n) => [grant(n, "a"), grant(n, "b")],
  },
  {
    name: "overlapping wildcards",
    type: "aws_iam_policy",
    n: 2_000,
    pair: (n) => [
      policy([{ Effect: "Allow", Action: list(n, (i) => `s3:*a${i}*b`), Resource: "*" }]),
      policy([{ Effect: "Allow", Action: list(n, (i) => `s3:*c${i}*b`), Resource: "*" }]),
    ],
  },
  {
    name: "rules of a security group",
    type: "aws_security_group",
    n: 1_000,
    pair: (n) => [
      { ingress: list(n, (i) => rule(2 * i, ["10.0.0.0/8"], "web")) },
      { ingress: list(n, (i) => rule(2 * i, ["0.0.0.0/0"], "web")) },
    ],
  },
  {
    name: "addresses of a rule with long words",
    type: "aws_security_group",
    n: 4_000,
    pair: (n) => [
      { ingress: [rule(22, list(n, address), "long ".repeat(4_000))] },
      { ingress: [rule(22, list(n, (i) => address(i + 1)), "long ".repeat(4_000))] },
    ],
  },
  {
    name: "rules of a network ACL",
    type: "aws_network_acl",
    n: 1_000,
    pair: (n) => {
      const rules = (cidr: (i: number) => string) => ({
        ingress: list(n, (i) => ({
          rule_no: i,
          action: i % 2 === 0 ? "allow" : "deny",
          protocol: "tcp",
          from_port: 2 * i,
          to_port: 2 * i,
          cidr_block: cidr(i),
        })),
      });
      return [rules(address), rules(() => "0.0.0.0/0")];
    },
  },
  {
    name: "rules of an Azure group",
    type: "azurerm_network_security_group",
    n: 1_000,
    pair: (n) => {
      const rules = (prefix: (i: number) => string) => ({
        security_rule: list(n, (i) => ({
          name: `r${i}`,
          priority: i,
          access: i % 2 === 0 ? "Allow" : "Deny",
          direction: "Inbound",
          protocol: "Tcp",
          source_address_prefix: prefix(i),
          destination_port_range: `${2 * i}`,
        })),
      });
      return [rules(address), rules(() => "*")];
    },
  },
  {
    name: "ranges of a Google firewall",
    type: "google_compute_firewall",
    n: 4_000,
    pair: (n) => [
      { allow: [{ protocol: "tcp", ports: ["22"] }], source_ranges: list(n, address) },
      { allow: [{ protocol: "tcp", ports: ["22"] }], source_ranges: list(n, (i) => address(2 * i + 1)) },
    ],
  },
  {
    name: "ports of a Google firewall",
    type: "google_compute_firewall",
    n: 4_000,
    pair: (n) => [
      { allow: [{ protocol: "tcp", ports: list(n, (i) => `${2 * i}`) }], source_ranges: ["10.0.0.0/8"] },
      { allow: [{ protocol: "tcp", ports: list(n, (i) => `${2 * i + 1}`) }], source_ranges: ["0.0.0.0/0"] },
    ],
  },
  {
    name: "keyed entries",
    type: "aws_ecs_task_definition",
    n: 3_000,
    pair: (n) => [
      { env: list(n, (i) => ({ name: `N${i}`, value: "a" })) },
      { env: list(n, (i) => ({ name: `N${n - i}`, value: "b" })) },
    ],
  },
  {
    name: "entries of an unknown list",
    type: "unknown",
    n: 5_000,
    pair: (n) => [{ entries: list(n, (i) => `e${i}`) }, { entries: list(n, (i) => `e${n - i}`) }],
  },
  {
    name: "fields",
    type: "unknown",
    n: 5_000,
    pair: (n) => [
      Object.fromEntries(list(n, (i) => [`field_${i}`, i])),
      Object.fromEntries(list(n, (i) => [`field_${i}`, i + 1])),
    ],
  },
  {
    name: "tags",
    type: "aws_instance",
    n: 5_000,
    pair: (n) => [
      { tags: Object.fromEntries(list(n, (i) => [`t${i}`, "a"])) },
      { tags: Object.fromEntries(list(n, (i) => [`t${i}`, "b"])) },
    ],
  },
  {
    name: "depth of sets within sets",
    type: "unknown",
    n: 30,
    pair: (n) => [
      { rules: list(100, (i) => nested(n, `a${i}`, "ingress")) },
      { rules: list(100, (i) => nested(n, `b${i}`, "ingress")) },
    ],
  },
  {
    name: "depth of blocks",
    type: "unknown",
    n: 30,
    pair: (n) => [
      { rules: list(100, (i) => nested(n, `a${i}`, "block")) },
      { rules: list(100, (i) => nested(n, `b${i}`, "block")) },
    ],
  },
  {
    name: "length of a text",
    type: "unknown",
    n: 1_000_000,
    pair: (n) => [{ text: "a".repeat(n) }, { text: "b".repeat(n) }],
  },
  {
    name: "length of a name",
    type: "unknown",
    n: 100_000,
    pair: (n) => {
      const inside = (value: number) => Object.fromEntries(list(1_000, (i) => [`f${i}`, value]));
      return [{ ["k".repeat(n)]: inside(1) }, { ["k".repeat(n)]: inside(2) }];
    },
  },
  {
    name: "values of a JSON text",
    type: "unknown",
    n: 4_000,
    pair: (n) => [{ text: `[${"[],".repeat(n)}1]` }, { text: `[${"[],".repeat(n)}2]` }],
  },
];

/** Milliseconds of CPU, the best of some rounds; of the clock where the runtime counts no CPU time (Deno 2.1). */
function cost({ type, pair }: Dimension, n: number): { ms: number; input: number; output: number } {
  const [before, after] = pair(n);
  let [best, output] = [Infinity, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const [start, clock] = [process.cpuUsage(), performance.now()];
    fingerprintOf(type, { configuration: after });
    output = JSON.stringify(detectDrifts(type, { configuration: before }, { configuration: after })).length;
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1_000 || performance.now() - clock);
  }
  return { ms: best, input: JSON.stringify([before, after]).length, output };
}

const rows = DIMENSIONS.map((dimension) => {
  const [once, twice] = [cost(dimension, dimension.n), cost(dimension, 2 * dimension.n)];
  return [
    dimension.name.padEnd(36),
    `${dimension.n}`.padStart(8),
    once.ms.toFixed(1).padStart(8),
    twice.ms.toFixed(1).padStart(8),
    (twice.ms / once.ms).toFixed(1).padStart(6),
    (twice.output / twice.input).toFixed(2).padStart(8),
  ].join(" ");
});
const head = `${"dimension".padEnd(36)}        n   ms of n  ms of 2n  ratio  answer/input`;
await Deno.stdout.write(new TextEncoder().encode(`${[head, ...rows].join("\n")}\n`));
