/** Against the local stack: signing in, keys and lists work as documented, and dead credentials say so. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import type { Home } from "./infraudit_process.ts";
import { PASSWORD, withStack } from "./stack_homes.ts";

const storedAuth = async (home: Home) => parse(await Deno.readTextFile(home.configPath)).auth;

Deno.test("the command against the local stack", (t) =>
  withStack(async ({ url, newHome, signIn }) => {
    await t.step(
      "the documented sign-in stores the token, and later commands use it without more",
      async () => {
        const home = newHome();
        const login = ["auth", "login", "--email", "user@example.com", "--password", PASSWORD];
        const { code, stdout, stderr } = await home.run(login);
        assert.deepEqual([code, stdout], [0, ""], stderr);
        assert.ok(!stderr.includes(PASSWORD));
        const { mode } = await Deno.stat(home.configPath);
        assert.equal((mode ?? 0) & 0o777, 0o600);
        home.env.INFRAUDIT_SERVER_URL = "";
        const whoami = await home.run(["auth", "whoami", "-o", "json"]);
        assert.equal(whoami.code, 0, whoami.stderr);
        const token = await home.run(["auth", "token"]);
        const answer = await fetch(`${url}/v1/auth/whoami`, {
          headers: { authorization: `Bearer ${token.stdout.trim()}` },
        });
        assert.deepEqual(JSON.parse(whoami.stdout), await answer.json(), "JSON is exactly the API's");
        const status = await home.run(["auth", "status", "-o", "json"]);
        const { credential, source, email, checked } = JSON.parse(status.stdout);
        assert.deepEqual([credential, source, email, checked], [
          "session",
          home.configPath,
          "user@example.com",
          true,
        ]);
      },
    );

    await t.step("a wrong password is exit code 4, and what was stored before stays", async () => {
      const home = await signIn("user@example.com");
      const before = await Deno.readTextFile(home.configPath);
      const args = ["auth", "login", "--email", "user@example.com", "--password-stdin", "--debug"];
      const { code, stderr } = await home.run(args, { stdin: "not-my-password" });
      assert.equal(code, 4);
      assert.match(stderr, /INVALID_CREDENTIALS, HTTP 401/);
      assert.match(stderr, /request id: /);
      assert.ok(!stderr.includes("not-my-password"));
      assert.equal(await Deno.readTextFile(home.configPath), before);
    });

    await t.step("a key is printed alone with --quiet, works, and is dead once revoked", async () => {
      const home = await signIn("user@example.com");
      const made = await home.run(["api-keys", "create", "--name", "ci", "-q"]);
      assert.equal(made.code, 0, made.stderr);
      assert.equal(made.stderr, "");
      assert.match(made.stdout, /^ia_live_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}\n$/);
      const key = made.stdout.trim();
      const machine = newHome({ INFRAUDIT_API_KEY: key });
      const whoami = JSON.parse((await machine.run(["auth", "whoami", "-o", "json"])).stdout);
      assert.equal(whoami.type, "api_key");
      const stored = newHome();
      assert.equal((await stored.run(["auth", "login", "--api-key-stdin"], { stdin: key })).code, 0);
      assert.equal((await storedAuth(stored)).api_key, key);
      assert.equal((await stored.run(["resources", "list", "-q"])).code, 0);
      const list = await home.run(["api-keys", "list"]);
      assert.ok(!list.stdout.includes(key));
      const rotated = await home.run([
        "api-keys",
        "rotate",
        String(whoami.api_key.id),
        "--grace-seconds",
        "60",
        "-q",
      ]);
      assert.match(rotated.stdout, /^ia_live_/, rotated.stderr);
      assert.equal((await home.run(["api-key", "revoke", String(whoami.api_key.id), "--yes"])).code, 0);
      for (const dead of [machine, stored]) {
        const { code, stdout, stderr } = await dead.run(["resources", "list", "--debug"]);
        assert.deepEqual([code, stdout], [4, ""]);
        assert.match(stderr, /API_KEY_REVOKED/);
        assert.ok(!stderr.includes(key));
      }
      assert.equal((await machine.run(["auth", "status"])).code, 4);
    });

    await t.step(
      "signing out ends the session on the server, then forgets it; a second time says so",
      async () => {
        const home = await signIn("user@example.com");
        const token = (await home.run(["auth", "token"])).stdout.trim();
        const { code, stderr } = await home.run(["auth", "logout"]);
        assert.equal(code, 0, stderr);
        assert.equal(await storedAuth(home), undefined);
        const elsewhere = await newHome({ INFRAUDIT_TOKEN: token }).run(["auth", "whoami"]);
        assert.equal(elsewhere.code, 4);
        assert.match(elsewhere.stderr, /SESSION_REVOKED/);
        assert.equal((await home.run(["auth", "logout"])).code, 4);
      },
    );

    await t.step(
      "a session ended elsewhere: exit code 4 and the next command, and logout still clears it",
      async () => {
        const home = await signIn("user@example.com");
        const other = await signIn("user@example.com");
        assert.equal((await other.run(["auth", "logout", "--all"])).code, 0);
        const dead = await home.run(["resources", "list"]);
        assert.equal(dead.code, 4);
        assert.match(dead.stderr, /next: infraudit login/);
        assert.equal((await home.run(["auth", "logout"])).code, 0);
        assert.equal(await storedAuth(home), undefined);
      },
    );

    await t.step("refused is exit code 1 and names the permission; nothing has changed", async () => {
      const viewer = await signIn("viewer@example.com");
      const { code, stdout, stderr } = await viewer.run(["resources", "delete", "1", "--yes"]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /FORBIDDEN, HTTP 403[\s\S]*missing permission: resources:write/);
      assert.equal((await viewer.run(["resource", "get", "1"])).code, 0);
      assert.equal((await viewer.run(["resources", "get", "999999"])).code, 1);
    });

    await t.step(
      "a session about to end is renewed by one of many processes, and all of them work",
      async () => {
        const home = await signIn("user@example.com");
        const text = await Deno.readTextFile(home.configPath);
        const { refresh_token: before } = await storedAuth(home);
        const soon = new Date(Date.now() + 5_000).toISOString();
        await Deno.writeTextFile(home.configPath, text.replace(/expires_at: .*/, `expires_at: ${soon}`));
        const runs = await Promise.all(Array.from({ length: 3 }, () => home.run(["auth", "whoami", "-q"])));
        for (const { code, stdout, stderr } of runs) {
          assert.deepEqual([code, stdout, stderr], [0, "user@example.com\n", ""]);
        }
        const after = await storedAuth(home);
        assert.notEqual(after.refresh_token, before);
        assert.equal((await home.run(["auth", "whoami", "-q"])).code, 0);
      },
    );

    await t.step("registering signs in as the owner of a new organization", async () => {
      const home = newHome();
      const args = [
        "auth",
        "register",
        "--email",
        "new@example.com",
        "--password-stdin",
        "--organization",
        "Mine",
      ];
      const { code, stderr } = await home.run(args, { stdin: "a-long-password" });
      assert.equal(code, 0, stderr);
      const whoami = JSON.parse((await home.run(["auth", "whoami", "-o", "json"])).stdout);
      assert.deepEqual([whoami.role, whoami.organization.name], ["owner", "Mine"]);
      const again = await newHome().run(args, { stdin: "a-long-password" });
      assert.equal(again.code, 1, again.stderr);
    });

    await t.step("two profiles in one file are two people", async () => {
      const home = await signIn("user@example.com");
      const args = ["--profile", "boss", "auth", "login", "--email", "admin@example.com", "--password-stdin"];
      assert.equal((await home.run(args, { stdin: PASSWORD })).code, 0);
      assert.equal((await home.run(["auth", "whoami", "-q"])).stdout, "user@example.com\n");
      assert.equal(
        (await home.run(["auth", "whoami", "-q", "--profile", "boss"])).stdout,
        "admin@example.com\n",
      );
      const none = await home.run(["auth", "whoami", "--profile", "nobody"]);
      assert.equal(none.code, 2, "a mistyped profile is not the default server");
      assert.match(none.stderr, /There is no profile "nobody"/);
    });

    await t.step("status tells the server's readiness with and without a credential", async () => {
      const anonymous = await newHome().run(["status"]);
      assert.equal(anonymous.code, 0, anonymous.stderr);
      assert.match(anonymous.stdout, /status\tok\n[\s\S]*signed in\tno\n/);
      const dead = await newHome({ INFRAUDIT_API_KEY: "ia_live_aaaaaaaaaa_" + "b".repeat(49) }).run([
        "status",
      ]);
      assert.equal(dead.code, 4);
    });

    await t.step(
      "team: an owner changes roles by address, the last owner stays, others are refused",
      async () => {
        const owner = await signIn("owner@example.com");
        const list = JSON.parse((await owner.run(["team", "list", "-o", "json"])).stdout);
        assert.deepEqual(
          list.data.map((row: { email: string }) => row.email).sort(),
          ["admin@example.com", "owner@example.com", "user@example.com", "viewer@example.com"],
        );
        const set = await owner.run(["team", "set-role", "VIEWER@example.com", "user"]);
        assert.equal(set.code, 0, set.stderr);
        assert.match(set.stdout, /^role\tuser$/m);
        assert.equal((await owner.run(["team", "set-role", "viewer@example.com", "viewer"])).code, 0);
        const last = await owner.run(["team", "remove", "owner@example.com", "--yes"]);
        assert.equal(last.code, 1);
        assert.match(last.stderr, /UNPROCESSABLE, HTTP 422/);
        const nobody = await owner.run(["team", "remove", "nobody@example.com", "--yes"]);
        assert.deepEqual([nobody.code, nobody.stdout], [1, ""]);
        const refused = await (await signIn("user@example.com")).run(["team", "invite", "a@example.com"]);
        assert.equal(refused.code, 1);
        assert.match(refused.stderr, /missing permission: team:write/);
      },
    );

    await t.step("an invitation's link, handed over by pipe, lets a person join", async () => {
      const joiner = newHome();
      const register = ["auth", "register", "--email", "joiner@example.com", "--password-stdin"];
      assert.equal((await joiner.run(register, { stdin: "a-long-password" })).code, 0);
      const owner = await signIn("owner@example.com");
      const link = await owner.run(["team", "invite", "joiner@example.com", "--role", "viewer", "-q"]);
      assert.match(link.stdout, /ia_invite_/, link.stderr);
      const joined = await joiner.run(["team", "accept", "-o", "json"], { stdin: link.stdout });
      assert.equal(joined.code, 0, joined.stderr);
      const { organization, role } = JSON.parse(joined.stdout);
      assert.deepEqual([organization.name, role], ["Demo", "viewer"]);
    });

    await t.step("audit: the owner sees who did what, and that the record is whole", async () => {
      const owner = await signIn("owner@example.com");
      const list = await owner.run(["audit", "list", "--limit", "150", "-o", "json"]);
      assert.equal(list.code, 0, list.stderr);
      const { data, meta } = JSON.parse(list.stdout);
      assert.equal(data.length, Math.min(150, meta.total));
      const verified = await owner.run(["audit", "verify", "-q"]);
      assert.deepEqual([verified.code, verified.stdout], [0, "intact\n"]);
      assert.equal((await (await signIn("viewer@example.com")).run(["audit", "list"])).code, 1);
    });
  }));
