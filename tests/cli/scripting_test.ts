/** Guarantee: --json, --jq, --template and `api` give scripts exactly what they ask for, and refuse what can't be. */
import assert from "node:assert/strict";
import { Home } from "./infraudit_process.ts";
import { KEY, sampleDrift } from "./samples.ts";
import { json, type ScriptedServer, serveScript } from "./scripted_server.ts";

const homeFor = (server: ScriptedServer) =>
  new Home({ INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: server.url });

/** Two pages of two drifts. */
function pages(request: Request): Response {
  const from = Number(new URL(request.url).searchParams.get("cursor") ?? 1);
  const data = [sampleDrift(from, {}), sampleDrift(from + 1, { severity: "low", summary: "a\u202eb" })];
  return json({ data, meta: { total: 4, page: 1, per_page: 2, next_cursor: from === 1 ? "3" : null } });
}

Deno.test("fields of a list are an array, a jq expression and a template see the same, on every page", async () => {
  await using server = serveScript(pages);
  await using home = homeFor(server);
  const rows: [args: string[], stdout: string][] = [
    [
      ["--json", "id,severity", "--jq", "."],
      '[{"id":1,"severity":"high"},{"id":2,"severity":"low"},{"id":3,"severity":"high"},{"id":4,"severity":"low"}]\n',
    ],
    [["--jq", '.data[] | select(.severity == "high") | .id'], "1\n3\n"],
    [["--jq", ".data[0].summary"], "acl: public\n"],
    [["--jq", ".meta.next_cursor"], "null\n"],
    [["--json", "id", "--template", "{{#data}}<{{id}}>\\n{{/data}}"], "<1>\n<2>\n<3>\n<4>\n"],
  ];
  for (const [args, expected] of rows) {
    const { code, stdout, stderr } = await home.run(["drifts", "list", ...args]);
    assert.deepEqual([code, stdout], [0, expected], stderr);
  }
});

Deno.test("a field that is not there and an expression that can't be read are exit code 2", async () => {
  await using server = serveScript(pages);
  await using home = homeFor(server);
  const field = await home.run(["drifts", "list", "--json", "nme"]);
  assert.deepEqual([field.code, field.stdout], [2, ""]);
  const told = JSON.parse(field.stderr);
  assert.equal(told.error, 'There is no field "nme".');
  assert.match(told.next, /one of: id, /);
  assert.equal((await home.run(["drifts", "list", "--jq", ".data["])).code, 2);
  assert.equal((await home.run(["drifts", "list", "--template", "{{#data}}"])).code, 2);
});

Deno.test("control and direction characters are escapes in JSON and YAML too: another spelling, the same value", async () => {
  await using server = serveScript(() =>
    json({ ...sampleDrift(2, {}), summary: "a\u202eb\u009b2J\u001b[31m" })
  );
  await using home = homeFor(server);
  const raw = await home.run(["api", "/v1/drifts/2", "-o", "yaml"]);
  assert.match(raw.stdout, /summary: "a\\u202eb\\u009b2J\\e\[31m"|summary: "a\\u202eb\\u009b2J\\u001b\[31m"/);
  const field = await home.run(["api", "/v1/drifts/2", "--json", "summary"]);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(field.stdout, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  assert.equal(JSON.parse(field.stdout).summary, "a\u202eb\u009b2J\u001b[31m");
});

Deno.test("api sends method, path, fields, headers and standard input as typed, with the credential", async () => {
  await using server = serveScript(() => new Response('{ "n": 1.0, "big": 12345678901234567890 }'));
  await using home = homeFor(server);
  const rows: [args: string[], method: string, path: string, body: string][] = [
    [["/v1/drifts"], "GET", "/v1/drifts", ""],
    [
      ["GET", "drifts?status=detected", "-f", "severity=high"],
      "GET",
      "/v1/drifts?status=detected&severity=high",
      "",
    ],
    [["DELETE", "/api/v1/drifts/7"], "DELETE", "/v1/drifts/7", ""],
    [["post", "/api/logout"], "POST", "/api/logout", ""],
    [["/v1/x", "-f", "a=1", "-F", "b=1", "-F", "c=true"], "POST", "/v1/x", '{"a":"1","b":1,"c":true}'],
    [["-X", "PATCH", "/v1/x", "--input", "-"], "PATCH", "/v1/x", '{"x": 1.0}'],
  ];
  for (const [args, method, path, body] of rows) {
    const { code, stdout, stderr } = await home.run(["api", ...args], { stdin: '{"x": 1.0}' });
    assert.equal(code, 0, stderr);
    const sent = server.requests.at(-1);
    assert.deepEqual([sent?.method, sent?.path, sent?.body], [method, path, body]);
    assert.equal(sent?.headers.get("authorization"), `Bearer ${KEY}`);
    assert.equal(stdout, '{ "n": 1.0, "big": 12345678901234567890 }\n', "the answer's own text");
  }
});

Deno.test("api fetches every page as one list; it sends the credential nowhere else; a refusal is the API's", async () => {
  await using server = serveScript((request) =>
    new URL(request.url).pathname === "/v1/drifts"
      ? pages(request)
      : json({ error: "No.", code: "FORBIDDEN", request_id: "r-1" }, 403)
  );
  await using home = homeFor(server);
  const all = await home.run(["api", "drifts", "--paginate", "--jq", "[.data[].id]"]);
  assert.deepEqual([all.code, all.stdout], [0, "[1,2,3,4]\n"], all.stderr);
  const asked = server.requests.length;
  const elsewhere = await home.run(["api", "https://elsewhere.example/v1/drifts"]);
  assert.equal(elsewhere.code, 2);
  assert.equal((await home.run(["api", "/v1/x", "-H", "Authorization: Bearer y"])).code, 2);
  assert.equal(server.requests.length, asked);
  const refused = await home.run(["api", "/v1/x", "-o", "json"]);
  assert.equal(refused.code, 1);
  const { code, request_id } = JSON.parse(refused.stderr);
  assert.deepEqual([code, request_id], ["FORBIDDEN", "r-1"]);
});

Deno.test("browse prints the page's address where no browser is to be opened", async () => {
  await using home = new Home({ INFRAUDIT_SERVER_URL: "https://api.example.com" });
  const rows: [args: string[], url: string][] = [
    [[], "https://api.example.com/"],
    [["drift", "7"], "https://api.example.com/drifts/7"],
    [["settings/team"], "https://api.example.com/settings/team"],
  ];
  for (const [args, url] of rows) {
    const { code, stdout } = await home.run(["browse", ...args, "--no-browser"]);
    assert.deepEqual([code, stdout], [0, `${url}\n`]);
  }
  const { stdout } = await home.run(["browse", "drifts", "--no-browser", "-o", "json"]);
  assert.deepEqual(JSON.parse(stdout), { url: "https://api.example.com/drifts", opened: false });
  const web = await home.run(["open", "-n", "drifts"], {
    env: { INFRAUDIT_WEB_URL: "https://app.example.com" },
  });
  assert.equal(web.code, 2, "only the long flag");
  assert.equal((await home.run(["browse", "https://evil.example"])).code, 2);
});
