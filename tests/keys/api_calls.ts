/** The API as tests of keys and limits call it: by people of the cast, from any address, in any configuration. */
import assert from "node:assert/strict";
import { functionVariables, loadFunctions } from "../../dev/gateway/functions.ts";
import type { Settings } from "../../dev/auth/project_settings.ts";
import { type Stack, type StackOptions, startStack } from "../../dev/stack.ts";
import type { ApiKeyCreated } from "../../shared/contracts/api_keys.ts";
import type { ErrorBody } from "../../shared/contracts/errors.ts";
import type { Log } from "../../shared/config/log.ts";
import { type Answer, emailOf, PASSWORD, type Person } from "../http/cast.ts";
import { checkedFetch } from "../http/contract.ts";
import { freshDatabase, TEST_DATABASE_URL } from "../real_postgres.ts";

const ROOT = new URL("../../", import.meta.url);

export interface CallOptions {
  readonly credential?: string | undefined;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** What the nearest proxy saw; null is unknown. */
  readonly from?: string | null;
}

/** Calls the API below `/v1`; every answer is held against the OpenAPI document. */
export type Call = (method: string, path: string, options?: CallOptions) => Promise<Answer>;

/** A stack of its own that ends with the test: in memory, or where `TEST_DATABASE_URL` says. */
export async function startedStack(options: StackOptions = {}): Promise<Stack & AsyncDisposable> {
  const fresh = TEST_DATABASE_URL ? await freshDatabase(TEST_DATABASE_URL) : undefined;
  const stack = await startStack({
    port: 0,
    ephemeral: !fresh,
    databaseUrl: fresh?.url,
    web: false,
    ...options,
  });
  return Object.assign(stack, {
    [Symbol.asyncDispose]: async () => {
      await stack.stop();
      await fresh?.[Symbol.asyncDispose]();
    },
  });
}

/**
 * The edge functions as one more isolate on the stack's database, with variables of their own.
 * @param variables over the stack's own
 */
export async function startedIsolate(
  stack: Stack,
  variables: Record<string, string> = {},
  log: Log = () => {},
): Promise<Call> {
  const rows = await stack.database.query<{ name: string; value: unknown }>(
    "select name, value from dev.settings",
  );
  const settings = Object.fromEntries(rows.map(({ name, value }) => [name, value])) as unknown as Settings;
  const functions = await loadFunctions(
    ROOT,
    { ...functionVariables(stack.url, settings, stack.signingKey, true), ...variables },
    log,
  );
  return async (method, path, { credential, body, headers, from = "192.0.2.1" } = {}) => {
    const ask = checkedFetch((input, init) => functions.answer(new Request(input, init), from ?? "unknown")!);
    const response = await ask(`${stack.url}/v1${path}`, {
      method,
      headers: {
        ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === "" ? undefined : JSON.parse(text),
      headers: response.headers,
    };
  };
}

/** A new session's access token. */
export async function signIn(call: Call, person: Person): Promise<string> {
  const answer = await call("POST", "/api/login", {
    body: { email: emailOf(person), password: PASSWORD },
  });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body.token;
}

/** Makes a key as somebody. */
export async function makeKey(
  call: Call,
  credential: string,
  fields: Record<string, unknown> = {},
): Promise<ApiKeyCreated> {
  const answer = await call("POST", "/settings/api-keys", { credential, body: { name: "test", ...fields } });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}

/** The status, and the code of a refusal, as one word to compare. */
export function outcome({ status, body }: Answer): string {
  return status < 400 ? String(status) : `${status} ${(body as ErrorBody).code}`;
}
