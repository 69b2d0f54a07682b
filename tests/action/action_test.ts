/** Guarantee: a job that uses the action gets in, imports, fails on drift, says so everywhere, and is out with its policy. */
import assert from "node:assert/strict";
import { commandLine } from "../cli/infraudit_process.ts";
import { startKeyless } from "../keyless/keyless_stack.ts";
import { ACTION, Job } from "./composite_action.ts";

const { cast, issuer, organization, trust, trustNobody } = await startKeyless();
const { stack, call } = cast;

/** A release's file, for this machine: a script that starts the command from the checkout. */
const PROGRAM = `#!/bin/sh\nexec ${commandLine([]).map((word) => `'${word}'`).join(" ")} "$@"\n`;
const FILE = "infraudit-x86_64-unknown-linux-gnu";
let sum = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(PROGRAM))).toHex();
const asked: string[] = [];
/** GitHub: its releases, and what its runner offers a job with `id-token: write`. */
const github = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
  const { pathname, searchParams } = new URL(request.url);
  asked.push(pathname);
  if (pathname.endsWith(`/${FILE}`)) return new Response(PROGRAM);
  if (pathname.endsWith("/SHA256SUMS")) {
    return new Response(`${"0".repeat(64)}  web.tar.gz\n${sum}  ${FILE}\n`);
  }
  if (request.headers.get("authorization") !== "bearer runner-token") {
    return new Response(null, { status: 404 });
  }
  return Response.json({ value: await issuer.token({ aud: searchParams.get("audience") }) });
});
const GITHUB = `http://127.0.0.1:${github.addr.port}`;
Deno.test.afterAll(() => github.shutdown());

const IDENTITY = {
  ACTIONS_ID_TOKEN_REQUEST_URL: `${GITHUB}/token?api-version=2`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "runner-token",
};
const startJob = (env: Record<string, string> = IDENTITY) =>
  new Job("acme/infraudit", { GITHUB_SERVER_URL: GITHUB, ...env });
const keyless = { "server-url": stack.url, organization: String(organization) };
const SCOPES = ["resources:read", "resources:write", "drifts:read", "drifts:write"];

const buckets = (job: Job, acls: Record<string, string>) =>
  Deno.writeTextFile(
    `${job.work}/state.json`,
    JSON.stringify(
      Object.entries(acls).map(([name, acl]) => ({
        external_id: `arn:aws:s3:::${name}`,
        name,
        resource_type: "aws_s3_bucket",
        provider: "aws",
        configuration: { bucket: name, acl },
      })),
    ),
  );

Deno.test("a job: token, import, drift, exit 1, policy deleted, next call 401", async () => {
  await trustNobody();
  // The demo's own drifts are none of this job's.
  await stack.database.query("delete from public.drifts");
  const policy = (await trust({ scopes: SCOPES })).body;
  await using job = startJob();
  await buckets(job, { logs: "private", old: "private" });
  const first = await job.use({ ...keyless, file: "state.json" });
  assert.equal(first.code, 0, first.log);
  assert.deepEqual(first.ran, ["Set up the command", "Sign in", "Import", "Check"]);
  assert.ok(asked.includes(`/acme/infraudit/releases/latest/download/${FILE}`));
  assert.deepEqual(first.outputs, {
    created: "2",
    updated: "0",
    deleted: "0",
    drifted: "0",
    passed: "true",
    "sarif-file": "infraudit.sarif",
  });

  await buckets(job, { logs: "public-read" });
  const second = await job.use({ ...keyless, file: "state.json" });
  assert.equal(second.code, 1, second.log);
  assert.deepEqual([second.outputs.updated, second.outputs.deleted, second.outputs.passed], [
    "1",
    "1",
    "false",
  ]);
  assert.match(second.log, /^::error title=\w+%3A logs::/m);
  assert.match(second.summary, /\| logs \|/);
  const sarif = JSON.parse(await Deno.readTextFile(`${job.work}/infraudit.sarif`));
  assert.ok(sarif.runs[0].results.length >= 1);
  for (const text of [first.log, second.log, second.summary]) {
    assert.doesNotMatch(text, /ia_(?:live|test)_\w{10}_/);
  }
  const [source] = await stack.database.query<{ source: string }>(
    "select distinct source from public.resources where external_id like 'arn:aws:s3:::%logs' and source is not null",
  );
  assert.equal(source?.source, "acme/infra/state.json");

  assert.equal((await call("owner", "DELETE", `/v1/settings/trust-policies/${policy.id}`)).status, 204);
  // A later step of the same job is signed in by what the action left, and no more.
  const after = await job.run("infraudit resources list");
  assert.deepEqual([after.code, /API_KEY_REVOKED, HTTP 401/.test(after.log)], [4, true], after.log);
  const again = await job.use(keyless);
  assert.deepEqual([again.ran.at(-1), /No trust policy/.test(again.log)], ["Sign in", true]);
});

