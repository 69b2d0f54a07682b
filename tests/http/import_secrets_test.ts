/** Guarantee: a secret that comes in by any door stands in no column, answer, event or log line. */
import assert from "node:assert/strict";
import { createServiceDatabase } from "../../shared/db/client.ts";
import { WebhookCourier } from "../../shared/webhooks/courier.ts";
import { startReceiver } from "../webhooks/receiver.ts";
import { gatherCast } from "./cast.ts";

const { call, callWith, credential, logs, stack } = await gatherCast();
const receiver = startReceiver();
Deno.test.afterAll(() => receiver.close());
for (const format of ["standard", "slack"]) {
  await call("owner", "POST", "/v1/settings/webhooks", { name: format, format, url: receiver.url });
}
const CANARY = `Canary${crypto.randomUUID().replaceAll("-", "")}`;
const answers: string[] = [];

async function send(body: unknown, query = "", type = "application/json") {
  const response = await fetch(`${stack.url}/v1/resources/import${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${await credential("user")}`, "content-type": type },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  answers.push(text);
  return { status: response.status, body: JSON.parse(text) };
}

const aws = 'provider["registry.terraform.io/hashicorp/aws"]';
const raw = (type: string, attributes: object, more: object = {}) => ({
  version: 4,
  lineage: "canary",
  resources: [{ mode: "managed", type, name: "it", provider: aws, instances: [{ attributes, ...more }] }],
});
const shown = (type: string, values: object, sensitive_values: object) => ({
  format_version: "1.0",
  values: {
    root_module: {
      resources: [{
        address: `${type}.it`,
        mode: "managed",
        type,
        name: "it",
        provider_name: "registry.terraform.io/hashicorp/aws",
        values,
        sensitive_values,
      }],
    },
  },
});

/** Each with the secret in it, and once more with another, so that a drift shows it as well. */
const DOORS: Record<string, (secret: string) => unknown> = {
  "a raw state, by the provider's facts": (secret) =>
    raw("aws_ssm_parameter", { id: "p", name: "p", value: secret }),
  "a raw state, by its own marks": (secret) =>
    raw("x_y", { id: "m", odd: secret }, { sensitive_attributes: [[{ type: "get_attr", value: "odd" }]] }),
  "a raw state, by name": (secret) => raw("x_y", { id: "n", block: [{ servicePassword: secret }] }),
  "show: marked name and tags": (secret) =>
    shown("x_y", { id: "s", name: secret, tags: { a: secret } }, { name: true, tags: { a: true } }),
  "show: a marked id": (secret) => shown("x_z", { id: secret, bucket: secret }, { id: true, bucket: true }),
  "show: a mark that fits nothing": (secret) =>
    shown("x_s", { id: "set", block: [{ v: secret }] }, { block: [{}, { v: true }] }),
  "a plan": (secret) => ({
    format_version: "1.2",
    planned_values: {},
    resource_drift: [{
      ...shown("aws_db_instance", {}, {}).values.root_module.resources[0],
      change: {
        actions: ["update"],
        before: { id: "pl", password: `${secret}0` },
        after: { id: "pl", password: secret },
      },
    }],
  }),
  "a Pulumi stack": (secret) => ({
    version: 3,
    deployment: {
      resources: [{
        urn: "urn:x",
        custom: true,
        id: "pu",
        type: "aws:x/y:Y",
        outputs: {
          odd: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: secret },
        },
      }],
    },
  }),
  "CloudFormation": (secret) => ({
    StackResourceDrifts: [{
      StackId: "arn:aws:cloudformation:eu-west-1:1:stack/s/1",
      LogicalResourceId: "Db",
      PhysicalResourceId: "cf",
      ResourceType: "AWS::RDS::DBInstance",
      StackResourceDriftStatus: "MODIFIED",
      ExpectedProperties: JSON.stringify({ MasterUserPassword: `${secret}0` }),
      ActualProperties: JSON.stringify({ MasterUserPassword: secret }),
    }],
  }),
  "AWS Config": (secret) => ({
    configurationItems: [{
      resourceType: "AWS::Lambda::Function",
      resourceId: "co",
      configuration: { environment: { variables: { API_TOKEN: secret } } },
    }],
  }),
  "kubectl": (secret) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "k", uid: "k" },
    data: { any: secret },
    stringData: { any: secret },
  }),
  "an array": (secret) => [{
    external_id: "ar",
    name: "ar",
    resource_type: "x_y",
    provider: "x",
    tags: { api_token: secret },
    configuration: { connection_string: secret, repeated: `see ${secret}` },
  }],
};

