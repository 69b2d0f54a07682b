/** How much of a hosted request's CPU budget an import of 5,000 resources takes: `deno run bench/drift_budget.ts`. */
import process from "node:process";
import { detectDrifts, fingerprintOf } from "../shared/drift/detect.ts";
import type { JsonRecord } from "../shared/drift/json.ts";
import { MAX_IMPORT_VALUES, valuesIn } from "../shared/contracts/import_size.ts";
import { createKeyedHash } from "../shared/drift/keyed_hash.ts";
import { readImport } from "../shared/drift/read_import.ts";

const RESOURCES = 5_000;
const BUDGET_MS = 2_000;
const ROUNDS = 3;

/** A database as a state has it: about 1.2 kB, a secret, tags, sets and a policy in a text. */
function attributes(index: number): JsonRecord {
  const plain = Array.from({ length: 25 }, (_, field) => [`field_${field}`, `value ${field} of ${index}`]);
  return {
    id: `db${index}`,
    arn: `arn:aws:rds:us-east-1:123456789012:db:${index}`,
    password: `secret ${index}`,
    publicly_accessible: false,
    tags_all: { Name: `db${index}`, team: "a" },
    vpc_security_group_ids: ["sg-2", "sg-1"],
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: `arn:${index}` }],
    }),
    ...Object.fromEntries(plain),
  };
}

const text = JSON.stringify({
  version: 4,
  lineage: "bench",
  resources: Array.from({ length: RESOURCES }, (_, index) => ({
    mode: "managed",
    type: "aws_db_instance",
    name: `n${index}`,
    provider: 'provider["registry.terraform.io/hashicorp/aws"]',
    instances: [{ attributes: attributes(index) }],
  })),
});

/** Milliseconds of CPU; of the clock where the runtime does not count CPU time (Deno 2.1). */
function cpuOf(work: () => void): number {
  const [start, clock] = [process.cpuUsage(), performance.now()];
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000 || performance.now() - clock;
}

const hash = createKeyedHash(new Uint8Array(32));
let best = { read: Infinity, fingerprint: Infinity, detect: Infinity };
for (let round = 0; round < ROUNDS; round++) {
  let snapshots = readImport("[]", hash).snapshots;
  const read = cpuOf(() => snapshots = readImport(text, hash).snapshots);
  const captured = snapshots.map(({ configuration, tags }) => ({
    configuration: configuration as JsonRecord,
    tags,
  }));
  const fingerprint = cpuOf(() => captured.forEach((one) => fingerprintOf("aws_db_instance", one)));
  const detect = cpuOf(() =>
    captured.forEach(({ configuration, tags }) => {
      const current = {
        configuration: { ...configuration, publicly_accessible: true, field_3: "other" },
        tags,
      };
      detectDrifts("aws_db_instance", { configuration, tags }, current);
    })
  );
  best = {
    read: Math.min(best.read, read),
    fingerprint: Math.min(best.fingerprint, fingerprint),
    detect: Math.min(best.detect, detect),
  };
}

const share = (ms: number) => `${Math.round(ms)} ms, ${(ms / BUDGET_MS).toFixed(2)} of the budget`;
const total = best.read + best.fingerprint + best.detect;
const report = [
  `${RESOURCES} resources, ${
    (text.length / 2 ** 20).toFixed(1)
  } MiB, best of ${ROUNDS}; budget ${BUDGET_MS} ms`,
  `read and mask: ${share(best.read)}`,
  `fingerprints: ${share(best.fingerprint)}`,
  `detect and judge, every resource drifted twice: ${share(best.detect)}`,
  `all: ${share(total)}`,
];

/** As many small values as one import takes, every one of them another than before. */
function mostValues(shift: number) {
  const fields = 1_000;
  return Array.from({ length: Math.floor(MAX_IMPORT_VALUES / fields) - 1 }, (_, index) => ({
    external_id: `r${index}`,
    name: "r",
    resource_type: "unknown_thing",
    provider: "unknown",
    configuration: Object.fromEntries(
      Array.from({ length: fields - 8 }, (_, field): [string, number] => [`f${field}`, field + shift]),
    ),
  }));
}
const [most, was] = [JSON.stringify(mostValues(1)), mostValues(0)];
const worst = cpuOf(() =>
  readImport(most, hash).snapshots.forEach(({ resource_type, configuration }, index) => {
    const current = { configuration: configuration as JsonRecord };
    fingerprintOf(resource_type, current);
    detectDrifts(resource_type, { configuration: was[index]!.configuration }, current);
  })
);
report.push(`${valuesIn(most)} small values, all of them changed: ${share(worst)}`);
await Deno.stdout.write(new TextEncoder().encode(`${report.join("\n")}\n`));
