/** What the functions add to the audit log themselves: events that no table's trigger sees. */
import type { RequestFacts } from "./key_token.ts";
import type { Principal } from "./principal.ts";
import type { Endpoint } from "../contracts/endpoint.ts";
import type { ApiError } from "../errors/api_error.ts";
import type { ServiceDatabase } from "../db/client.ts";
import { toJson } from "../db/json.ts";
import { unwrap } from "../db/unwrap.ts";

/**
 * Records that a write was refused: its own transaction was rolled back, and with it what a trigger would have
 * written. Somebody who is in no organization leaves no event, for no log is theirs.
 * @param params of the path; only ids are kept
 * @throws ApiError when the database does not take the event
 */
export async function recordRefusal(
  service: ServiceDatabase,
  principal: Principal,
  facts: RequestFacts,
  endpoint: Endpoint,
  params: Record<string, string>,
  refusal: ApiError,
): Promise<void> {
  const required = typeof refusal.details === "object" ? refusal.details.required : undefined;
  const ids = Object.entries(params).filter(([, value]) => /^\d{1,19}$/.test(value));
  await record(service, principal, facts, {
    action: "access.refused",
    target_type: "endpoint",
    target_id: `${endpoint.method} ${endpoint.path}`,
    details: {
      code: refusal.code,
      ...(typeof required === "string" && { required }),
      ...(ids.length > 0 && { params: Object.fromEntries(ids) }),
    },
  });
}

/** Records that somebody ended their session, or all of them. */
export async function recordSignOut(
  service: ServiceDatabase,
  principal: Principal,
  facts: RequestFacts,
  scope: "local" | "global",
): Promise<void> {
  await record(service, principal, facts, {
    action: "session.ended",
    target_type: "user",
    target_id: String(principal.profile_id),
    details: { scope },
  });
}

/** Records that somebody got in by a recovery code, which took their second factors away. */
export async function recordRecovery(
  service: ServiceDatabase,
  principal: Principal,
  facts: RequestFacts,
): Promise<void> {
  const target = { target_type: "user", target_id: String(principal.profile_id) };
  await record(service, principal, facts, { action: "mfa.recovered", ...target, details: {} });
}

/**
 * Records that a session began.
 * @param sessionId as in its access token; nothing is recorded a second time
 */
export async function recordSessionStart(
  service: ServiceDatabase,
  sessionId: string,
  facts: RequestFacts,
): Promise<void> {
  // Service key: no caller may write the log, and sessions are Supabase Auth's.
  const call = service.rpc("record_session_start", { p_session_id: sessionId });
  unwrap(await withFacts(call, facts));
}

/** Records a refused sign-in, where the email address is somebody's. */
export async function recordRefusedSignIn(
  service: ServiceDatabase,
  email: string,
  facts: RequestFacts,
): Promise<void> {
  // Service key: no one has signed in.
  unwrap(await withFacts(service.rpc("record_refused_sign_in", { p_email: email }), facts));
}

async function record(
  service: ServiceDatabase,
  principal: Principal,
  facts: RequestFacts,
  event: { action: string; target_type: string; target_id: string; details: Record<string, unknown> },
): Promise<void> {
  if (principal.organization_id === null) return;
  const p_event = {
    ...event,
    organization_id: principal.organization_id,
    actor_id: principal.profile_id,
    actor_email: principal.email,
    credential_type: principal.api_key_id === null ? "session" : "api_key",
    credential_id: principal.api_key_prefix ?? principal.session_id,
  };
  // Service key: the actor was admitted, but may not write the log.
  const call = service.rpc("record_audit_event", { p_event: toJson(p_event) });
  unwrap(await withFacts(call, facts));
}

interface Call<Result> extends PromiseLike<Result> {
  setHeader(name: string, value: string): Call<Result>;
}

/** Sends the request's facts where Postgres believes them: beside the service key. */
export function withFacts<Result>(call: Call<Result>, facts: RequestFacts): Call<Result> {
  const named = call.setHeader("x-request-id", facts.request_id)
    .setHeader("x-client-user-agent", facts.user_agent);
  return facts.address === null ? named : named.setHeader("x-client-address", facts.address);
}
