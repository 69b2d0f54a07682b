/** In a terminal: a progress line that is taken away again, tables that fit, colours only where wanted. */
import assert from "node:assert/strict";
import { Home } from "./infraudit_process.ts";
import { hasPseudoTerminal, PseudoTerminal } from "./pseudo_terminal.ts";
import { sampleKey } from "./samples.ts";
import { json, serveScript } from "./scripted_server.ts";

// deno-lint-ignore no-control-regex
const COLOR = /\u001b\[\d+m/;
// deno-lint-ignore no-control-regex
const CODES = /\u001b\[[0-9;?]*[A-Za-z]/g;

Deno.test({
  name: "tables fit, and colours are off with NO_COLOR and --no-color",
  ignore: !hasPseudoTerminal,
}, async () => {
  await using server = serveScript(() => json([sampleKey(1), sampleKey(2)]));
  await using home = new Home({ INFRAUDIT_API_KEY: "ia_live_x_y", INFRAUDIT_SERVER_URL: server.url });
  const colored = await new PseudoTerminal(home, ["api-keys", "list"]).end();
  assert.equal(colored.code, 0, colored.seen);
  assert.match(colored.seen, COLOR);
  const lines = colored.seen.replace(CODES, "").trim().split(/\r?\n/);
  assert.equal(lines.length, 3);
  for (const line of lines) assert.ok([...line].length <= 100, line);
  assert.match(lines[0] ?? "", /^ID +NAME +PREFIX +STATUS +SCOPES +EXPIRES +LAST USED +CREATED BY$/);
  assert.match(lines[1] ?? "", /…/);
  for (const [args, env] of [[["--no-color"], {}], [[], { NO_COLOR: "1" }]] as const) {
    const plain = await new PseudoTerminal(home, ["api-keys", "list", ...args], env).end();
    assert.doesNotMatch(plain.seen, COLOR);
  }
});

Deno.test({
  name: "long work shows how far it is on one line, and takes the line away",
  ignore: !hasPseudoTerminal,
}, async () => {
  const member = {
    id: 1,
    email: "a@example.com",
    full_name: null,
    role: "user",
    joined_at: "2026-11-24T09:30:00Z",
  };
  await using server = serveScript((_, count) =>
    json({ data: [member], meta: { total: 2, page: 1, per_page: 1, next_cursor: count === 0 ? "c" : null } })
  );
  await using home = new Home({ INFRAUDIT_API_KEY: "ia_live_x_y", INFRAUDIT_SERVER_URL: server.url });
  const { code, seen } = await new PseudoTerminal(home, ["team", "list"]).end();
  assert.equal(code, 0, seen);
  assert.ok(
    seen.includes("\r\u001b[KFetching people… 1 of 2\r\u001b[KFetching people… 2 of 2\r\u001b[K"),
    seen,
  );
});
