/** A person signs in by the browser or with their authenticator app, and looks after their sessions. */
import assert from "node:assert/strict";
import { setUpApp, tokenOf } from "../http/authenticator_app.ts";
import { gatherCast, PASSWORD } from "../http/cast.ts";
import { Home } from "./infraudit_process.ts";
import { hasPseudoTerminal, PseudoTerminal } from "./pseudo_terminal.ts";

const cast = await gatherCast();
const { stack, call } = cast;
const ignore = !hasPseudoTerminal;
const newHome = (env: Record<string, string> = {}) =>
  new Home({ INFRAUDIT_SERVER_URL: stack.url, BROWSER: "true", ...env });

Deno.test(
  { name: "the browser is offered first; what is approved there is stored and works", ignore },
  async () => {
    await using home = newHome();
    const terminal = new PseudoTerminal(home, ["auth", "login"]);
    await terminal.waitFor("Sign in with the browser?");
    await terminal.type("\r");
    await terminal.waitFor("/device and check");
    const user_code = /[A-Z]{4}-[A-Z]{4}/.exec(terminal.seen)![0];
    assert.equal((await call("user", "POST", "/v1/auth/device/approve", { user_code })).status, 204);
    const { code, seen } = await terminal.end();
    assert.equal(code, 0, seen);
    assert.match(seen, /Stored the key infraudit on .+ of user@example\.com/);
    assert.ok(!/ia_(live|device)_\w{10}_?\w{20}/.test(seen), "no secret is shown");
    assert.equal((await home.run(["resources", "list"])).code, 0);
  },
);

Deno.test("a sign-in that is turned down ends with 4 and stores nothing", async () => {
  await using home = newHome();
  const child = home.spawn(["auth", "login", "--web"]);
  let seen = "";
  for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
    seen += chunk;
    const code = /[A-Z]{4}-[A-Z]{4}/.exec(seen)?.[0];
    if (code && seen.includes("Waiting")) {
      await call("user", "POST", "/v1/auth/device/deny", { user_code: code });
    }
  }
  const { code } = await child.status;
  await child.stdout.cancel();
  assert.deepEqual([code, /turned down/.test(seen)], [4, true], seen);
  await assert.rejects(Deno.stat(home.configPath), Deno.errors.NotFound);
});

Deno.test({ name: "the code of an authenticator app is asked for, or given by a flag", ignore }, async () => {
  const app = await setUpApp(await cast.supabase("admin"), cast);
  await using home = newHome();
  const login = ["auth", "login", "--email", "admin@example.com", "--password-stdin"];
  const without = await home.run(login, { stdin: `${PASSWORD}\n` });
  assert.deepEqual([without.code, /--totp is needed/.test(without.stderr)], [2, true], without.stderr);
  const flag = await home.run([...login, "--totp", await app.freshCode()], { stdin: `${PASSWORD}\n` });
  assert.equal(flag.code, 0, flag.stderr);
  assert.equal((await home.run(["auth", "whoami"])).code, 0);

  await using asked = newHome();
  const terminal = new PseudoTerminal(asked, ["auth", "login", "--email", "admin@example.com"]);
  await terminal.waitFor("Password");
  await terminal.type(`${PASSWORD}\r`);
  await terminal.waitFor("authenticator app");
  await terminal.type(`${await app.freshCode()}\r`);
  const { code, seen } = await terminal.end();
  assert.equal(code, 0, seen);
});

Deno.test("sessions are listed and ended", async () => {
  const token = await tokenOf(await cast.supabase("viewer"));
  await using home = newHome({ INFRAUDIT_TOKEN: token });
  const other = (await cast.signIn("viewer")).token;
  const list = JSON.parse((await home.run(["sessions", "list", "-o", "json"])).stdout);
  assert.equal(list.length, 2);
  assert.equal((await home.run(["sessions", "end-others", "--yes"])).code, 0);
  assert.equal((await cast.callWith(other, "GET", "/v1/auth/me")).status, 401);
  assert.equal((await home.run(["sessions", "end", list[0].id])).code, 0);
  assert.equal((await home.run(["auth", "whoami"])).code, 4);
});
