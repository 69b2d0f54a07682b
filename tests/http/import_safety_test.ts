/** Guarantee: an import deletes only what it was asked to, and what it can't know never looks better than before. */
import assert from "node:assert/strict";
import { gatherCast } from "./cast.ts";

const { call, credential, stack } = await gatherCast();
const NONE = { created: 0, updated: 0, unchanged: 0, drifted: 0, ignored: 0, deleted: 0 };

const bucket = (source: string, name: string, configuration: object = { block_public_acls: true }) => ({
  external_id: `arn:aws:s3:::${source}-${name}`,
  name: `${source}-${name}`,
  resource_type: "aws_s3_bucket",
  provider: "aws",
  configuration,
  tags: {},
});
const buckets = (source: string, count: number) =>
  Array.from({ length: count }, (_, index) => bucket(source, `${index}`));

const post = (source: string, body: unknown, query = "") =>
  call("user", "POST", `/v1/resources/import?source=${source}${query}`, body);

const everything = () =>
  Promise.all(
    ["resources", "baselines", "drifts", "drift_events", "audit_events"].map((table) =>
      stack.database.query(`select * from public.${table} t order by t::text`)
    ),
  );

async function openDrifts(source: string) {
  const { data } = (await call("user", "GET", `/v1/resources?q=${source}-&per_page=100`)).body;
  const ids = data.map(({ id }: { id: number }) => id);
  const found = (await call("user", "GET", "/v1/drifts?status=detected&per_page=100")).body.data;
  return found.filter(({ resource_id }: { resource_id: number }) => ids.includes(resource_id));
}

Deno.test("a state alone deletes nothing, with or without a source", async () => {
  const lineage = "safe-lineage";
  const state = (names: string[]) => ({
    version: 4,
    lineage,
    resources: names.map((name) => ({
      mode: "managed",
      type: "aws_s3_bucket",
      name,
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [{ attributes: { id: name, arn: `arn:aws:s3:::safe-${name}`, bucket: name } }],
    })),
  });
  await call("user", "POST", "/v1/resources/import", state(["a", "b"]));
  for (const query of ["", "?source=safe-lineage", "?full=false"]) {
    const { body } = await call("user", "POST", `/v1/resources/import${query}`, state(["a"]));
    assert.deepEqual(body, { ...NONE, unchanged: 1 });
  }
  const { body } = await call("user", "POST", "/v1/resources/import?full=true", state(["a"]));
  assert.deepEqual(body, { ...NONE, unchanged: 1, deleted: 1 });
});

const PICTURES: [name: string, had: number, has: number, status: number][] = [
  ["5 of 9", 9, 4, 200],
  ["6 of 12", 12, 6, 200],
  ["6 of 11", 11, 5, 422],
  ["all of 3", 3, 0, 422],
];

for (const [name, had, has, status] of PICTURES) {
  Deno.test(`missing: ${name} → ${status}`, async () => {
    const source = `mass-${name.replaceAll(" ", "")}`;
    await post(source, buckets(source, had));
    const before = await everything();
    const answer = await post(source, buckets(source, has), "&full=true");
    assert.equal(answer.status, status);
    if (status === 200) return assert.equal(answer.body.deleted, had - has);
    assert.equal(answer.body.code, "UNPROCESSABLE");
    assert.match(answer.body.error, new RegExp(`${had - has} of the ${had} resources.*allow_mass_delete`));
    assert.deepEqual(await everything(), before, "nothing is written");
    const allowed = await post(source, buckets(source, has), "&full=true&allow_mass_delete=true");
    assert.deepEqual(allowed.body, { ...NONE, unchanged: has, deleted: had - has });
  });
}

Deno.test("an empty file never turns anything green", async () => {
  await post("green", buckets("green", 2));
  await post("green", [bucket("green", "0", { block_public_acls: false }), bucket("green", "1")]);
  assert.equal((await openDrifts("green")).length, 1);
  for (const empty of [[], { format_version: "1.0" }, { version: 4, resources: [] }]) {
    assert.equal((await post("green", empty)).status, 200, "not full, it says nothing");
    assert.equal((await post("green", empty, "&full=true")).status, 422);
    assert.equal((await openDrifts("green")).length, 1);
  }
  const both = await post("green", { format_version: "1.0" }, "&full=true&allow_mass_delete=true");
  assert.deepEqual([both.status, both.body.deleted], [200, 2]);
  assert.equal((await openDrifts("green")).length, 1, "what was open stays open");
});

