/** A session near its end is renewed once, by one process, before the command; no refresh token is lost. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { Home } from "./infraudit_process.ts";
import { json, type ScriptedServer, serveScript } from "./scripted_server.ts";

const soon = () => new Date(Date.now() + 10_000).toISOString();
const whoami = {
  type: "session",
  user: { id: 1, email: "user@example.com" },
  organization: { id: 1, name: "Demo" },
  role: "user",
  permissions: ["resources:read"],
  expires_at: null,
};

/** A server whose refresh tokens `r1`, `r2`, … are good once each, and whose newest access token alone is. */
function serveSingleUse(
  refuse: (generation: number) => Response | undefined = () => undefined,
): ScriptedServer {
  let generation = 1;
  return serveScript((request, _, body) => {
    if (new URL(request.url).pathname === "/api/refresh") {
      const refused = refuse(generation);
      if (refused) return refused;
      const sent = JSON.parse(body).refresh_token;
      if (sent !== `r${generation}`) {
        return json(
          { error: "The refresh token is not valid.", code: "TOKEN_INVALID", request_id: "req-r" },
          401,
        );
      }
      generation += 1;
      return json({
        user: { id: 1, email: "user@example.com", role: "user" },
        token: `access-${generation}`,
        refresh_token: `r${generation}`,
        expires_at: Math.floor(Date.now() / 1000) + 3600,
        token_type: "bearer",
      });
    }
    if (request.headers.get("authorization") === `Bearer access-${generation}`) return json(whoami);
    return json({ error: "The token has expired.", code: "TOKEN_EXPIRED", request_id: "req-w" }, 401);
  });
}

async function homeWith(server: ScriptedServer, expiresAt: string | null): Promise<Home> {
  const home = new Home();
  const expires = expiresAt ? `  expires_at: "${expiresAt}"\n` : "";
  await home.writeConfig(
    `# kept\nserver_url: ${server.url}\nauth:\n  token: access-1\n  refresh_token: r1\n${expires}`,
  );
  return home;
}

const storedAuth = async (home: Home) => parse(await Deno.readTextFile(home.configPath)).auth;
const refreshes = (server: ScriptedServer) =>
  server.requests.filter((one) => one.path === "/api/refresh").length;

Deno.test("a session near its end is renewed before the command and stored", async () => {
  await using server = serveSingleUse();
  await using home = await homeWith(server, soon());
  const { code, stderr } = await home.run(["auth", "whoami"]);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  assert.deepEqual(server.requests.map((one) => one.path), ["/api/refresh", "/v1/auth/whoami"]);
  const auth = await storedAuth(home);
  assert.equal(auth.token, "access-2");
  assert.equal(auth.refresh_token, "r2");
  assert.ok(Date.parse(auth.expires_at) > Date.now() + 3_000_000);
  assert.match(await Deno.readTextFile(home.configPath), /^# kept/);
  assert.equal((await home.run(["auth", "whoami"])).code, 0);
  assert.equal(refreshes(server), 1, "a fresh one is left alone");
});

Deno.test("a token the server calls expired is renewed once, whatever the file says of its end", async () => {
  await using server = serveSingleUse();
  await using home = await homeWith(server, new Date(Date.now() + 3_600_000).toISOString());
  // The server has moved on: another machine's clock, say.
  await Deno.writeTextFile(
    home.configPath,
    (await Deno.readTextFile(home.configPath)).replace("access-1", "access-0"),
  );
  const { code, stderr } = await home.run(["auth", "whoami"]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(server.requests.map((one) => one.path), [
    "/v1/auth/whoami",
    "/api/refresh",
    "/v1/auth/whoami",
  ]);
});

Deno.test("many processes at once spend one refresh token, and all of them work", async () => {
  await using server = serveSingleUse();
  await using home = await homeWith(server, soon());
  const runs = await Promise.all(Array.from({ length: 4 }, () => home.run(["auth", "whoami", "-q"])));
  assert.deepEqual(
    runs.map(({ code, stdout, stderr }) => ({ code, stdout, stderr })),
    runs.map(() => ({
      code: 0,
      stdout: "user@example.com\n",
      stderr: "",
    })),
  );
  assert.equal(refreshes(server), 1);
  assert.equal((await storedAuth(home)).refresh_token, "r2");
});

Deno.test("where the renewed session could not be kept, the refresh token is not spent", async () => {
  await using server = serveSingleUse();
  await using ended = await homeWith(server, new Date(Date.now() - 1000).toISOString());
  const refused = await ended.runOnFullDisk(["auth", "whoami"]);
  assert.equal(refused.code, 2, refused.stderr);
  assert.match(refused.stderr, /can't be written: the file would be larger than allowed/);
  assert.equal(server.requests.length, 0);
  await using ending = await homeWith(server, soon());
  assert.equal((await ending.runOnFullDisk(["auth", "whoami"])).code, 0, "the token is still good");
  assert.equal(refreshes(server), 0);
  assert.equal((await storedAuth(ending)).refresh_token, "r1");
});

Deno.test("a dead session ends in exit code 4 with the request id and the command to run", async () => {
  const dead = () =>
    json({ error: "The session was revoked.", code: "SESSION_REVOKED", request_id: "req-9" }, 401);
  await using server = serveSingleUse(dead);
  await using home = await homeWith(server, soon());
  const { code, stdout, stderr } = await home.run(["auth", "whoami"]);
  assert.equal(code, 4);
  assert.equal(stdout, "");
  assert.match(
    stderr,
    /Your session has ended: The session was revoked\.\n {2}request id: req-9\n {2}next: infraudit login/,
  );
  assert.equal((await storedAuth(home)).refresh_token, "r1");
});

Deno.test("a server that can't renew right now is no reason to fail while the token is still good", async () => {
  const busy = () => json({ error: "Try later.", code: "UNAVAILABLE", request_id: "r" }, 503);
  await using server = serveSingleUse(busy);
  await using home = await homeWith(server, soon());
  const { code, stderr } = await home.run(["auth", "whoami"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /could not be renewed yet: Try later/);
  await using ended = await homeWith(server, new Date(Date.now() - 1000).toISOString());
  assert.equal((await ended.run(["auth", "whoami"])).code, 3);
});

Deno.test("a stored credential is never sent to another server than the one it is for", async () => {
  await using own = serveSingleUse();
  await using other = serveSingleUse();
  await using home = await homeWith(own, null);
  await Deno.writeTextFile(
    home.configPath,
    `${await Deno.readTextFile(home.configPath)}  server_url: ${own.url}\n`,
  );
  assert.equal((await home.run(["auth", "whoami"])).code, 0);
  const { code, stderr } = await home.run(["auth", "whoami", "--server", other.url]);
  assert.equal(code, 4);
  assert.match(stderr, new RegExp(`is for ${own.url}, not for ${other.url}`));
  assert.equal(other.requests.length, 0);
});
