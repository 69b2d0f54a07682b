/** As a process: exit codes, streams, interruption and a broken network are what the help promises. */
import assert from "node:assert/strict";
import { VERSION } from "../../cli/version.ts";
import { commandLine, Home, inherited, namesIn } from "./infraudit_process.ts";
import { KEY, sampleKey, sampleResource } from "./samples.ts";
import { json, serveScript } from "./scripted_server.ts";
import { sayTestsSkipped } from "./skipped.ts";

Deno.test("wrong command lines: exit code 2, nothing on standard output, the next command named", async () => {
  await using home = new Home();
  for (
    const args of [
      ["auth", "statu"],
      ["resources", "delete", "x"],
      ["--output", "xml", "version"],
      ["auth"],
    ]
  ) {
    const { code, stdout, stderr } = await home.run(args);
    assert.equal(code, 2, args.join(" "));
    assert.equal(stdout, "", args.join(" "));
    assert.match(stderr, /next: |Usage: /, args.join(" "));
  }
  const mistyped = await home.run(["auth", "login", "--pasword=hunter22"]);
  assert.equal(mistyped.code, 2);
  assert.doesNotMatch(mistyped.stderr, /hunter22/);
  const variable = await home.run(["version"], { env: { INFRAUDIT_OUTPUT: "xml" } });
  assert.equal(variable.code, 2);
  assert.match(variable.stderr, /INFRAUDIT_OUTPUT must be one of table, json, yaml/);
});

Deno.test("nothing typed prints the help, and the version answers to every name people try, with 0", async () => {
  await using home = new Home();
  const bare = await home.run([]);
  assert.deepEqual([bare.code, bare.stderr], [0, ""]);
  assert.match(bare.stdout, /^Usage: infraudit/);
  for (const flag of ["--version", "-v", "-V"]) {
    const { code, stdout, stderr } = await home.run([flag]);
    assert.deepEqual([code, stdout, stderr], [0, `${VERSION}\n`, ""], flag);
  }
});

Deno.test("without a home folder the current one does not stand in for it", async () => {
  await using home = new Home();
  const { code, stderr } = await home.run(["config", "set", "output", "json"], { env: { HOME: "" } });
  assert.equal(code, 2);
  assert.match(stderr, /HOME is empty/);
  assert.deepEqual(await namesIn(home.path), []);
});

Deno.test("errors are JSON on standard error where JSON is wanted", async () => {
  await using home = new Home();
  const { code, stdout, stderr } = await home.run(["resources", "list", "-o", "json"]);
  assert.deepEqual([code, stdout], [4, ""]);
  const told = JSON.parse(stderr);
  assert.deepEqual([told.code, told.exit_code, told.command], [
    "SIGN_IN_NEEDED",
    4,
    "infraudit resources list",
  ]);
  assert.match(told.next, /^infraudit login/);
  const usage = await home.run(["drifts", "list", "--severity", "hi", "-o", "json"]);
  assert.equal(usage.code, 2);
  assert.deepEqual(
    JSON.parse(usage.stderr).error,
    'Unknown severity "hi". Use critical, high, medium or low.',
  );
});

Deno.test("help is data, exits with 0 and documents every exit code", async () => {
  await using home = new Home();
  const { code, stdout, stderr } = await home.run(["--help"]);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  for (const exit of ["0", "1", "2", "3", "4", "130"]) assert.match(stdout, new RegExp(`^  ${exit} `, "m"));
});

Deno.test("no credential is exit code 4; a broken network is 3 and never looks like an empty list", async () => {
  await using home = new Home();
  const none = await home.run(["resources", "list", "-o", "json"]);
  assert.deepEqual([none.code, none.stdout], [4, ""]);
  assert.match(JSON.parse(none.stderr).error, /You are not signed in/);
  await using gone = serveScript(() => json({}));
  await gone[Symbol.asyncDispose]();
  const env = { INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: gone.url };
  const broken = await home.run(["resources", "list", "-o", "json", "--debug"], { env });
  assert.deepEqual([broken.code, broken.stdout], [3, ""]);
  assert.match(broken.stderr, new RegExp(`${gone.url} could not be reached`));
  assert.doesNotMatch(broken.stderr, /sssss/);
});

Deno.test("a list that breaks off in the middle prints nothing and fails", async () => {
  const meta = { total: 2, page: 1, per_page: 1, next_cursor: "c" };
  await using server = serveScript((_, count) =>
    count === 0
      ? json({ data: [sampleResource(1)], meta })
      : json({ error: "A bug.", code: "INTERNAL", request_id: "req-5" }, 500)
  );
  await using home = new Home({ INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: server.url });
  const { code, stdout, stderr } = await home.run(["resources", "list"]);
  assert.deepEqual([code, stdout], [3, ""]);
  assert.match(stderr, /request id: req-5/);
});

