/** Puts an endpoint of the contract on an app: credential, validation, handler, answer. */
import type { z } from "zod";
import type { Caller } from "../auth/authenticator.ts";
import type { RequestFacts } from "../auth/key_token.ts";
import { findCredential } from "../auth/credential.ts";
import { type Admission, callerHeaders } from "../auth/admission.ts";
import { type Principal, publicName } from "../auth/principal.ts";
import type { Endpoint, Received } from "../contracts/endpoint.ts";
import { recordRefusal } from "../auth/audit_record.ts";
import { type CallerDatabase, createCallerDatabase } from "../db/client.ts";
import { ApiError } from "../errors/api_error.ts";
import type { App, AppContext } from "./base_app.ts";
import { readJson } from "./body.ts";
import { requestAddress } from "./client_address.ts";
import type { Deps } from "./deps.ts";
import { toApiError } from "./error_answer.ts";
import { validate } from "./validate.ts";

/** What a handler is given: validated input, and the caller where the endpoint needs one. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly request: Request;
  readonly requestId: string;
  /** The client's address; null when unknown. */
  readonly address: string | null;
  /** Address, agent and request id, as the audit log keeps them. */
  readonly facts: RequestFacts;
}

export interface CallerCall<Params, Query, Body> extends Call<Params, Query, Body> {
  readonly caller: Caller;
  /** Data under the caller's own rights: Postgres decides. */
  readonly db: CallerDatabase;
  /** Who is calling; waits for admission. */
  readonly principal: () => Promise<Principal>;
}

/** A status other than the endpoint's usual one. */
export class Reply<Value> {
  constructor(readonly status: 200 | 201 | 202, readonly value: Value) {}
}

type Answer<Schema> = Promise<Schema extends z.ZodType ? z.input<Schema> | Reply<unknown> : void>;
type ObjectSchema = z.ZodObject | undefined;
type BodySchema = z.ZodType | undefined;

/** Serves an endpoint that needs no credential. */
export function openRoute<
  Params extends ObjectSchema,
  Query extends ObjectSchema,
  Body extends BodySchema,
  Success extends BodySchema,
>(
  app: App,
  deps: Deps,
  endpoint: Endpoint<Params, Query, Body, Success>,
  handler: (call: Call<Received<Params>, Received<Query>, Received<Body>>) => Answer<Success>,
): void {
  app.on(endpoint.method, endpoint.path, async (c) => {
    const call = { ...await readInput(c, endpoint), ...facts(c, deps) };
    return answer(c, endpoint, await handler(call as Parameters<typeof handler>[0]));
  });
}

/**
 * Serves an endpoint that needs a credential. A read runs side by side with admission, and its answer leaves
 * only after the caller is admitted; anything else begins after admission.
 */
export function route<
  Params extends ObjectSchema,
  Query extends ObjectSchema,
  Body extends BodySchema,
  Success extends BodySchema,
>(
  app: App,
  deps: Deps,
  endpoint: Endpoint<Params, Query, Body, Success>,
  handler: (call: CallerCall<Received<Params>, Received<Query>, Received<Body>>) => Answer<Success>,
): void {
  app.on(endpoint.method, endpoint.path, async (c) => {
    const context = facts(c, deps);
    const caller = await deps.authenticator.authenticate(findCredential(c.req.raw.headers), context.address);
    const admitted = caller.admission.then((admission) => noteCaller(c, admission));
    admitted.catch(() => {});
    if (endpoint.method !== "GET") await admitted;
    const work = (async () => {
      const call = {
        ...await readInput(c, endpoint),
        ...context,
        caller,
        db: callerDatabase(deps, caller, endpoint.method === "GET" ? undefined : context.facts),
        principal: async () => (await caller.admission).principal,
      };
      return await handler(call as unknown as Parameters<typeof handler>[0]);
    })();
    const [, outcome] = await Promise.all([
      admitted,
      work.then((value) => ({ value }), (error) => ({ error })),
    ]);
    if ("error" in outcome) {
      const error = withRequired(toApiError(outcome.error), endpoint);
      if (error.status !== 403 || endpoint.method === "GET") throw error;
      throw await recorded(
        deps,
        (await caller.admission).principal,
        context.facts,
        endpoint,
        c.req.param(),
        error,
      );
    }
    return answer(c, endpoint, outcome.value);
  });
}

function facts(c: AppContext, deps: Deps) {
  const address = requestAddress(c.req.raw.headers, deps.env);
  return {
    request: c.req.raw,
    requestId: c.var.requestId,
    address,
    facts: {
      address,
      user_agent: (c.req.header("user-agent") ?? "").replace(/[^\x20-\x7e]/g, "?").slice(0, 400),
      request_id: c.var.requestId,
    },
  };
}

function noteCaller(c: AppContext, admission: Admission): Admission {
  c.set("principal", publicName(admission.principal));
  c.set("callerHeaders", callerHeaders(admission));
  return admission;
}

/** A refused write leaves an audit event; where that fails, the refusal stands and its log line says so. */
async function recorded(
  deps: Deps,
  principal: Principal,
  facts: RequestFacts,
  endpoint: Endpoint,
  params: Record<string, string>,
  refusal: ApiError,
): Promise<ApiError> {
  try {
    await recordRefusal(deps.service, principal, facts, endpoint, params, refusal);
    return refusal;
  } catch (cause) {
    const { code, message, details, headers } = refusal;
    return new ApiError(code, message, { details, headers, cause });
  }
}

/** The caller's client. A write's token vouches for the request's facts; a read leaves no trace in the log. */
function callerDatabase(deps: Deps, caller: Caller, facts: RequestFacts | undefined): CallerDatabase {
  const { supabaseUrl, publishableKey } = deps.env;
  let token: Promise<string> | undefined;
  return createCallerDatabase(supabaseUrl, publishableKey, () => token ??= caller.dataToken(facts));
}

async function readInput(c: AppContext, endpoint: Endpoint) {
  const params = endpoint.params && validate(endpoint.params, c.req.param(), "params");
  const query = endpoint.query &&
    validate(endpoint.query, Object.fromEntries(new URL(c.req.url).searchParams), "query");
  const body = endpoint.body && !endpoint.isBodyRaw &&
    validate(endpoint.body, await readJson(c.req.raw, endpoint.maxBodyBytes), "body");
  return { params, query, body };
}

/** A refusal by Postgres names the permission this endpoint is about, unless it named a better one itself. */
function withRequired(error: ApiError, endpoint: Endpoint): ApiError {
  if (error.code !== "FORBIDDEN" || error.details !== undefined || !endpoint.permission) return error;
  return new ApiError("FORBIDDEN", error.message, {
    details: { required: endpoint.permission },
    cause: error.cause,
  });
}

function answer(c: AppContext, endpoint: Endpoint, outcome: unknown): Response {
  const { status, value } = outcome instanceof Reply
    ? outcome
    : { status: endpoint.success.status, value: outcome };
  return status === 204 ? c.body(null, 204) : c.json(value as object, status);
}
