/** Guarantee: a body is JSON of bounded size in UTF-8, or the request is refused before anything is done. */
import assert from "node:assert/strict";
import { readJson } from "../../shared/http/body.ts";

function post(body: BodyInit | null, type: string | null = "application/json"): Request {
  const headers = new Headers(type === null ? {} : { "content-type": type });
  const request = new Request("http://api.test/", { method: "POST", body, headers });
  if (type === null) request.headers.delete("content-type");
  return request;
}

Deno.test("JSON is read, with or without a charset", async () => {
  assert.deepEqual(await readJson(post('{"a":1}')), { a: 1 });
  assert.deepEqual(await readJson(post('{"a":1}', "Application/JSON; charset=utf-8")), { a: 1 });
});

Deno.test("no body is undefined, whatever its type", async () => {
  assert.equal(await readJson(post(null, null)), undefined);
  assert.equal(await readJson(post("", "text/plain")), undefined);
});

const REFUSED: [string, Request, number, string][] = [
  ["cut JSON", post('{"a":'), 100, "INVALID_REQUEST"],
  ["two values", post("{}{}"), 100, "INVALID_REQUEST"],
  ["bytes that are not UTF-8", post(new Uint8Array([0x22, 0xff, 0x22])), 100, "INVALID_REQUEST"],
  ["a form", post("a=1", "application/x-www-form-urlencoded"), 100, "UNSUPPORTED_MEDIA_TYPE"],
  ["text", post("{}", "text/plain"), 100, "UNSUPPORTED_MEDIA_TYPE"],
  ["no type", post("{}", null), 100, "UNSUPPORTED_MEDIA_TYPE"],
  ["a type that only begins right", post("{}", "application/jsonp"), 100, "UNSUPPORTED_MEDIA_TYPE"],
  ["one byte too many", post(`"${"a".repeat(99)}"`), 100, "PAYLOAD_TOO_LARGE"],
];

for (const [name, request, limit, code] of REFUSED) {
  Deno.test(`${name} is ${code}`, () => assert.rejects(readJson(request, limit), { code }));
}

Deno.test("exactly the limit is read", async () => {
  assert.equal(await readJson(post(`"${"a".repeat(98)}"`), 100), "a".repeat(98));
});

Deno.test("a stream without a length stops at the limit, not at its end", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 64;
      controller.enqueue(new Uint8Array(64).fill(0x20));
    },
  });
  const request = new Request("http://api.test/", {
    method: "POST",
    body: endless,
    headers: { "content-type": "application/json" },
  });
  await assert.rejects(readJson(request, 1024), { code: "PAYLOAD_TOO_LARGE" });
  assert.ok(sent < 10_000, `${sent} bytes were read`);
});
