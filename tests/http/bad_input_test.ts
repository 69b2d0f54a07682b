/** Guarantee: bad input gets its contract answer, never a 500; nothing is half written and the server goes on. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { gatherCast } from "./cast.ts";
import { checkedFetch } from "./contract.ts";

const cast = await gatherCast();
const { call, stack } = cast;
const token = (await cast.credential("user"))!;
const ask = checkedFetch();

async function send(method: string, path: string, body: BodyInit, type = "application/json") {
  const headers = { authorization: `Bearer ${token}`, "content-type": type };
  const response = await ask(stack.url + path, { method, headers, body });
  return { status: response.status, body: await response.json() };
}

const everything = async () => [
  await stack.database.query("select count(*) from public.resources"),
  await stack.database.query("select count(*) from public.api_keys"),
  await stack.database.query("select count(*) from auth.users"),
];

const WRITES: [string, string][] = [
  ["POST", "/v1/resources"],
  ["PATCH", "/v1/resources/1"],
  ["POST", "/v1/settings/api-keys"],
  ["PATCH", "/v1/auth/me"],
  ["POST", "/api/login"],
  ["POST", "/api/register"],
  ["POST", "/api/refresh"],
];

const BODIES: [string, BodyInit, string, number, string][] = [
  ["cut JSON", '{"name":', "application/json", 400, "INVALID_REQUEST"],
  ["no body", "", "application/json", 400, "VALIDATION_FAILED"],
  ["a list", "[]", "application/json", 400, "VALIDATION_FAILED"],
  ["null", "null", "application/json", 400, "VALIDATION_FAILED"],
  ["an unknown field", '{"is_admin":true}', "application/json", 400, "VALIDATION_FAILED"],
  ["__proto__", '{"__proto__":{"role":"owner"}}', "application/json", 400, "VALIDATION_FAILED"],
  ["a form", "name=x", "application/x-www-form-urlencoded", 415, "UNSUPPORTED_MEDIA_TYPE"],
  ["2 MiB", `{"name":"${"x".repeat(2 * 1024 * 1024)}"}`, "application/json", 413, "PAYLOAD_TOO_LARGE"],
  [
    "bytes that are not UTF-8",
    new Uint8Array([0x7b, 0xff, 0x7d]),
    "application/json",
    400,
    "INVALID_REQUEST",
  ],
];

for (const [method, path] of WRITES) {
  Deno.test(`${method} ${path} refuses every bad body and writes nothing`, async () => {
    const before = await everything();
    for (const [name, body, type, status, code] of BODIES) {
      const answer = await send(method, path, body, type);
      assert.deepEqual([name, answer.status, answer.body.code], [name, status, code]);
    }
    assert.deepEqual(await everything(), before);
  });
}

const RESOURCE = { external_id: "bad", name: "n", resource_type: "t", provider: "p" };
const FIELDS: [string, unknown, string][] = [
  ["a NUL in a name", { ...RESOURCE, name: "a\u0000b" }, "body.name"],
  ["a lone surrogate in a name", { ...RESOURCE, name: "a\ud800b" }, "body.name"],
  ["a NUL in a tag", { ...RESOURCE, tags: { a: "\u0000" } }, "body.tags.a"],
  [
    "a NUL deep in the configuration",
    { ...RESOURCE, configuration: { a: [{ b: "\u0000" }] } },
    "body.configuration.a.0.b",
  ],
  [
    "a lone surrogate in a configuration's key",
    { ...RESOURCE, configuration: { "\udfff": 1 } },
    "body.configuration",
  ],
  ["an empty name", { ...RESOURCE, name: "  " }, "body.name"],
  ["a name that is too long", { ...RESOURCE, name: "x".repeat(257) }, "body.name"],
  ["a number for a name", { ...RESOURCE, name: 7 }, "body.name"],
  ["an unknown status", { ...RESOURCE, status: "exploded" }, "body.status"],
  ["a configuration that is a list", { ...RESOURCE, configuration: [] }, "body.configuration"],
];

for (const [name, body, path] of FIELDS) {
  Deno.test(`${name} is refused and named`, async () => {
    const before = await everything();
    const answer = await send("POST", "/v1/resources", JSON.stringify(body));
    assert.deepEqual([answer.status, answer.body.code], [400, "VALIDATION_FAILED"]);
    assert.ok(
      answer.body.details.issues.some((issue: { path: string }) => issue.path.startsWith(path)),
      JSON.stringify(answer.body),
    );
    assert.deepEqual(await everything(), before);
  });
}

Deno.test("a configuration 100 levels deep is refused", async () => {
  const deep = '{"a":'.repeat(100) + "1" + "}".repeat(100);
  const answer = await send(
    "POST",
    "/v1/resources",
    JSON.stringify(RESOURCE).slice(0, -1) + `,"configuration":${deep}}`,
  );
  assert.equal(answer.status, 400);
});

const IDS: [string, number][] = [
  ["0", 400],
  ["-1", 400],
  ["1e3", 400],
  ["abc", 400],
  ["1.0", 400],
  ["01", 400],
  ["%00", 400],
  ["9999999999999999999", 404],
  ["99999999999999999999999", 400],
  ["9007199254740993", 404],
];

for (const [id, status] of IDS) {
  Deno.test(`the id ${id} is ${status} on every route`, async () => {
    for (const path of ["/v1/resources/", "/v1/settings/api-keys/"]) {
      for (const method of ["GET", "DELETE"]) {
        assert.deepEqual([path, method, (await call("owner", method, path + id)).status], [
          path,
          method,
          status,
        ]);
      }
    }
  });
}

const NOWHERE = [
  "/v1/",
  "/v1/nothing",
  "/v1/resources/1/nothing",
  "/api/nothing",
  "/functions/v1/nothing/x",
  "/v1/health/nothing",
];

for (const path of NOWHERE) {
  Deno.test(`${path} is 404 in the error shape`, async () => {
    const answer = await call("user", "GET", path);
    assert.deepEqual([answer.status, answer.body.code], [404, "NOT_FOUND"]);
  });
}

Deno.test("a wrong method is 405 with what is allowed", async () => {
  const answer = await call("user", "PUT", "/v1/resources/1", {});
  assert.deepEqual([answer.status, answer.body.code], [405, "METHOD_NOT_ALLOWED"]);
  assert.equal(answer.headers.get("allow"), "HEAD, GET, PATCH, DELETE, OPTIONS");
});

Deno.test("OPTIONS needs no credential and names what scripts may read", async () => {
  const response = await fetch(`${stack.url}/v1/resources`, {
    method: "OPTIONS",
    headers: {
      origin: "https://page.test",
      "access-control-request-method": "GET",
      "access-control-request-headers": "authorization",
    },
  });
  assert.equal(response.status, 204);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.match(response.headers.get("access-control-allow-headers")!, /Authorization/);
  const answer = await call("user", "GET", "/v1/resources");
  assert.match(
    answer.headers.get("access-control-expose-headers")!,
    /X-Request-Id.*X-RateLimit-Limit.*Retry-After/,
  );
});

Deno.test("a request id that is sent comes back, one that is unfit is replaced", async () => {
  for (
    const [sent, kept] of [["my-request-7", true], ["short", false], ["has spaces in it", false]] as const
  ) {
    const response = await fetch(`${stack.url}/v1/health/nothing`, { headers: { "x-request-id": sent } });
    const id = response.headers.get("x-request-id");
    assert.equal(id === sent, kept);
    assert.equal((await response.json()).request_id, id);
  }
});

Deno.test("HTTP that is no HTTP does not stop the server", async () => {
  await new Promise<void>((resolve) => {
    const socket = connect(
      Number(new URL(stack.url).port),
      "127.0.0.1",
      () => socket.end("\u0000\u0001 nonsense\r\n\r\n"),
    );
    socket.on("close", () => resolve());
    socket.on("error", () => resolve());
    socket.resume();
  });
  assert.equal((await call("user", "GET", "/v1/resources")).status, 200);
});

Deno.test("nothing in this file was answered 500", () => {
  assert.deepEqual(cast.logs.filter((line) => line.status >= 500), []);
});
