/** What must work wherever the API runs: one list of steps for the local stack, a dry deploy, and the hosted project. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { createApiKey, revokeApiKey } from "../../shared/contracts/api_keys.ts";
import type { Endpoint } from "../../shared/contracts/endpoint.ts";
import { getHealth, getReadiness } from "../../shared/contracts/health.ts";
import { getOpenApi } from "../../shared/contracts/openapi.ts";
import { toRequestUrl } from "../../shared/client/request_url.ts";
import { listResources, upsertResource } from "../../shared/contracts/resources.ts";
import { login, logout, whoami } from "../../shared/contracts/session.ts";
import { streamDrifts } from "../../shared/contracts/stream.ts";
import { checkedFetch } from "../http/contract.ts";

export interface Place {
  /** Public base, or `{SUPABASE_URL}/functions/v1`. */
  readonly baseUrl: string;
  /** Somebody there who may make API keys. */
  readonly email: string;
  readonly password: string;
}

/** The demo person of `supabase/seed.sql`. */
export const DEMO_PERSON = { email: "user@example.com", password: "your-password" };

const READINESS_TRIES = 4;

/** Runs the steps; what they make there they end again. Every answer is held against openapi.json. */
export async function smoke(t: Deno.TestContext, { baseUrl, email, password }: Place): Promise<void> {
  const ask = checkedFetch();
  const call = async (
    endpoint: Endpoint,
    credential?: string,
    input: { params?: Record<string, number>; body?: unknown } = {},
  ) => {
    const response = await ask(toRequestUrl(baseUrl, endpoint.path, input.params), {
      method: endpoint.method,
      headers: {
        ...(credential && { authorization: `Bearer ${credential}` }),
        ...(input.body !== undefined && { "content-type": "application/json" }),
      },
      body: input.body === undefined ? null : JSON.stringify(input.body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
  };
  let token = "";
  let key = { id: 0, key: "" };

  await t.step("it is alive and ready", async () => {
    const alive = await call(getHealth);
    assert.equal(alive.status, 200);
    assert.match(alive.headers.get("strict-transport-security")!, /^max-age=\d{8}/);
    let ready = await call(getReadiness);
    // A function that starts cold may find its first look too slow.
    for (let tries = 1; ready.status === 503 && tries < READINESS_TRIES; tries += 1) {
      await delay(1000 * Number(ready.headers.get("retry-after")));
      ready = await call(getReadiness);
    }
    const { schedule, ...readiness } = ready.body;
    assert.ok(schedule.length > 0);
    assert.deepEqual(readiness, {
      status: "ok",
      checks: { database: "ok", auth: "ok", jwks: "ok", signing_key: "ok" },
    });
  });

  await t.step("it describes itself", async () => {
    // At the bare functions' address the platform allows no dot in the name.
    const path = baseUrl.includes("/functions") ? "/openapi" : getOpenApi.path;
    const { status, body } = await call({ ...getOpenApi, path });
    assert.equal(status, 200);
    assert.equal(body.openapi, "3.1.1");
  });

  await t.step("nobody gets nothing", async () => {
    const { status, headers, body } = await call(listResources);
    assert.deepEqual([status, body.code], [401, "TOKEN_MISSING"]);
    assert.equal(headers.get("www-authenticate"), 'Bearer realm="infraaudit"');
  });

  await t.step("a wrong password is refused", async () => {
    const { status, body } = await call(login, undefined, { body: { email, password: `not ${password}` } });
    assert.deepEqual([status, body.code], [401, "INVALID_CREDENTIALS"]);
  });

  await t.step("a password gives a token that works", async () => {
    const { status, body } = await call(login, undefined, { body: { email, password } });
    assert.equal(status, 200, JSON.stringify(body));
    token = body.token;
    const who = await call(whoami, token);
    assert.deepEqual([who.body.type, who.body.user.email], ["session", email]);
    assert.equal((await call(listResources, token)).status, 200);
  });

  await t.step("a throw-away key can do what its scope says and no more", async () => {
    const made = await call(createApiKey, token, {
      body: { name: `Smoke test ${crypto.randomUUID()}`, scopes: ["resources:read"], expires_in_days: 1 },
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    key = made.body;
    assert.equal((await call(listResources, key.key)).status, 200);
    const refused = await call(upsertResource, key.key, {
      body: { external_id: "smoke", name: "smoke", resource_type: "aws_instance", provider: "aws" },
    });
    assert.deepEqual([refused.status, refused.body.details], [403, { required: "resources:write" }]);
  });

  await t.step("a revoked key is dead on the next request", async () => {
    assert.equal((await call(revokeApiKey, token, { params: { id: key.id } })).status, 204);
    const { status, body } = await call(listResources, key.key);
    assert.deepEqual([status, body.code], [401, "API_KEY_REVOKED"]);
  });

  await t.step("the event stream opens for EventSource and says that it is connected", async () => {
    const url = toRequestUrl(baseUrl, streamDrifts.path, {}, { token });
    const response = await ask(url, { headers: { accept: "text/event-stream" } });
    assert.equal(response.status, 200);
    let text = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes('"connected"')) break;
    }
    assert.match(text, /^data: .*"type":"connected"/m);
  });

  await t.step("after signing out the token is dead at once", async () => {
    assert.equal((await call(logout, token)).status, 204);
    const { status, body } = await call(whoami, token);
    assert.deepEqual([status, body.code], [401, "SESSION_REVOKED"]);
  });
}
