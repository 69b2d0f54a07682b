/** Guarantee: a language model's client sees and does over MCP what its credential may over the API, and nothing more. */
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Tool } from "@modelcontextprotocol/sdk/types.js";
import { type Actor, gatherCast } from "../http/cast.ts";

const cast = await gatherCast();
const { call, stack } = cast;
const URL_ = `${stack.url}/v1/mcp`;

/** The protocol's own client, with somebody's credential. */
async function connect(actor: Actor): Promise<Client & AsyncDisposable> {
  const client = new Client({ name: "test", version: "1" });
  const authorization = `Bearer ${await cast.credential(actor)}`;
  await client.connect(
    new StreamableHTTPClientTransport(new URL(URL_), { requestInit: { headers: { authorization } } }),
  );
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

// deno-lint-ignore no-explicit-any -- what a tool answers is asserted field by field
async function use(client: Client, name: string, args: Record<string, unknown> = {}): Promise<any> {
  const result = await client.callTool({ name, arguments: args });
  const [{ text }] = result.content as [{ text: string }];
  return { isError: result.isError === true, text, ...(result.structuredContent as object) };
}

async function drift(name: string): Promise<number> {
  for (const [color, isPublic] of [["red", false], ["blue", true]]) {
    await call("user", "POST", "/v1/resources/import", [{
      external_id: name,
      name,
      resource_type: "aws_db_instance",
      provider: "aws",
      configuration: { color, publicly_accessible: isPublic },
    }]);
  }
  const { body } = await call("user", "GET", `/v1/drifts?q=${name}&sort=-severity`);
  return body.data[0].id;
}

Deno.test("the tools are listed, and answer as the API does", async () => {
  const id = await drift("mcp-one");
  await using client = await connect("viewer");
  const { tools } = await client.listTools();
  assert.deepEqual(
    tools.map((
      { name, annotations, inputSchema }: Tool,
    ) => [name, annotations?.readOnlyHint, inputSchema.type]),
    [
      ["list_drifts", true, "object"],
      ["explain_drift", true, "object"],
      ["list_resources", true, "object"],
      ["get_resource_risks", true, "object"],
      ["resolve_drift", false, "object"],
    ],
  );
  const list = await use(client, "list_drifts", { search: "mcp-one", limit: 1 });
  assert.deepEqual([list.drifts.map((one: { id: number }) => one.id), typeof list.next_cursor], [
    [id],
    "string",
  ]);
  const next = await use(client, "list_drifts", { search: "mcp-one", limit: 1, cursor: list.next_cursor });
  assert.deepEqual([next.drifts.length, next.next_cursor], [1, null]);
  assert.deepEqual(JSON.parse(list.text), { drifts: list.drifts, next_cursor: list.next_cursor });

  const { isError: _, text: _text, ...explained } = await use(client, "explain_drift", { id });
  assert.deepEqual(explained, (await call("viewer", "GET", `/v1/drifts/${id}`)).body);
  const { resources } = await use(client, "list_resources", { search: "mcp-one" });
  assert.deepEqual(resources, (await call("viewer", "GET", "/v1/resources?q=mcp-one")).body.data);
  const risks = await use(client, "get_resource_risks", { resource_id: resources[0].id });
  const { body } = await call("viewer", "GET", `/v1/resources/${resources[0].id}/risks`);
  assert.deepEqual({ resource_id: risks.resource_id, risks: risks.risks }, body);
});

Deno.test("who may resolve by MCP: who may by the API; a refusal is the tool's error and in the audit log", async () => {
  const rows: [Actor, string | undefined][] = [
    ["viewer", "drifts:write"],
    ["stranger", "drifts:write"],
    ["key:drifts:read", "drifts:write"],
    ["user", undefined],
  ];
  const id = await drift("mcp-two");
  for (const [actor, missing] of rows) {
    await using client = await connect(actor);
    const answer = await use(client, "resolve_drift", { id, note: "by a model" });
    assert.equal(answer.isError, missing !== undefined, actor);
    if (missing) assert.deepEqual(JSON.parse(answer.text).details, { required: missing }, actor);
    const { status } = (await call("owner", "GET", `/v1/drifts/${id}`)).body;
    assert.equal(status, missing ? "detected" : "resolved", actor);
  }
  const { data } = (await call("owner", "GET", "/v1/settings/audit-log?action=access.refused")).body;
  assert.deepEqual(
    data.map((
      event: { target_id: string; details: { params: unknown } },
    ) => [event.target_id, event.details.params]),
    Array(2).fill(["POST /drifts/:id/resolve", { id: String(id) }]),
    "the viewer's and the key's; the stranger's is in their own log",
  );
  await using writer = await connect("key:drifts:write");
  const unseen = await use(writer, "list_drifts");
  assert.deepEqual([unseen.isError, JSON.parse(unseen.text).code], [true, "FORBIDDEN"]);
});

Deno.test("bad arguments and missing rows are errors of the tool, in words", async () => {
  await using client = await connect("user");
  const rows: [string, Record<string, unknown>, RegExp][] = [
    ["explain_drift", { id: 999_999 }, /NOT_FOUND/],
    ["explain_drift", { id: "1; drop table" }, /id/],
    ["explain_drift", {}, /id/],
    ["list_drifts", { cursor: "nonsense" }, /VALIDATION_FAILED/],
    ["list_drifts", { severity: ["worst"] }, /severity/],
    ["list_drifts", { organization_id: 2 }, /organization_id/],
    ["resolve_drift", { id: 1, resolution: "deleted" }, /resolution/],
    ["drop_everything", {}, /not found/],
  ];
  for (const [name, args, words] of rows) {
    const answer = await client.callTool({ name, arguments: args }).catch((error: unknown) => ({
      isError: true,
      content: [{ text: String(error) }],
    }));
    assert.equal(answer.isError, true, name);
    assert.match((answer.content as [{ text: string }])[0].text, words);
  }
});

Deno.test("without a good credential: 401 that says where the resource describes itself", async () => {
  const initialize = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } },
  };
  for (const credential of [undefined, "nonsense", "ia_live_0000000000_nothing"]) {
    const answer = await cast.callWith(credential, "POST", "/v1/mcp", initialize);
    assert.equal(answer.status, 401);
    const [, where] = /resource_metadata="([^"]+)"/.exec(answer.headers.get("www-authenticate")!)!;
    const metadata = await (await fetch(where!)).json();
    assert.deepEqual([metadata.resource, metadata.authorization_servers], [
      `${stack.url}/functions/v1/mcp`,
      [stack.issuer],
    ]);
  }
  const publicly = await call("anonymous", "GET", "/.well-known/oauth-protected-resource/v1/mcp");
  assert.equal(publicly.status, 200);
});

Deno.test("what is no message is refused in the API's own shape; a notification has no answer", async () => {
  for (const body of [{}, [], { jsonrpc: "1.0", method: "x" }, { jsonrpc: "2.0", id: 1 }]) {
    const answer = await call("user", "POST", "/v1/mcp", body);
    assert.deepEqual([answer.status, answer.body.code], [400, "VALIDATION_FAILED"]);
  }
  const unknown = await call("user", "POST", "/v1/mcp", { jsonrpc: "2.0", id: 1, method: "no/such" });
  assert.deepEqual([unknown.status, unknown.body.error.code], [200, -32601]);
  const note = await call("user", "POST", "/v1/mcp", { jsonrpc: "2.0", method: "notifications/initialized" });
  assert.deepEqual([note.status, note.body], [202, undefined]);
  for (const method of ["GET", "DELETE"]) assert.equal((await call("user", method, "/v1/mcp")).status, 405);
});
