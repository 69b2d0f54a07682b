/** The cast of the HTTP suites: the same people and keys everywhere, on a stack of their own. */
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { type Stack, type StackOptions, startStack } from "../../dev/stack.ts";
import { type Permission, PERMISSIONS } from "../../shared/contracts/permissions.ts";
import type { LogLine } from "../../shared/config/log.ts";
import { checkedFetch } from "./contract.ts";
import { IS_AUTH_REAL, startAuthStack } from "../real_auth/auth_stack.ts";
import { IS_STACK_GIVEN, openGivenStack } from "./given_stack.ts";

export const PEOPLE = ["owner", "admin", "user", "viewer", "stranger"] as const;
export type Person = (typeof PEOPLE)[number];
/** A person's session, nobody, or the owner's key with this one scope. */
export type Actor = Person | "anonymous" | `key:${Permission}`;

export const KEYS = PERMISSIONS.map((permission) => `key:${permission}` as const);
export const EVERYBODY: readonly Actor[] = [...PEOPLE, "anonymous", ...KEYS];
export const PASSWORD = "your-password";

export interface Answer {
  readonly status: number;
  // Tests read what they expect and assert it.
  // deno-lint-ignore no-explicit-any
  readonly body: any;
  readonly headers: Headers;
}

export interface Cast {
  readonly stack: Stack;
  /** Every line the functions have logged; empty on a given stack. */
  readonly logs: LogLine[];
  /** Calls a public path as somebody; a body is sent as JSON. Every answer is held against openapi.json. */
  call(actor: Actor, method: string, path: string, body?: unknown): Promise<Answer>;
  /** As {@link call}, with a credential of one's own making. */
  callWith(credential: string | undefined, method: string, path: string, body?: unknown): Promise<Answer>;
  /** What the actor sends in `Authorization: Bearer`. */
  credential(actor: Actor): Promise<string | undefined>;
  /** A new session of a person; `credential` keeps its own. */
  signIn(person: Person): Promise<{ token: string; refresh_token: string; expires_at: number }>;
  /** supabase-js, signed in as the person. */
  supabase(person: Person): Promise<SupabaseClient>;
}

/** A stack that is given (given_stack.ts), one with a real Auth server, or the embedded one. */
async function openStack(options: StackOptions): Promise<Stack> {
  if (IS_STACK_GIVEN) return await openGivenStack();
  if (IS_AUTH_REAL) return await startAuthStack(options);
  return await startStack({ port: 0, ephemeral: true, rateLimits: false, web: false, ...options });
}

/**
 * Starts an ephemeral stack without limits, unless told otherwise; it ends after the file's last test. Where a stack is
 * given (given_stack.ts), takes that one as it is.
 */
export async function gatherCast(options: StackOptions = {}): Promise<Cast> {
  const logs: LogLine[] = [];
  const stack = await openStack({ log: (line) => logs.push(line), ...options });
  Deno.test.afterAll(() => stack.stop());
  const ask = checkedFetch();
  const credentials = new Map<Actor, Promise<string | undefined>>();

  const callWith: Cast["callWith"] = async (credential, method, path, body) => {
    const headers = new Headers();
    if (credential !== undefined) headers.set("authorization", `Bearer ${credential}`);
    if (body !== undefined) headers.set("content-type", "application/json");
    const response = await ask(stack.url + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined, headers: response.headers };
  };

  const signIn: Cast["signIn"] = async (person) => {
    const answer = await callWith(undefined, "POST", "/api/login", {
      email: emailOf(person),
      password: PASSWORD,
    });
    if (answer.status !== 200) throw new Error(`${person} can't sign in: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  const credential: Cast["credential"] = (actor) => {
    const known = credentials.get(actor) ?? makeCredential(actor);
    credentials.set(actor, known);
    return known;
  };

  const makeCredential = async (actor: Actor): Promise<string | undefined> => {
    if (actor === "anonymous") return undefined;
    if (!actor.startsWith("key:")) return (await signIn(actor as Person)).token;
    const body = { name: actor, scopes: [actor.slice(4)] };
    const made = await callWith(await credential("owner"), "POST", "/v1/settings/api-keys", body);
    if (made.status !== 201) throw new Error(`${actor} can't be made: ${JSON.stringify(made.body)}`);
    return made.body.key;
  };

  return {
    stack,
    logs,
    callWith,
    credential,
    signIn,
    call: async (actor, method, path, body) => callWith(await credential(actor), method, path, body),
    supabase: async (person) => {
      const client = createClient(stack.url, stack.publishableKey, {
        auth: { persistSession: false, autoRefreshToken: false },
      });
      const { error } = await client.auth.signInWithPassword({ email: emailOf(person), password: PASSWORD });
      if (error) throw error;
      return client;
    },
  };
}

/** The demo people's addresses (supabase/seed.sql). */
export function emailOf(person: Person): string {
  return `${person}@example.com`;
}
