/** Supabase Auth as this API uses it: a client without memory, and its errors in the contract's codes. */
import { GoTrueClient, type Session } from "@supabase/auth-js";
import type { ErrorCode } from "../contracts/errors.ts";
import { fetchWithTimeout } from "../db/client.ts";
import { ApiError } from "../errors/api_error.ts";
import type { Env } from "../config/env.ts";

export type AuthEnv = Pick<Env, "supabaseUrl" | "publishableKey" | "secretKey">;
/** What Auth hands out: an access token and the token that renews it. */
export type AuthTokens = Pick<Session, "access_token" | "refresh_token">;

/**
 * A client for one request: it keeps no session and refreshes none.
 * @param address the person's, null when unknown. Supabase Auth limits by address, and would otherwise see all
 *   people come from this function's: it believes `Sb-Forwarded-For` from a caller with a secret key, where the
 *   project's setting "IP address forwarding" is on.
 */
export function createAuthClient(env: AuthEnv, address: string | null): GoTrueClient {
  const headers = authHeaders(env, address);
  return openAuth(env, { Authorization: `Bearer ${headers.apikey}`, ...headers });
}

/**
 * A new session for a refresh token, which is spent by it. Asked directly: the client library would try again for
 * half a minute when Auth is down, where our caller wants a 503 at once.
 * @param address as for {@link createAuthClient}
 * @throws ApiError TOKEN_INVALID for a token that is unknown, spent or dead; UNAVAILABLE
 */
export async function exchangeRefreshToken(
  env: AuthEnv,
  address: string | null,
  token: string,
): Promise<AuthTokens> {
  const response = await fetchWithTimeout(`${env.supabaseUrl}/auth/v1/token?grant_type=refresh_token`, {
    method: "POST",
    headers: { ...authHeaders(env, address), "content-type": "application/json" },
    body: JSON.stringify({ refresh_token: token }),
  }).catch(() => undefined);
  const body = await response?.json().catch(() => undefined);
  const error = response?.ok && body?.access_token
    ? null
    : { name: "AuthRefreshFault", code: body?.error_code ?? body?.code, status: response?.status };
  return unwrapAuth({ data: body as AuthTokens, error }, "TOKEN_INVALID");
}

/**
 * Changes a person's own account, by their own token.
 * @throws ApiError as {@link unwrapAuth}, such as VALIDATION_FAILED for a weak password
 */
export async function changeUser(
  env: AuthEnv,
  address: string | null,
  token: string,
  change: { password: string },
): Promise<void> {
  await callAuth(env, address, token, "PUT", "/user", change);
}

/**
 * Removes one of a person's second factors, by their own token: Auth asks that it has proved one.
 * @throws ApiError as {@link unwrapAuth}
 */
export async function removeFactor(
  env: AuthEnv,
  address: string | null,
  token: string,
  factorId: string,
): Promise<void> {
  await callAuth(env, address, token, "DELETE", `/factors/${factorId}`);
}

async function callAuth(
  env: AuthEnv,
  address: string | null,
  token: string,
  method: "PUT" | "DELETE",
  path: string,
  body?: object,
): Promise<void> {
  const response = await fetchWithTimeout(`${env.supabaseUrl}/auth/v1${path}`, {
    method,
    headers: {
      ...authHeaders(env, address),
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
  }).catch(() => undefined);
  const answer = await response?.json().catch(() => undefined);
  const error = response?.ok
    ? null
    : { name: "AuthCallFault", code: answer?.error_code ?? answer?.code, status: response?.status };
  unwrapAuth({ data: null, error }, "TOKEN_INVALID");
}

/** Auth's admin API, past every right of the caller; each use says why. */
export function createAuthAdmin(env: AuthEnv): GoTrueClient["admin"] {
  return openAuth(env, { Authorization: `Bearer ${env.secretKey}`, apikey: env.secretKey }).admin;
}

function openAuth(env: AuthEnv, headers: Record<string, string>): GoTrueClient {
  return new GoTrueClient({
    url: `${env.supabaseUrl}/auth/v1`,
    headers,
    fetch: fetchWithTimeout,
    persistSession: false,
    autoRefreshToken: false,
    detectSessionInUrl: false,
  });
}

function authHeaders(env: AuthEnv, address: string | null): { apikey: string; "Sb-Forwarded-For"?: string } {
  return address !== null && env.secretKey.startsWith("sb_secret_")
    ? { apikey: env.secretKey, "Sb-Forwarded-For": address }
    : { apikey: env.publishableKey };
}

const FAULTS: Record<string, [ErrorCode, string]> = {
  user_already_exists: ["CONFLICT", "This email address is already registered."],
  email_exists: ["CONFLICT", "This email address is already registered."],
  same_password: ["UNPROCESSABLE", "The new password is the old one."],
  weak_password: ["VALIDATION_FAILED", "The password is too weak. Choose a longer one."],
  email_address_invalid: ["VALIDATION_FAILED", "This email address isn't accepted."],
  email_address_not_authorized: ["UNPROCESSABLE", "We can't send email to this address."],
  signup_disabled: ["UNPROCESSABLE", "Registration is closed."],
  email_provider_disabled: ["UNPROCESSABLE", "Registration by email is closed."],
  over_request_rate_limit: ["RATE_LIMITED", "Too many attempts. Try again later."],
  over_email_send_rate_limit: ["RATE_LIMITED", "Too many emails. Try again later."],
};

interface AuthFault {
  readonly name: string;
  readonly code?: string | undefined;
  /** HTTP; absent when there was no answer. */
  readonly status?: number | undefined;
}

/** The words for any refusal, so that none tells whether the email is known. */
const REFUSALS = {
  INVALID_CREDENTIALS: "Wrong email or password, or the email isn't confirmed yet.",
  TOKEN_INVALID: "The token is no longer valid.",
} as const;

/**
 * The data of an Auth call.
 * @param refusal what a plain refusal means here
 * @throws ApiError; UNAVAILABLE when Auth does not answer
 */
export function unwrapAuth<Data>(
  result: { data: Data; error: null } | { data: unknown; error: AuthFault | null },
  refusal: keyof typeof REFUSALS = "INVALID_CREDENTIALS",
): Data {
  const { data, error } = result;
  if (!error) return data as Data;
  const cause = { name: error.name, code: error.code, status: error.status };
  const known = FAULTS[error.code ?? ""];
  if (known) return refuse(known[0], known[1], cause);
  if (error.status === 429) return refuse("RATE_LIMITED", "Too many attempts. Try again later.", cause);
  if (!error.status || error.status >= 500) {
    throw new ApiError("UNAVAILABLE", "Sign-in is temporarily unavailable.", {
      cause,
      retryAfterSeconds: 5,
    });
  }
  return refuse(refusal, REFUSALS[refusal], cause);
}

function refuse(code: ErrorCode, message: string, cause: unknown): never {
  throw new ApiError(code, message, { cause, ...(code === "RATE_LIMITED" && { retryAfterSeconds: 60 }) });
}
