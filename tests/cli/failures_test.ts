/** Every failure says what failed, why, the request id and what to run next, and has the documented exit code. */
import assert from "node:assert/strict";
import { ApiFailure, NetworkFailure, UnreadableAnswer } from "../../shared/client/client_failures.ts";
import { ERROR_STATUS, type ErrorCode } from "../../shared/contracts/errors.ts";
import { CliFailure, EXIT, Interrupted } from "../../cli/exit_codes.ts";
import { explainFailure, failureLines } from "../../cli/failures.ts";

/** The exit code of every code the API can answer. */
const EXIT_OF: Record<ErrorCode, number> = {
  INVALID_REQUEST: 1,
  VALIDATION_FAILED: 1,
  TOKEN_MISSING: 4,
  TOKEN_INVALID: 4,
  TOKEN_EXPIRED: 4,
  SESSION_REVOKED: 4,
  API_KEY_INVALID: 4,
  API_KEY_EXPIRED: 4,
  API_KEY_REVOKED: 4,
  MFA_REQUIRED: 4,
  INVALID_CREDENTIALS: 4,
  FORBIDDEN: 1,
  REAUTHENTICATION_REQUIRED: 1,
  NOT_FOUND: 1,
  METHOD_NOT_ALLOWED: 1,
  CONFLICT: 1,
  PAYLOAD_TOO_LARGE: 1,
  UNSUPPORTED_MEDIA_TYPE: 1,
  UNPROCESSABLE: 1,
  RATE_LIMITED: 3,
  INTERNAL: 3,
  UNAVAILABLE: 3,
};

Deno.test("each error code of the API has its exit code, its reason and its request id", () => {
  for (const [code, status] of Object.entries(ERROR_STATUS)) {
    const error = new ApiFailure({ status, code, message: "So it is", requestId: "req-7" });
    const explanation = explainFailure(error);
    assert.equal(explanation.exitCode, EXIT_OF[code as ErrorCode], code);
    assert.equal(explanation.reason, `So it is. (${code}, HTTP ${status})`);
    assert.equal(explanation.requestId, "req-7");
  }
});

Deno.test("what is not the API's has an exit code that is never 0 or 1", () => {
  const rows: [error: unknown, code: number][] = [
    [new NetworkFailure("http://a", "refused"), EXIT.SERVER],
    [new UnreadableAnswer(200, "not JSON"), EXIT.SERVER],
    [new ApiFailure({ status: 502, code: "HTTP_502", message: "x" }), EXIT.SERVER],
    [new CliFailure(EXIT.SIGN_IN, "x"), EXIT.SIGN_IN],
    [new Interrupted(), EXIT.INTERRUPTED],
    [new TypeError("a bug"), EXIT.SERVER],
    ["a thrown string", EXIT.SERVER],
  ];
  for (const [error, code] of rows) assert.equal(explainFailure(error).exitCode, code, String(error));
});

Deno.test("the lines hold command, reason, faults, request id and next step, in this order", () => {
  const refused = new ApiFailure({
    status: 403,
    code: "FORBIDDEN",
    message: "Your role may not do this.",
    details: { required: "drifts:write" },
    requestId: "req-1",
  });
  assert.deepEqual(failureLines("infraudit drifts detect", explainFailure(refused)), [
    "infraudit drifts detect failed: Your role may not do this. (FORBIDDEN, HTTP 403)",
    "  missing permission: drifts:write",
    "  request id: req-1",
    "  next: infraudit whoami, to see what this credential may do",
  ]);
  const invalid = new ApiFailure({
    status: 400,
    code: "VALIDATION_FAILED",
    message: "The request is not valid.",
    details: { issues: [{ path: "name", message: "must not be empty" }, { path: ["a", 0], message: "x" }] },
  });
  assert.deepEqual(explainFailure(invalid).faults, ["name: must not be empty", "a.0: x"]);
});
