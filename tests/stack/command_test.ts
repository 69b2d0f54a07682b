/** `deno task dev`: what it prints, what it keeps, and how it says what is wrong. */
import assert from "node:assert/strict";
import { parseOptions } from "../../dev/options.ts";
import { runCommand, startCommand } from "./stack_process.ts";

Deno.test("the command keeps its data, its keys and its issuer over restarts", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    let first: Record<string, string> = {};
    let refreshToken = "";

    await t.step("the first start prints the variables, then READY, and nothing else", async () => {
      const stack = await startCommand(["--port", "0", "--no-web"], { folder });
      assert.deepEqual(stack.lines.map((line) => line.split(/[= ]/)[0]), [
        "SUPABASE_URL",
        "SUPABASE_PUBLISHABLE_KEY",
        "SUPABASE_SECRET_KEY",
        "SUPABASE_JWT_SECRET",
        "READY",
      ]);
      assert.equal(stack.lines.at(-1), `READY ${stack.variables.SUPABASE_URL}`);
      assert.match(stack.variables.SUPABASE_URL!, /^http:\/\/127\.0\.0\.1:\d+$/);
      first = stack.variables;
      const { data, error } = await stack.client().auth.signUp({
        email: "kept@example.com",
        password: "a long password",
      });
      assert.equal(error, null);
      refreshToken = data.session!.refresh_token;
      assert.equal(await stack.end("SIGINT"), 0);
      if (Deno.build.os !== "windows") assert.equal((await Deno.stat(folder)).mode! & 0o777, 0o700);
    });

    await t.step("after Ctrl-C the next start knows people, sessions and keys", async () => {
      const stack = await startCommand(["--port", "0", "--no-web"], { folder });
      const { SUPABASE_URL: _, ...kept } = stack.variables;
      const { SUPABASE_URL: firstUrl, ...before } = first;
      assert.deepEqual(kept, before);
      const { data, error } = await stack.client().auth.refreshSession({ refresh_token: refreshToken });
      assert.equal(error, null);
      assert.equal(data.user?.email, "kept@example.com");
      const claims = JSON.parse(
        atob(data.session!.access_token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/")),
      );
      assert.equal(claims.iss, `${firstUrl}/auth/v1`);
      const me = await fetch(`${stack.variables.SUPABASE_URL}/v1/auth/me`, {
        headers: { authorization: `Bearer ${data.session!.access_token}` },
      });
      assert.equal(me.status, 200, await me.text());

      const second = await runCommand(["--port", "0"], { folder });
      assert.equal(second.code, 1);
      assert.match(second.talk, /^Another local stack is using .*--ephemeral/m);
      await stack.client().auth.signUp({ email: "killed@example.com", password: "a long password" });
      await stack.end("SIGKILL");
    });

    await t.step("after a crash nothing that was answered is lost", async () => {
      const stack = await startCommand(["--port", "0", "--no-web", "--legacy-jwt-secret", "s".repeat(32)], {
        folder,
      });
      assert.equal(stack.variables.SUPABASE_JWT_SECRET, "s".repeat(32));
      const { error } = await stack.client().auth.signInWithPassword({
        email: "killed@example.com",
        password: "a long password",
      });
      assert.equal(error, null);
      const taken = await runCommand(["--port", new URL(stack.variables.SUPABASE_URL!).port, "--ephemeral"], {
        folder,
      });
      assert.equal(taken.code, 1);
      assert.match(taken.talk, /^Port \d+ is taken by another program\. Choose another with --port/m);
      assert.equal(await stack.end("SIGTERM"), 0);
    });

    await t.step("data of another version is refused and left alone", async () => {
      const version = `${folder}/database/PG_VERSION`;
      await Deno.writeTextFile(version, "16\n");
      const refused = await runCommand(["--port", "0"], { folder });
      assert.equal(refused.code, 1);
      assert.match(
        refused.talk,
        /was made by another version: it is PostgreSQL 16's, and this stack runs PostgreSQL 17/,
      );
      await Deno.writeTextFile(version, "17\n");
    });

    await t.step("broken data is refused and left alone", async () => {
      const control = `${folder}/database/global/pg_control`;
      const whole = await Deno.readFile(control);
      await Deno.writeTextFile(control, "broken");
      const refused = await runCommand(["--port", "0"], { folder });
      assert.equal(refused.code, 1);
      assert.match(
        refused.talk,
        /^The data in .* is broken: the database does not start from it\. Put a copy back, or delete/m,
      );
      assert.doesNotMatch(refused.talk, /\bat .*\.ts/);
      assert.equal(await Deno.readTextFile(control), "broken");
      await Deno.writeFile(control, whole);
    });

    await t.step("a first start that was cut short begins again", async () => {
      await Deno.writeTextFile(`${folder}/unfinished`, "");
      const stack = await startCommand(["--port", "0", "--no-web"], { folder });
      const { error } = await stack.client().auth.signInWithPassword({
        email: "kept@example.com",
        password: "a long password",
      });
      assert.equal(error?.code, "invalid_credentials");
      assert.equal(await stack.end("SIGINT"), 0);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wrong flags are named", async (t) => {
  const faults: [string[], RegExp][] = [
    [["--prot", "1"], /'--prot'[^]*Usage: deno task dev/],
    [["now"], /'now'[^]*Usage: deno task dev/],
    [["--port", "70000"], /--port takes a number from 0 to 65535/],
    [["--port", "-1"], /--port/],
    [["--port", "1e3"], /--port takes a number/],
    [["--db", "mysql://localhost"], /--db takes a URL such as postgres:/],
    [["--ephemeral", "--db", "postgres://x/y"], /can't be used together/],
    [["--legacy-jwt-secret", "short"], /at least 32 bytes/],
  ];
  for (const [flags, message] of faults) {
    await t.step(flags.join(" "), () => {
      assert.throws(() => parseOptions(flags), { name: "StackError", message });
    });
  }

  await t.step(
    "what can't be started ends with status 1, one sentence, and nothing on standard output",
    async () => {
      const { code, out, talk } = await runCommand(["--db", "postgres://127.0.0.1:1/none", "--port", "0"]);
      assert.equal(code, 1);
      assert.equal(out, "");
      assert.match(talk, /^Starting.*\nThe database 127\.0\.0\.1:1\/none can't be used: .+\n$/);
    },
  );

  await t.step("--help is no error", async () => {
    const { code, out } = await runCommand(["--help"]);
    assert.equal(code, 0);
    assert.match(out, /--ephemeral/);
  });
});