for (const [name, make] of Object.entries(DOORS)) {
  Deno.test(`in by ${name}`, async () => {
    for (const secret of [CANARY, `${CANARY}1`]) {
      const { status, body } = await send(make(secret));
      assert.equal(status, 200, JSON.stringify(body));
    }
  });
}

Deno.test("in by one resource, by its change, and by an import that is refused", async () => {
  const resource = { external_id: "one", name: "one", resource_type: "x_y", provider: "x" };
  const made = await call("user", "POST", "/v1/resources", {
    ...resource,
    configuration: { password: CANARY },
  });
  assert.equal(made.status, 201);
  const patched = await call("user", "PATCH", `/v1/resources/${made.body.id}`, {
    tags: { password: CANARY },
    name: `postgres://app:${CANARY}@db`,
  });
  assert.equal(patched.status, 200);
  answers.push(JSON.stringify(made.body), JSON.stringify(patched.body));
  await send(`[{"external_id":"x","password":"${CANARY}"`);
  await send([{ external_id: "x", name: "x", resource_type: "x", provider: "x", status: CANARY }]);
  await send(raw("x_y", { id: "b", password: CANARY, deep: "\u0000" }));
});

Deno.test("out by no webhook", async () => {
  const courier = new WebhookCourier({
    database: createServiceDatabase(stack.url, stack.secretKey),
    secretKeys: ["x".repeat(32)],
    timeoutMilliseconds: 10_000,
    acceptsLoopback: true,
  });
  await courier.deliverDue();
  assert.ok(receiver.received.length > 8, `${receiver.received.length} messages`);
  assert.deepEqual(receiver.received.filter(({ body }) => body.includes(CANARY)), []);
});

Deno.test("then it stands nowhere", async () => {
  const tables = await stack.database.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname in ('public', 'private')`,
  );
  assert.ok(tables.length > 15);
  const places: string[] = [];
  for (const { name } of tables) {
    const found = await stack.database.query(`select from ${name} t where strpos(t::text, '${CANARY}') > 0`);
    if (found.length > 0) places.push(name);
  }
  assert.deepEqual(places, []);
  for (const path of ["/v1/resources", "/v1/drifts", "/v1/drifts?ignored=true", "/v1/baselines"]) {
    const token = await credential("owner");
    answers.push(
      JSON.stringify(
        (await callWith(token, "GET", `${path}${path.includes("?") ? "&" : "?"}per_page=100`)).body,
      ),
    );
  }
  const ids = await stack.database.query<{ id: number }>("select id::int as id from public.resources");
  for (const { id } of ids) {
    answers.push(JSON.stringify((await call("owner", "GET", `/v1/resources/${id}/config`)).body));
    answers.push(JSON.stringify((await call("owner", "GET", `/v1/resources/${id}/risks`)).body));
  }
  const drifts = await stack.database.query<{ id: number }>("select id::int as id from public.drifts");
  assert.ok(
    drifts.length >= Object.keys(DOORS).length - 2,
    `${drifts.length} drifts show that secrets changed`,
  );
  for (const { id } of drifts) {
    answers.push(JSON.stringify((await call("owner", "GET", `/v1/drifts/${id}`)).body));
  }
  for (const text of answers) assert.ok(!text.includes(CANARY), text.slice(0, 400));
  assert.ok(!JSON.stringify(logs).includes(CANARY));
});
