/** Guarantee: a secret never stays in a configuration, whoever names it; what drift detection needs stays. */
import assert from "node:assert/strict";
import type { JsonRecord } from "../../shared/drift/json.ts";
import { createKeyedHash, MASK_PREFIX } from "../../shared/drift/keyed_hash.ts";
import { meaningOf } from "../../shared/drift/secret_names.ts";
import { maskSensitive } from "../../shared/drift/sensitive_values.ts";
import { pathsOfShow, pathsOfState, type SensitivePath } from "../../shared/drift/sensitive_paths.ts";
import { CLEAR_FIELDS, SECRET_FIELDS } from "./secret_rows.ts";

const hash = createKeyedHash(new TextEncoder().encode("a key of thirty-two bytes or more"));
const mask = (type: string, values: JsonRecord, paths: SensitivePath[] = []) =>
  maskSensitive(type, values, paths, "it", hash);
const CANARY = "Canary-7Qx9vTz2";

/** Puts a canary at `a.b[0].c`. */
function at(path: string, value: unknown): JsonRecord {
  const steps = path.split(/\.|(?=\[)/);
  return steps.reduceRight<unknown>(
    (inner, step) => step.startsWith("[") ? [inner] : { [step]: inner },
    value,
  ) as JsonRecord;
}

for (const [type, path] of SECRET_FIELDS) {
  Deno.test(`secret: ${type}.${path}`, () => {
    const text = JSON.stringify(mask(type, at(path, CANARY)));
    assert.ok(!text.includes(CANARY), text);
    assert.ok(text.includes(MASK_PREFIX));
  });
}

for (const [type, path, value] of CLEAR_FIELDS) {
  Deno.test(`clear: ${type}.${path} = ${JSON.stringify(value).slice(0, 60)}`, () => {
    assert.deepEqual(mask(type, at(path, value)), at(path, value));
  });
}

// Put together here, so that no scanner takes the table for real credentials.
const j = (...parts: string[]) => parts.join("");
const CREDENTIALS: Record<string, string> = {
  "a private key": j("-----BEGIN RSA PRIVATE", " KEY-----\nMIIEow\n"),
  "an AWS key id": j("AKIA", "IOSFODNN7EXAMPLE"),
  "a GitHub token": j("ghp_", "0123456789abcdefghijABCDEFGHIJ012345"),
  "a GitLab token": j("glpat-", "0123456789abcdefghij"),
  "a Slack token": j("xoxb-", "1234567890-abcdefghij"),
  "a Stripe key": j("sk_live_", "0123456789abcdef"),
  "a Google key": j("AIza", "SyA0123456789abcdefghijABCDEFGHIJ01"),
  "a SendGrid key": j("SG.", "0123456789abcdefgh.0123456789abcdefgh"),
  "a Vault token": j("hvs.", "0123456789abcdefghijklmn"),
  "a JWT": j("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0", ".c2lnbmF0dXJlLWhlcmU"),
  "one of our keys": j("ia_live_", "0123456789_0123456789abcdefghij"),
  "a password in an address": "postgres://app:hunter2hunter2@db.internal:5432/app",
  "a connection string": "Server=tcp:x.database.windows.net;User ID=a;Password=Tr0ub4dor&3;",
  "an account key": "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=aGVsbG8gd29ybGQ=;",
  "a shared-access address": "https://x.blob.core.windows.net/c?sv=2022&sig=aGVsbG8gd29ybGQ%3D",
  "a script": "#!/bin/bash\nexport DB_PASSWORD='Tr0ub4dor'\n",
  "YAML": "auth:\n  adminPassword: Tr0ub4dor3\n",
  "a flag": "--token=0123456789abcdef",
  "a header": "Authorization: Bearer 0123456789abcdef0123",
  "a Slack hook": "https://hooks.slack.com/services/T000/B000/XXXX",
};

for (const [name, text] of Object.entries(CREDENTIALS)) {
  Deno.test(`by its form, in a field of no meaning: ${name}`, () => {
    assert.ok(String(mask("x_y", { notes: text }).notes).startsWith(MASK_PREFIX), text);
    const embedded = JSON.stringify({ keep: "this", deep: [{ notes: text }] });
    const masked = String(mask("x_y", { doc: embedded }).doc);
    assert.ok(!masked.includes(JSON.stringify(text).slice(1, -1)));
    assert.equal(JSON.parse(masked).keep, "this", "the rest of a JSON text stays readable");
  });
}

Deno.test("a script in base64 is looked into", () => {
  const text = btoa(CREDENTIALS["a script"]!);
  assert.ok(String(mask("aws_launch_template", { user_data: text }).user_data).startsWith(MASK_PREFIX));
  const harmless = btoa("#!/bin/bash\napt-get install -y nginx\n");
  assert.equal(mask("aws_launch_template", { user_data: harmless }).user_data, harmless);
});

Deno.test("environment variables, parameters and headers are told by the name beside the value", () => {
  const definitions = JSON.stringify([{
    name: "app",
    image: "app:1",
    environment: [{ name: "DB_PASSWORD", value: CANARY }, { name: "LOG_LEVEL", value: "info" }],
    secrets: [{ name: "TOKEN", valueFrom: "arn:aws:ssm:us-east-1:1:parameter/token" }],
  }]);
  const masked = mask("aws_ecs_task_definition", { container_definitions: definitions });
  const [container] = JSON.parse(String(masked.container_definitions));
  assert.match(container.environment[0].value, /^sensitive:/);
  assert.equal(container.environment[1].value, "info");
  assert.equal(container.secrets[0].valueFrom, "arn:aws:ssm:us-east-1:1:parameter/token");
  assert.equal(container.image, "app:1");
});

Deno.test("a secret is masked wherever the resource repeats it, also inside a longer text", () => {
  const masked = mask("x_y", { password: CANARY, output: CANARY, url: `app/${CANARY}/x`, other: "open" });
  assert.ok(!JSON.stringify(masked).includes(CANARY));
  assert.equal(masked.other, "open");
});

Deno.test("the same secret gives the same hash in whatever order a set comes", () => {
  const users = (...names: string[]) => ({
    user: names.map((name) => ({ username: name, password: `secret-of-${name}` })),
  });
  const one = mask("aws_mq_broker", users("a", "b")).user as JsonRecord[];
  const other = mask("aws_mq_broker", users("b", "a")).user as JsonRecord[];
  assert.deepEqual(one, other.toReversed());
  assert.notEqual(one[0]!.password, one[1]!.password);
});

const MARKS: [name: string, values: JsonRecord, paths: SensitivePath[], gone: string[], kept: string[]][] = [
  ["a marked member", { a: { b: "S1" }, c: "K" }, [["a", "b"]], ["S1"], ["K"]],
  [
    "an element of a set",
    { block: [{ v: "S1" }, { v: "S2" }], c: "K" },
    pathsOfState([[
      { type: "get_attr", value: "block" },
      { type: "index", value: { value: { v: "S1" }, type: ["object", { v: "string" }] } },
      { type: "get_attr", value: "v" },
    ]]),
    ["S1", "S2"],
    ["K"],
  ],
  ["a member past a list without an index", { block: [{ v: "S1" }], c: "K" }, [["block", "v"]], ["S1"], [
    "K",
  ]],
  ["an element that isn't there", { block: ["S1"], c: "K" }, [["block", 7]], ["S1"], ["K"]],
  ["a nested member that isn't there", { a: { x: "S1" }, c: "K" }, [["a", "b"]], ["S1"], ["K"]],
  ["a member that isn't there", { c: "K" }, [["password"]], [], ["K"]],
  ["a list of booleans", { flags: [true], c: "K" }, pathsOfShow({ flags: [true] }), ["true"], ["K"]],
];

for (const [name, values, paths, gone, kept] of MARKS) {
  Deno.test(`marked by the state: ${name}`, () => {
    const text = JSON.stringify(mask("x_y", values, paths));
    for (const secret of gone) assert.ok(!text.includes(secret), text);
    for (const open of kept) assert.ok(text.includes(open), text);
  });
}

Deno.test("names are read in every spelling", () => {
  for (
    const name of ["DB_PASSWORD", "dbPassword", "db-password", "PGPASSWORD", "clientSecret", "x.api_token"]
  ) {
    assert.equal(meaningOf(name), "secret", name);
  }
  for (const name of ["PasswordPolicy", "password_length", "secretArn", "tokenType", "max_token_count"]) {
    assert.equal(meaningOf(name), "plain", name);
  }
});
