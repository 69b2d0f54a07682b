/** Guarantee: anything thrown becomes the one error shape, and nothing from inside shows in it. */
import assert from "node:assert/strict";
import { ERROR_STATUS, ErrorBody, type ErrorCode } from "../../shared/contracts/errors.ts";
import { unwrap } from "../../shared/db/unwrap.ts";
import { ApiError } from "../../shared/errors/api_error.ts";
import { errorAnswer, toApiError } from "../../shared/http/error_answer.ts";
import { describeCause } from "../../shared/config/log.ts";

for (const [code, status] of Object.entries(ERROR_STATUS)) {
  Deno.test(`${code} is ${status} in the contract's shape`, async () => {
    const answer = errorAnswer(new ApiError(code as ErrorCode, "A sentence."), "request-1");
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get("content-type"), "application/json");
    const body = ErrorBody.parse(await answer.json());
    assert.equal(body.code, code);
    assert.equal(body.request_id, "request-1");
    assert.equal(answer.headers.has("www-authenticate"), status === 401 || status === 403);
  });
}

const CHALLENGES: [ApiError, string][] = [
  [new ApiError("TOKEN_MISSING", "x"), 'Bearer realm="infraaudit"'],
  [new ApiError("TOKEN_EXPIRED", "x"), 'Bearer realm="infraaudit", error="invalid_token"'],
  [new ApiError("API_KEY_REVOKED", "x"), 'Bearer realm="infraaudit", error="invalid_token"'],
  [
    new ApiError("FORBIDDEN", "x", { details: { required: "resources:write" } }),
    'Bearer realm="infraaudit", error="insufficient_scope", scope="resources:write"',
  ],
];

for (const [error, challenge] of CHALLENGES) {
  Deno.test(`${error.code} challenges with ${challenge}`, () => {
    assert.equal(errorAnswer(error, "r").headers.get("www-authenticate"), challenge);
  });
}

Deno.test("RATE_LIMITED tells the wait in header and body", async () => {
  const answer = errorAnswer(new ApiError("RATE_LIMITED", "x", { retryAfterSeconds: 17 }), "r");
  assert.equal(answer.headers.get("retry-after"), "17");
  assert.equal((await answer.json()).retryAfter, 17);
});

Deno.test("a bug is INTERNAL and its words stay inside", async () => {
  const bug = new TypeError("select * from secret_table");
  const error = toApiError(bug);
  assert.equal(error.code, "INTERNAL");
  assert.ok(!(await errorAnswer(error, "r").text()).includes("secret_table"));
  assert.match(describeCause(error.cause)!, /secret_table/);
});

const FROM_DATABASE: [string, number, ErrorCode][] = [
  ["42501", 403, "FORBIDDEN"],
  ["23505", 409, "CONFLICT"],
  ["23503", 409, "CONFLICT"],
  ["23514", 400, "VALIDATION_FAILED"],
  ["22P02", 400, "VALIDATION_FAILED"],
  ["PT404", 404, "NOT_FOUND"],
  ["PT409", 409, "CONFLICT"],
  ["PT422", 422, "UNPROCESSABLE"],
  ["PGRST116", 406, "NOT_FOUND"],
  ["57014", 500, "UNAVAILABLE"],
  ["08006", 500, "UNAVAILABLE"],
  ["PGRST000", 503, "UNAVAILABLE"],
  ["", 0, "UNAVAILABLE"],
  ["42P01", 404, "INTERNAL"],
];

for (const [sqlstate, status, code] of FROM_DATABASE) {
  Deno.test(`SQLSTATE "${sqlstate}" is ${code}`, () => {
    const fault = { code: sqlstate, message: "relation private.x", details: null, hint: null };
    assert.throws(() => unwrap({ data: null, error: fault, status }), { code });
  });
}

Deno.test("a refusal by Postgres names the permission of its hint, and only a permission", () => {
  const refuse = (hint: string) =>
    unwrap({ data: null, error: { code: "42501", message: "m", hint }, status: 403 });
  assert.throws(() => refuse("team:write"), { details: { required: "team:write" } });
  assert.throws(() => refuse("grant select on private.x"), { details: undefined });
});

Deno.test("a cause in the log has no credential in it", () => {
  const jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
  const key = `ia_live_0123456789_${"A".repeat(49)}`;
  const told = describeCause(new Error(`bad ${jwt} and ${key}`, { cause: { header: `Bearer ${jwt}` } }))!;
  assert.ok(!told.includes("c2lnbmF0dXJl") && !told.includes("AAAA"), told);
  assert.match(told, /bad \[secret\] and \[secret\]/);
});
