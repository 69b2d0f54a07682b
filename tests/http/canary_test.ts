/** Guarantee: no secret of a caller is in any log line, error, database column or query of ours, on any route, good or bad. */
import assert from "node:assert/strict";
import { gatherCast } from "./cast.ts";

/** What the functions send to the Data API: address and body, which become the text of a query. */
const queries: string[] = [];
const realFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (new URL(request.url).pathname.startsWith("/rest/v1")) {
    queries.push(`${request.url} ${await request.clone().text()}`);
  }
  return await realFetch(request);
};
Deno.test.afterAll(() => {
  globalThis.fetch = realFetch;
});

const cast = await gatherCast();
const { call, callWith, stack } = cast;
const errors: string[] = [];

const PASSWORD = `Canary-${crypto.randomUUID()}`;
const registered = await callWith(undefined, "POST", "/api/register", {
  email: "canary@example.com",
  password: PASSWORD,
});
const { token, refresh_token: refreshToken } = registered.body;
const key = (await callWith(token, "POST", "/v1/settings/api-keys", { name: "canary" })).body.key as string;
const ticket = (await callWith(token, "POST", "/api/ws/tickets")).body.ticket as string;
const webhook = (await callWith(token, "POST", "/v1/settings/webhooks", {
  name: "canary",
  url: "https://hooks.invalid/",
})).body.secret as string;
const invited = await callWith(token, "POST", "/v1/settings/team/invite", {
  email: "viewer@example.com",
  role: "viewer",
});
const invite = /ia_invite_[0-9A-Za-z]+/.exec(JSON.stringify(invited.body))![0];

/** Named secrets; of structured ones the part that alone is secret. */
const SECRETS: Record<string, string> = {
  password: PASSWORD,
  "access token": token.split(".")[2],
  "refresh token": refreshToken,
  "API key": key.slice(19),
  "stream ticket": ticket.slice(10),
  "invitation token": invite.slice(10),
  "webhook secret": webhook.slice(6),
};

const document = JSON.parse(await Deno.readTextFile(new URL("../../openapi.json", import.meta.url)));
const ROUTES = Object.entries(document.paths as Record<string, Record<string, unknown>>).flatMap((
  [path, methods],
) => Object.keys(methods).map((method) => [method.toUpperCase(), path] as const)).filter(([method, path]) =>
  path !== "/api/ws/drifts" && !(method === "DELETE" && path === "/auth/me")
);

const publicPath = (path: string) => path.startsWith("/api/") ? path : `/v1${path}`;
const note = (answer: { status: number; body: unknown }) => {
  if (answer.status >= 400) errors.push(JSON.stringify(answer.body));
};

for (const [method, path] of ROUTES) {
  Deno.test(`${method} ${path} is driven with every secret in every place`, async () => {
    const good = publicPath(path.replace(/\{\w+\}/g, "1"));
    const withBody = method === "GET" ? [undefined] : [undefined, {}, { unknown: true }];
    // The credentials in their own place. Sign-out and the like come last, below.
    if (!/logout|revoke/.test(path)) {
      for (const credential of [token, key]) {
        for (const body of withBody) note(await callWith(credential, method, good, body));
      }
    }
    // Broken by one character, and in places where they do not belong.
    for (const secret of [token, key, ticket, invite, refreshToken, PASSWORD]) {
      note(await callWith(`${secret}x`, method, good));
      note(await call("anonymous", method, `${good}?token=${encodeURIComponent(secret)}`));
      // The embedded server's refresh tokens are UUIDs, as ids of sessions and jobs are: in their place one is an id like any other.
      if (!(["/auth/sessions/{id}", "/drifts/jobs/{id}"].includes(path) && secret === refreshToken)) {
        note(await call("viewer", method, publicPath(path.replace(/\{\w+\}/g, encodeURIComponent(secret)))));
      }
      if (method !== "GET") {
        const wrong = {
          email: secret,
          password: `${PASSWORD}`,
          token: secret,
          refresh_token: `${secret}x`,
          [secret]: secret,
        };
        note(await call("viewer", method, good, wrong));
        note(await malformed(method, good, secret));
      }
    }
  });
}

Deno.test("the secrets in the calls they are for, right and wrong", async () => {
  note(await callWith(undefined, "POST", "/api/login", { email: "canary@example.com", password: PASSWORD }));
  note(await callWith(undefined, "POST", "/api/login", { email: "user@example.com", password: PASSWORD }));
  note(
    await callWith(undefined, "POST", "/api/register", { email: "canary@example.com", password: PASSWORD }),
  );
  note(await callWith(undefined, "POST", "/api/refresh", { refresh_token: refreshToken }));
  note(await callWith(undefined, "POST", "/api/refresh", { refresh_token: refreshToken }));
  note(await call("stranger", "POST", "/v1/settings/team/accept", { token: invite }));
  note(await call("viewer", "POST", "/v1/settings/team/accept", { token: invite }));
  for (const secret of [ticket, `${ticket}x`, key, token]) {
    const stop = new AbortController();
    const response = await realFetch(`${stack.url}/api/ws/drifts?token=${secret}`, { signal: stop.signal });
    if (response.status >= 400) errors.push(await response.text());
    stop.abort();
  }
  note(await callWith(undefined, "POST", "/v1/credentials/revoke", { credentials: [key] }));
  note(await callWith(key, "GET", "/v1/resources"));
  note(await callWith(token, "POST", "/api/logout", { scope: "global" }));
  note(await callWith(token, "GET", "/v1/resources"));
  assert.ok(errors.length > 100 && cast.logs.length > 300 && queries.length > 100, "everything was driven");
});

for (const [name, secret] of Object.entries(SECRETS)) {
  Deno.test(`the ${name} is in no log line, error, column or query`, async () => {
    assert.deepEqual(
      cast.logs.map((line) => JSON.stringify(line)).filter((line) => line.includes(secret)),
      [],
    );
    assert.deepEqual(errors.filter((error) => error.includes(secret)), []);
    assert.deepEqual(queries.filter((query) => query.includes(secret)), []);
    assert.deepEqual(await columnsWith(secret), []);
  });
}

async function malformed(method: string, path: string, secret: string) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}, Bearer ${secret}` };
  const response = await realFetch(stack.url + path, { method, headers, body: `{"password":"${secret}` });
  return { status: response.status, body: await response.json() };
}

/** Every column of every table that holds the text. Supabase Auth keeps refresh tokens in its own, as it must. */
async function columnsWith(text: string): Promise<string[]> {
  const tables = await stack.database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('public', 'private', 'auth') and tablename <> 'refresh_tokens' order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await stack.database.query<{ row: string }>(
      `select to_jsonb(t)::text as row from ${name} t`,
    );
    if (rows.some(({ row }) => row.includes(text))) found.push(name);
  }
  return found;
}
