/** Turns what a handler returned into the HTTP answer. */
import type { Endpoint } from "../contracts/endpoint.ts";
import type { AppContext } from "./base_app.ts";
import { Reply } from "./call.ts";

/** The answer with the endpoint's usual status, or the {@link Reply}'s own; 204 and what has no value have no body. */
export function answer(c: AppContext, endpoint: Endpoint, outcome: unknown): Response {
  const { status, value } = outcome instanceof Reply
    ? outcome
    : { status: endpoint.success.status, value: outcome };
  return value === undefined || status === 204 ? c.body(null, status) : c.json(value as object, status);
}