Deno.test("a dry run counts what an import would do, and writes nothing", async () => {
  await post("dry", buckets("dry", 3));
  const changed = [
    bucket("dry", "0", { block_public_acls: false }),
    bucket("dry", "1"),
    bucket("dry", "new"),
  ];
  const before = await everything();
  const dry = await post("dry", changed, "&full=true&dry_run=true");
  assert.deepEqual([dry.status, dry.body], [200, {
    ...NONE,
    created: 1,
    updated: 1,
    unchanged: 1,
    drifted: 1,
    deleted: 1,
    risks: 0,
  }]);
  assert.deepEqual(await everything(), before);
  assert.deepEqual((await post("dry", changed, "&full=true")).body, dry.body, "and is right");
});

Deno.test("a viewer can't even try it", async () => {
  for (const query of ["", "?dry_run=true"]) {
    const answer = await call("viewer", "POST", `/v1/resources/import${query}`, buckets("viewer", 1));
    assert.deepEqual([answer.status, answer.body.details], [403, { required: "resources:write" }]);
  }
});

const open = (source: string, port: number) => ({
  external_id: `${source}-rule-${port}`,
  name: `${source}-rule-${port}`,
  resource_type: "aws_vpc_security_group_ingress_rule",
  provider: "aws",
  configuration: { cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: port, to_port: port },
  tags: {},
});

Deno.test("the first picture of a source is its baseline, and says how many risks it holds", async () => {
  const database = {
    external_id: "first-db",
    name: "first-db",
    resource_type: "aws_db_instance",
    provider: "aws",
    configuration: { publicly_accessible: true, storage_encrypted: false, engine: "postgres" },
    tags: {},
  };
  const { body } = await post("first", [database, bucket("first", "a")]);
  assert.equal(body.drifted, 0);
  assert.equal(body.risks, 2);
  const [{ id }] = (await call("user", "GET", "/v1/resources?q=first-db")).body.data;
  for (const actor of ["viewer", "user"] as const) {
    const risks = (await call(actor, "GET", `/v1/resources/${id}/risks`)).body;
    assert.equal(risks.resource_id, id);
    assert.deepEqual(risks.risks.map(({ field_path }: { field_path: string }) => field_path).sort(), [
      "publicly_accessible",
      "storage_encrypted",
    ]);
    assert.ok(
      risks.risks.every(({ severity }: { severity: string }) => ["critical", "high"].includes(severity)),
    );
  }
  assert.equal((await call("stranger", "GET", `/v1/resources/${id}/risks`)).status, 403);
  assert.equal((await call("viewer", "GET", "/v1/resources/999999/risks")).status, 404);
});

