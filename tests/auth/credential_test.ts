/** Guarantee: a request has exactly one credential, found by grammar alone, or it is refused with the right code. */
import assert from "node:assert/strict";
import { drawApiKey } from "../../shared/auth/api_key.ts";
import { findCredential, findStreamCredential } from "../../shared/auth/credential.ts";
import { ApiError } from "../../shared/errors/api_error.ts";

const KEY = drawApiKey("live").text;
const SENT = ["Bearer abc.def.ghi", "bearer abc.def.ghi", "BEARER  abc.def.ghi", " Bearer abc.def.ghi "];

for (const header of SENT) {
  Deno.test(`"${header}" carries a token`, () => {
    assert.deepEqual(findCredential(new Headers({ authorization: header })), {
      kind: "token",
      token: "abc.def.ghi",
    });
  });
}

Deno.test("a token of 8 kB is looked at", () => {
  const token = "a".repeat(8192);
  assert.deepEqual(findCredential(new Headers({ authorization: `Bearer ${token}` })), {
    kind: "token",
    token,
  });
});

Deno.test("an API key in the header is found with its public prefix", () => {
  const found = findCredential(new Headers({ authorization: `Bearer ${KEY}` }));
  assert.deepEqual(found, { kind: "api_key", key: { text: KEY, prefix: KEY.slice(0, 18) } });
});

const two = new Headers();
two.append("authorization", "Bearer one");
two.append("authorization", "Bearer two");

const REFUSED: [string, Headers, string][] = [
  ["no header", new Headers(), "TOKEN_MISSING"],
  ["an empty header", new Headers({ authorization: "" }), "TOKEN_MISSING"],
  ["a scheme alone", new Headers({ authorization: "Bearer" }), "TOKEN_MISSING"],
  ["another scheme", new Headers({ authorization: "Basic dXNlcjpwYXNz" }), "TOKEN_INVALID"],
  ["a bare token", new Headers({ authorization: "abc.def.ghi" }), "TOKEN_INVALID"],
  ["two headers", two, "INVALID_REQUEST"],
  ["two credentials in one header", new Headers({ authorization: "Bearer one two" }), "INVALID_REQUEST"],
  ["two credentials joined by a comma", new Headers({ authorization: "Bearer one,two" }), "INVALID_REQUEST"],
  ["more than 8 kB", new Headers({ authorization: `Bearer ${"a".repeat(8193)}` }), "TOKEN_INVALID"],
  [
    "a key with one character changed",
    new Headers({ authorization: `Bearer ${flipLast(KEY)}` }),
    "API_KEY_INVALID",
  ],
  ["a key cut short", new Headers({ authorization: `Bearer ${KEY.slice(0, -1)}` }), "API_KEY_INVALID"],
  ["a key of an unknown kind", new Headers({ authorization: "Bearer ia_prod_x" }), "API_KEY_INVALID"],
];

for (const [name, headers, code] of REFUSED) {
  Deno.test(`${name} is ${code}`, () => void refuses(() => findCredential(headers), code));
}

Deno.test("the stream also takes a token or a ticket in ?token=", () => {
  const token = findStreamCredential(new Headers(), new URLSearchParams("token=abc.def.ghi"));
  assert.deepEqual(token, { kind: "token", token: "abc.def.ghi" });
  const ticket = findStreamCredential(new Headers(), new URLSearchParams("token=ia_ticket_x"));
  assert.deepEqual(ticket, { kind: "ticket", ticket: "ia_ticket_x" });
});

const STREAM_REFUSED: [string, HeadersInit, string, string][] = [
  ["header and ?token= together", { authorization: "Bearer one" }, "token=two", "INVALID_REQUEST"],
  ["token twice", {}, "token=one&token=two", "INVALID_REQUEST"],
  ["an empty token", {}, "token=", "TOKEN_MISSING"],
  ["nothing", {}, "", "TOKEN_MISSING"],
  ["an API key in the URL", {}, `token=${KEY}`, "API_KEY_INVALID"],
];

for (const [name, headers, query, code] of STREAM_REFUSED) {
  Deno.test(`on the stream ${name} is ${code}`, () => {
    refuses(() => findStreamCredential(new Headers(headers), new URLSearchParams(query)), code);
  });
}

Deno.test("the refusal of a key in a URL says what to do and does not repeat the key", () => {
  const error = refuses(
    () => findStreamCredential(new Headers(), new URLSearchParams({ token: KEY })),
    "API_KEY_INVALID",
  );
  assert.match(error.message, /header/);
  assert.match(error.message, /ticket/);
  assert.ok(!error.message.includes(KEY));
});

function refuses(act: () => unknown, code: string): ApiError {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof ApiError);
    assert.equal(error.code, code);
    return error;
  }
  throw new assert.AssertionError({ message: `accepted, expected ${code}` });
}

function flipLast(text: string): string {
  return text.slice(0, -1) + (text.endsWith("0") ? "1" : "0");
}
