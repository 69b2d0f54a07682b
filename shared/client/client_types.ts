/** What the typed client takes and gives, derived from an endpoint's schemas. */
import type { z } from "zod";
import type { Endpoint, Received, Sent } from "../contracts/endpoint.ts";

/** Any described endpoint. */
// deno-lint-ignore no-explicit-any
export type AnyEndpoint = Endpoint<any, any, any, any>;

/** A path or query value as a caller has it: free text may also be a number, or a list in a query. */
type Loose<Value> = string extends NonNullable<Value> ? Value | number
  : Value;
type LooseFields<S> = { [Key in keyof Sent<S>]: Loose<Sent<S>[Key]> };

type ParamsPart<P> = [P] extends [z.ZodObject] ? { params: LooseFields<P> } : { params?: undefined };
type QueryPart<Q> = [Q] extends [z.ZodObject] ? { query?: LooseFields<Q> } : { query?: undefined };
type BodyPart<B> = [B] extends [z.ZodType]
  ? (undefined extends Sent<B> ? { body?: Sent<B> } : { body: Sent<B> })
  : { body?: undefined };

/** What a call of this endpoint takes: path parameters, query and JSON body. */
export type Input<E> = E extends Endpoint<infer P, infer Q, infer B, infer _A>
  ? ParamsPart<P> & QueryPart<Q> & BodyPart<B>
  : never;

/** The same for code that treats every endpoint alike. */
export interface RawInput {
  params?: Record<string, string | number>;
  query?: Record<string, string | number | readonly (string | number)[] | null | undefined>;
  body?: unknown;
}

/** What a call of this endpoint gives; `undefined` where the body is empty. */
export type Answer<E> = E extends Endpoint<infer _P, infer _Q, infer _B, infer A> ? Received<A> : never;

/** One row of an endpoint that answers `{data, meta}`. */
export type Item<E> = Answer<E> extends { data: readonly (infer Row)[] } ? Row : never;

/** Settings of one call. */
export interface CallOptions {
  /** Ends the call early; the signal's own reason is thrown. */
  signal?: AbortSignal;
  /** Further request headers. */
  headers?: Record<string, string>;
  /** Longest wait for this call's answer, in milliseconds, where the client's own is too short. */
  timeoutMs?: number;
}

/** Arguments after the endpoint: the input may be left out where nothing in it is required. */
export type CallArguments<E> = Record<never, never> extends Input<E>
  ? [input?: Input<E>, options?: CallOptions]
  : [input: Input<E>, options?: CallOptions];

/** An answer with what surrounds it. */
export interface Exchange {
  status: number;
  /** The JSON exactly as it came, checked against the schema of its status; `undefined` when empty. */
  body: unknown;
  requestId?: string;
  headers: Headers;
}

/** How a client reaches the API and as whom. */
export interface ClientOptions {
  /** Public base of the API, such as `https://api.infraaudit.dev`, or `{SUPABASE_URL}/functions`. */
  baseUrl: string;
  /**
   * Gives the credential for a call, asked anew each time. After an answer `TOKEN_EXPIRED` it is asked
   * once more with the refused one; another credential then repeats the call.
   */
  credential: (refused?: string) => Promise<string | undefined>;
  /** Sent with every request, such as `user-agent`. */
  headers?: Record<string, string>;
  /** Replaces the global `fetch`. */
  fetch?: typeof fetch;
  /** Longest wait for the answer's head and body, in milliseconds; 30,000 where absent. */
  timeoutMs?: number;
  /** Tries again what can be tried again; nothing is where absent. */
  retry?: RetryOptions;
}

/** How a call is tried again after 429, 502, 503, 504 or a broken connection. */
export interface RetryOptions {
  /** Tries in all, the first one included. */
  attempts: number;
  /** Longest pause that is worth it, in milliseconds: a server that asks for more is a failure at once. */
  longestPauseMs: number;
  /** Told before each pause: why, and for how many milliseconds. */
  onPause?: (reason: string, delayMs: number) => void;
}

/** The typed client of the whole API. */
export interface Client {
  /** Calls an endpoint and gives its usual success. Throws `ApiFailure`, `NetworkFailure`, `UnreadableAnswer`. */
  call<E extends AnyEndpoint>(endpoint: E, ...rest: CallArguments<E>): Promise<Answer<E>>;
  /** As `call`, with status and headers, and also for an endpoint's other documented successes. */
  exchange<E extends AnyEndpoint>(endpoint: E, ...rest: CallArguments<E>): Promise<Exchange>;
  /** Every page of a list, from the first or from `query.cursor`, by `meta.next_cursor`. */
  pages<E extends AnyEndpoint>(endpoint: E, ...rest: CallArguments<E>): AsyncGenerator<Answer<E>>;
  /** Every row of a list, over all its pages. */
  items<E extends AnyEndpoint>(endpoint: E, ...rest: CallArguments<E>): AsyncGenerator<Item<E>>;
  /** Opens an endpoint and hands over the answer unread, without a time-out: for streams and files. */
  open<E extends AnyEndpoint>(endpoint: E, ...rest: CallArguments<E>): Promise<Response>;
}