Deno.test("by a key: no identity is asked for, the key is shown nowhere", async () => {
  const { key } = (await call("owner", "POST", "/v1/settings/api-keys", { name: "CI", scopes: SCOPES })).body;
  await using job = startJob({});
  const used = await job.use({ "server-url": stack.url, "api-key": key, "fail-on": "low", check: "false" });
  assert.equal(used.code, 0, used.log);
  assert.deepEqual(used.ran, ["Set up the command", "Sign in"]);
  assert.ok(!used.log.includes(key));
  assert.deepEqual([used.outputs.passed, used.outputs.created], ["", ""]);
});

Deno.test("the command that is on the PATH is taken; a version takes that release", async () => {
  await using job = startJob({});
  await Deno.writeTextFile(`${job.work}/infraudit`, PROGRAM, { mode: 0o755 });
  const before = asked.length;
  const here = await job.run(`PATH="$GITHUB_WORKSPACE:$PATH"; bash "$GITHUB_ACTION_PATH/set_up.sh"`, {
    VERSION: "",
    RELEASES_OF: "",
  });
  assert.deepEqual([here.code, asked.length], [0, before], here.log);
  const set = await job.run(`bash "$GITHUB_ACTION_PATH/set_up.sh"`, { VERSION: "1.2.3", RELEASES_OF: "" });
  assert.equal(set.code, 0, set.log);
  assert.ok(asked.includes(`/acme/infra/releases/download/v1.2.3/${FILE}`));
});

Deno.test("what can't go on says why: another file, another machine, no identity, nothing to say who", async () => {
  const rows: [string, Record<string, string>, Record<string, string>, string, RegExp][] = [
    ["machine", { RUNNER_ARCH: "RISCV" }, keyless, "Set up the command", /no infraudit for Linux on RISCV/],
    ["identity", {}, keyless, "Sign in", /id-token: write/],
    ["who", {}, { "server-url": stack.url }, "Sign in", /`organization` for keyless access, or `api-key`/],
  ];
  for (const [name, env, inputs, last, words] of rows) {
    await using job = startJob(env);
    const used = await job.use(inputs);
    assert.notEqual(used.code, 0, name);
    assert.equal(used.ran.at(-1), last, name);
    assert.match(used.log, words, name);
  }
  const good = sum;
  sum = "f".repeat(64);
  await using job = startJob();
  const used = await job.use(keyless);
  sum = good;
  assert.deepEqual([used.code, used.ran], [1, ["Set up the command"]]);
  assert.match(used.log, /not the file that the release's SHA256SUMS names/);
});

Deno.test("a check that can't tell leaves no file behind, and its own exit code", async () => {
  await trustNobody();
  await trust({ scopes: SCOPES });
  await using job = startJob();
  const used = await job.use({ ...keyless, "fail-on": "dreadful" });
  assert.deepEqual([used.code, used.outputs.passed, used.outputs["sarif-file"]], [2, "", ""], used.log);
  await assert.rejects(Deno.stat(`${job.work}/infraudit.sarif`), Deno.errors.NotFound);
});

Deno.test("no input becomes part of a script, every one is used and said what for", async () => {
  const text = await Deno.readTextFile(new URL("../../action/action.yml", import.meta.url));
  for (const { run, name } of ACTION.runs.steps) assert.doesNotMatch(run, /\$\{\{/, name);
  for (const [name, { description }] of Object.entries(ACTION.inputs)) {
    assert.ok(description, name);
    assert.ok(text.includes(`inputs.${name} `), `${name} is used`);
  }
  const ids = ACTION.runs.steps.map(({ id }) => id);
  for (const { value } of Object.values(ACTION.outputs)) assert.ok(ids.includes(value.split(".")[1]), value);
});