Deno.test("a danger that appears in a known source is a drift until it is undone or accepted", async () => {
  await post("known", [bucket("known", "a")]);
  const attachment = {
    external_id: "known-attachment",
    name: "known-attachment",
    resource_type: "aws_iam_role_policy_attachment",
    provider: "aws",
    configuration: { role: "ci", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    tags: {},
  };
  const policy = {
    external_id: "known-policy",
    name: "known-policy",
    resource_type: "aws_s3_bucket_policy",
    provider: "aws",
    configuration: {
      bucket: "known-a",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{
          Effect: "Allow",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::known-a/*",
        }],
      }),
    },
    tags: {},
  };
  const all = [bucket("known", "a"), open("known", 22), attachment, policy, bucket("known", "harmless")];
  const { body } = await post("known", all);
  assert.deepEqual([body.created, body.drifted], [4, 3]);
  const drifts = await openDrifts("known");
  const bad = drifts.filter(({ severity }: { severity: string }) => !["critical", "high"].includes(severity));
  assert.deepEqual(bad, []);
  assert.equal((await post("known", all)).body.drifted, 3, "seen again, it is still a drift");
  const [drift] = drifts.filter(({ resource_name }: { resource_name: string }) =>
    resource_name === "known-rule-22"
  );
  const accepted = await call("user", "POST", `/v1/drifts/${drift.id}/resolve`, { capture_baseline: true });
  assert.equal(accepted.body.resolution, "accepted");
  assert.equal((await post("known", all)).body.drifted, 2);
});

Deno.test("a console change that a plan reports is a drift at once, and so is what was deleted", async () => {
  const resource = (type: string, name: string, change: object) => ({
    address: `module.logs.${type}.${name}`,
    mode: "managed",
    type,
    name,
    provider_name: "registry.terraform.io/hashicorp/aws",
    change,
  });
  const block = (on: boolean) => ({ id: "plan-logs", bucket: "plan-logs", block_public_acls: on });
  const plan = {
    format_version: "1.2",
    planned_values: {},
    resource_drift: [
      resource("aws_s3_bucket_public_access_block", "this", {
        actions: ["update"],
        before: block(true),
        after: { ...block(false), last_modified_by: "eve@example.com" },
      }),
      resource("aws_cloudtrail", "main", { actions: ["delete"], before: { id: "plan-trail" }, after: null }),
      resource("aws_instance", "web", { actions: ["delete"], before: { id: "plan-web" }, after: null }),
    ],
  };
  const first = (await post("plan", plan)).body;
  assert.deepEqual([first.created, first.drifted, first.deleted], [3, 3, 2]);
  const found = (await call("user", "GET", "/v1/drifts?status=detected&per_page=100")).body.data
    .filter(({ resource_name }: { resource_name: string }) => /plan-|module\.logs/.test(resource_name));
  assert.deepEqual(
    found.map(({ resource_type, severity }: Record<string, string>) => `${resource_type} ${severity}`).sort(),
    ["aws_cloudtrail high", "aws_instance medium", "aws_s3_bucket_public_access_block high"],
  );
  const { id } = found.find(({ resource_type }: Record<string, string>) =>
    /access_block/.test(resource_type!)
  );
  const detail = (await call("viewer", "GET", `/v1/drifts/${id}`)).body;
  assert.deepEqual([detail.address, detail.module, detail.changed_by, detail.fix, detail.ignored], [
    "module.logs.aws_s3_bucket_public_access_block.this",
    "module.logs",
    "eve@example.com",
    "Set `block_public_acls` back to true, or accept the new state.",
    null,
  ]);
  const again = (await post("plan", plan)).body;
  assert.deepEqual(
    [again.created, again.unchanged, again.deleted],
    [0, 1, 0],
    "what is gone is not gone twice",
  );
});

Deno.test("a plan's log reports drift of what is known by its address, and is refused for the rest", async () => {
  const line = (entry: object) => JSON.stringify({ "@level": "info", "@message": "x", ...entry });
  const log = (address: string) =>
    [
      line({ type: "version", terraform: "1.9.0", ui: "1.2" }),
      line({
        type: "resource_drift",
        change: { resource: { addr: address, resource_type: "aws_s3_bucket" }, action: "update" },
      }),
      line({ type: "change_summary", changes: {} }),
    ].join("\n");
  await post("log", [{ ...bucket("log", "a"), address: "aws_s3_bucket.a" }]);
  const send = async (address: string) => {
    const response = await fetch(`${stack.url}/v1/resources/import?source=log`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await credential("user")}`,
        "content-type": "application/x-ndjson",
      },
      body: log(address),
    });
    return { status: response.status, body: await response.json() };
  };
  const unknown = await send("aws_s3_bucket.b");
  assert.deepEqual([unknown.status, unknown.body.code], [422, "UNPROCESSABLE"]);
  assert.match(unknown.body.error, /aws_s3_bucket\.b/);
  assert.deepEqual((await send("aws_s3_bucket.a")).body, { ...NONE, unchanged: 1, drifted: 1 });
  const [drift] = await openDrifts("log");
  assert.deepEqual([drift.severity, drift.summary], [
    "medium",
    "(unknown): Terraform saw that it was changed outside of its configuration",
  ]);
  assert.equal(
    (await post("log", [bucket("log", "a")])).body.drifted,
    0,
    "over once the resource itself is seen",
  );
});
