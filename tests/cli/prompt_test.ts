/** Prompts show no secret, end cleanly on Ctrl-C, and stay away where nobody can answer. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { commandLine, Home } from "./infraudit_process.ts";
import { bundleForNode } from "./node_bundle.ts";
import { hasPseudoTerminal, PseudoTerminal } from "./pseudo_terminal.ts";
import { json, serveScript } from "./scripted_server.ts";

const PASSWORD = "correct-horse-battery";
const session = {
  user: { id: 1, email: "user@example.com", role: "user" },
  token: "eyJh.eyJl.c2ln",
  refresh_token: "refresh-token-1",
  expires_at: Math.floor(Date.now() / 1000) + 3600,
  token_type: "bearer",
};
const ignore = !hasPseudoTerminal;

Deno.test({ name: "a typed password is sent, stored nowhere and never shown", ignore }, async () => {
  await using server = serveScript(() => json(session));
  await using home = new Home({ INFRAUDIT_SERVER_URL: server.url });
  const terminal = new PseudoTerminal(home, ["auth", "login", "--debug"]);
  await terminal.waitFor("Sign in with the browser?");
  await terminal.type("n\r");
  await terminal.waitFor("Email");
  await terminal.type("user@example.com\r");
  await terminal.waitFor("Password");
  await terminal.type(`${PASSWORD}\r`);
  const { code, seen } = await terminal.end();
  assert.equal(code, 0, seen);
  assert.match(seen, /Signed in as user@example\.com \(user\)/);
  for (const secret of [PASSWORD, session.token, session.refresh_token]) assert.ok(!seen.includes(secret));
  assert.deepEqual(JSON.parse(server.requests[0]?.body ?? ""), {
    email: "user@example.com",
    password: PASSWORD,
  });
  const stored = await Deno.readTextFile(home.configPath);
  assert.ok(!stored.includes(PASSWORD));
  assert.equal(parse(stored).auth.token, session.token);
});

Deno.test(
  { name: "Ctrl-C in a prompt ends with 130, asks nothing of the server and stores nothing", ignore },
  async () => {
    await using server = serveScript(() => json(session));
    await using home = new Home({ INFRAUDIT_SERVER_URL: server.url });
    const terminal = new PseudoTerminal(home, ["auth", "login", "--email", "user@example.com"]);
    await terminal.waitFor("Password");
    await terminal.type("half\u0003");
    const { code, seen } = await terminal.end();
    assert.equal(code, 130, seen);
    assert.ok(!seen.includes("half"));
    assert.equal(server.requests.length, 0);
    await assert.rejects(Deno.stat(home.configPath), Deno.errors.NotFound);
  },
);

Deno.test({ name: "Ctrl-D in any prompt ends with 130, on Deno and on Node", ignore }, async () => {
  await using server = serveScript(() => json(session));
  await using home = new Home({ INFRAUDIT_SERVER_URL: server.url, INFRAUDIT_API_KEY: "ia_live_x_y" });
  const node = await bundleForNode(home);
  const rows: [args: string[], shows: string][] = [
    [["login"], "Sign in with the browser?"],
    [["login", "--email", "user@example.com"], "Password"],
    [["resources", "delete", "7"], "Delete resource 7"],
  ];
  for (const [args, shows] of rows) {
    for (const line of [commandLine(args), ...node ? [[...node, ...args]] : []]) {
      const terminal = new PseudoTerminal(home, args, {}, { line });
      await terminal.waitFor(shows);
      await terminal.type("\u0004");
      const { code, seen } = await terminal.end();
      assert.equal(code, 130, `${line[0]}: ${seen}`);
    }
  }
  assert.equal(server.requests.length, 0);
});

Deno.test(
  { name: "registering asks for the password twice and refuses two different ones", ignore },
  async () => {
    await using server = serveScript(() => json(session, 201));
    await using home = new Home({ INFRAUDIT_SERVER_URL: server.url });
    const terminal = new PseudoTerminal(home, ["auth", "register", "--email", "new@example.com"]);
    await terminal.waitFor("Password");
    await terminal.type("first-password\r");
    await terminal.waitFor("Password again");
    await terminal.type("other-password\r");
    const { code, seen } = await terminal.end();
    assert.equal(code, 2, seen);
    assert.match(seen, /The two passwords are different/);
    assert.equal(server.requests.length, 0);
  },
);

Deno.test({ name: "deleting asks first, and no is the answer of a bare return", ignore }, async () => {
  await using server = serveScript(() => new Response(null, { status: 204 }));
  await using home = new Home({ INFRAUDIT_SERVER_URL: server.url, INFRAUDIT_API_KEY: "ia_live_x_y" });
  const no = new PseudoTerminal(home, ["resources", "delete", "7"]);
  await no.waitFor("Delete resource 7");
  await no.type("\r");
  assert.equal((await no.end()).code, 0);
  assert.match(no.seen, /Nothing was deleted/);
  assert.equal(server.requests.length, 0);
  const yes = new PseudoTerminal(home, ["resources", "delete", "7"]);
  await yes.waitFor("Delete resource 7");
  await yes.type("y\r");
  assert.equal((await yes.end()).code, 0);
  assert.equal(server.requests.length, 1);
});

Deno.test("what can't be undone needs --yes without a terminal: exit code 2, nothing asked of the server", async () => {
  await using server = serveScript(() => new Response(null, { status: 204 }));
  await using home = new Home({ INFRAUDIT_SERVER_URL: server.url, INFRAUDIT_API_KEY: "ia_live_x_y" });
  const rows = [
    ["resources", "delete", "7"],
    ["api-keys", "revoke", "7"],
    ["team", "remove", "7"],
    ["team", "cancel-invite", "7"],
  ];
  for (const args of rows) {
    const { code, stdout, stderr } = await home.run(args);
    assert.deepEqual([code, stdout], [2, ""], args.join(" "));
    assert.match(stderr, /Without a terminal, add --yes to /, args.join(" "));
  }
  assert.equal(server.requests.length, 0);
  const done = await home.run(["api-keys", "revoke", "7", "--yes", "-o", "json"]);
  assert.deepEqual([done.code, JSON.parse(done.stdout)], [0, { id: 7, revoked: true }], done.stderr);
  assert.deepEqual(server.requests.map(({ method, path }) => [method, path]), [[
    "DELETE",
    "/v1/settings/api-keys/7",
  ]]);
});

Deno.test("without a terminal nothing is asked: exit code 2 names the flag", async () => {
  await using home = new Home();
  const email = await home.run(["auth", "login"]);
  assert.equal(email.code, 2);
  assert.match(email.stderr, /Without a terminal, --email is needed/);
  const password = await home.run(["auth", "login", "--email", "user@example.com"]);
  assert.equal(password.code, 2);
  assert.match(password.stderr, /--password-stdin is needed/);
  const empty = await home.run(["auth", "login", "--email", "a@b.ch", "--password-stdin"], { stdin: "" });
  assert.equal(empty.code, 2);
  assert.match(empty.stderr, /standard input was empty/);
});

Deno.test("a password from standard input is taken to the end of its line, spaces included", async () => {
  await using server = serveScript(() => json(session));
  await using home = new Home({ INFRAUDIT_SERVER_URL: server.url });
  const args = ["auth", "login", "--email", "user@example.com", "--password-stdin"];
  assert.equal((await home.run(args, { stdin: " pass word \r\nmore" })).code, 0);
  assert.equal(JSON.parse(server.requests[0]?.body ?? "").password, " pass word ");
});
