/** Errors in the shape of Supabase Auth: `{code, error_code, msg}`. */
import { ANY_ORIGIN } from "./project_keys.ts";
import type { TokenFault } from "./tokens.ts";

/** An answer as the Auth server gives it. */
export function authError(status: number, code: string, message: string): Response {
  const headers = { ...ANY_ORIGIN, "x-sb-error-code": code };
  return Response.json({ code: status, error_code: code, msg: message }, { status, headers });
}

/** The Auth server's answer to a bearer token that it can't accept. */
export function badToken(fault: TokenFault): Response {
  const why = {
    malformed: "token is malformed",
    signature: "token signature is invalid: signature is invalid",
    expired: "token has invalid claims: token is expired",
  }[fault];
  return authError(403, "bad_jwt", `invalid JWT: unable to parse or verify signature, ${why}`);
}
