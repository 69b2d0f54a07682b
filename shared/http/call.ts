/** What a handler is given, and what it may answer, both typed by its endpoint. */
import type { z } from "zod";
import type { Caller } from "../auth/authenticator.ts";
import type { RequestFacts } from "../auth/key_token.ts";
import type { Principal } from "../auth/principal.ts";
import type { Endpoint, Received } from "../contracts/endpoint.ts";
import type { CallerDatabase } from "../db/client.ts";

/** The validated parts of a request; `undefined` where the endpoint has none. */
export type Input<E extends Endpoint> = E extends
  Endpoint<infer Params, infer Query, infer Body, infer _Answer>
  ? { readonly params: Received<Params>; readonly query: Received<Query>; readonly body: Received<Body> }
  : never;

/** Where a request comes from. */
export interface Origin {
  readonly request: Request;
  readonly requestId: string;
  /** The client's address; null when unknown. */
  readonly address: string | null;
  /** Address, agent and request id, as the audit log keeps them. */
  readonly facts: RequestFacts;
}

/** Who is calling, and their way to the data. */
export interface Admitted {
  readonly caller: Caller;
  /** Data under the caller's own rights: Postgres decides. */
  readonly db: CallerDatabase;
  /** Who is calling; waits for admission. */
  readonly principal: () => Promise<Principal>;
}

export type Call<E extends Endpoint> = Input<E> & Origin;
export type CallerCall<E extends Endpoint> = Call<E> & Admitted;

/** A status other than the endpoint's usual one. */
export class Reply<Value> {
  constructor(readonly status: 200 | 201 | 202, readonly value: Value) {}
}

/** What the endpoint's success schema takes; nothing where it has none. */
export type Answer<E extends Endpoint> = E extends
  Endpoint<infer _Params, infer _Query, infer _Body, infer Schema>
  ? Promise<Schema extends z.ZodType ? z.input<Schema> | Reply<unknown> : void>
  : never;