Deno.test("a limit takes just as many rows and keeps the way to the rest; JSON and YAML are the API's", async () => {
  await using server = serveScript((request) => {
    const query = new URL(request.url).searchParams;
    const size = Number(query.get("per_page"));
    const from = Number(query.get("cursor") ?? 0);
    const data = Array.from({ length: size }, (_, at) => sampleResource(from + at + 1));
    return json({ data, meta: { total: 1000, page: 1, per_page: size, next_cursor: String(from + size) } });
  });
  await using home = new Home({ INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: server.url });
  const { stdout } = await home.run(["resources", "list", "--limit", "130", "-o", "json"]);
  const { data, meta } = JSON.parse(stdout);
  assert.deepEqual(data, Array.from({ length: 130 }, (_, at) => sampleResource(at + 1)));
  assert.deepEqual(meta, { total: 1000, page: 1, per_page: 130, next_cursor: "130" });
  assert.deepEqual(server.requests.map((one) => one.path), [
    "/v1/resources?per_page=100",
    "/v1/resources?per_page=30&cursor=100",
  ]);
  const ids = await home.run(["resources", "list", "--limit", "3", "-q"]);
  assert.equal(ids.stdout, "1\n2\n3\n");
  const yaml = await home.run(["resources", "list", "--limit", "1", "-o", "yaml"]);
  assert.match(yaml.stdout, /^data:\n {2}- id: 1\n/);
});

Deno.test("output that can't be written is a failure; a reader that leaves early is none", async () => {
  const created = { ...sampleKey(9), key: KEY };
  await using server = serveScript(() => json(created, 201));
  await using home = new Home();
  const run = (args: string[], into: string) =>
    new Deno.Command("bash", {
      args: ["-c", `set -o pipefail; "$@" ${into}`, "bash", ...commandLine(args)],
      clearEnv: true,
      env: { ...inherited(), HOME: home.path, INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: server.url },
    }).output();
  const create = ["api-keys", "create", "--name", "ci", "-q"];
  const full = await run(create, "> /dev/full");
  const talk = new TextDecoder().decode(full.stderr);
  assert.equal(full.code, 3);
  assert.match(talk, /Key 9 was made, but could not be shown.*(ENOSPC|No space left)/);
  assert.match(talk, /next: infraudit api-keys revoke 9/);
  assert.doesNotMatch(talk, /sssss/);
  assert.equal((await run(["--help"], "| true")).code, 0);
  const captured = await run(create, "");
  assert.deepEqual([captured.code, new TextDecoder().decode(captured.stdout)], [0, `${KEY}\n`]);
});

Deno.test("an interruption ends a running request with exit code 130", async () => {
  const held = Promise.withResolvers<void>();
  let asked = Promise.withResolvers<void>();
  await using server = serveScript(() => {
    asked.resolve();
    return held.promise.then(() => json({}));
  });
  await using home = new Home({ INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: server.url });
  try {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      asked = Promise.withResolvers();
      const child = home.spawn(["resources", "list"]);
      await asked.promise;
      child.kill(signal);
      const { code, stdout, stderr } = await child.output();
      assert.deepEqual([code, stdout.length], [130, 0], signal + new TextDecoder().decode(stderr));
    }
  } finally {
    held.resolve();
  }
});

Deno.test("plain http to another machine is warned of", async () => {
  await using home = new Home();
  const { stderr } = await home.run(["auth", "status", "--server", "http://api.example.invalid"]);
  assert.match(stderr, /warning: http:\/\/api\.example\.invalid is asked without encryption/);
});

Deno.test("--debug shows requests and answers, and no credential; neither does the process list", async () => {
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const refusal = { error: "hunter22-secret is wrong.", code: "INVALID_CREDENTIALS", request_id: "req-3" };
  await using server = serveScript(() => {
    asked.resolve();
    return held.promise.then(() => json(refusal, 401));
  });
  await using home = new Home({ INFRAUDIT_SERVER_URL: server.url });
  const args = ["auth", "login", "--email", "a@example.com", "--password", "hunter22-secret", "--debug"];
  const child = home.spawn(args);
  await asked.promise;
  const list = await processList();
  held.resolve();
  const { code, stderr } = await child.output();
  if (list === undefined) sayTestsSkipped("the process list, because there is no `ps` on this machine");
  else assert.ok(!list.includes("hunter22-secret"));
  const talk = new TextDecoder().decode(stderr);
  assert.equal(code, 4);
  assert.match(talk, new RegExp(`> POST ${server.url}/api/login`));
  assert.match(talk, /"password":"\*\*\*"/);
  assert.match(talk, /< 401 in \d+ ms/);
  assert.match(talk, /request id: req-3/);
  assert.doesNotMatch(talk, /hunter22/);
});

/** Every process with its arguments, as any user of the machine sees them. */
async function processList(): Promise<string | undefined> {
  try {
    const { stdout } = await new Deno.Command("ps", { args: ["-eo", "args", "-ww"] }).output();
    return new TextDecoder().decode(stdout);
  } catch {
    return undefined;
  }
}
