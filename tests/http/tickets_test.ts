/** Guarantee: a stream ticket opens one stream, for half a minute, and is never worth more than its credential. */
import assert from "node:assert/strict";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const { call, callWith, signIn, credential, stack, logs } = await gatherCast({
  variables: { STREAM_TICK_MILLISECONDS: "20" },
});

const READERS: Actor[] = ["owner", "admin", "user", "viewer", "stranger", "key:drifts:read"];

const tickets = () => stack.database.query("select * from private.stream_tickets order by expires_at");

async function ticketOf(bearer: string): Promise<string> {
  const answer = await callWith(bearer, "POST", "/api/ws/tickets");
  assert.equal(answer.status, 201);
  return answer.body.ticket;
}

function open(query: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${stack.url}/api/ws/drifts?${query}`, { headers });
}

/** The status of an attempt, the stream itself left at once. */
async function statusOf(response: Promise<Response>): Promise<[number, string | undefined]> {
  const answer = await response;
  if (answer.ok) {
    await answer.body!.cancel();
    return [answer.status, undefined];
  }
  return [answer.status, (await answer.json()).code];
}

/** All that a stream still sends until it ends by itself. */
async function rest(response: Response, after: () => Promise<unknown>): Promise<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value ?? "";
  await after();
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  return text;
}

for (const actor of EVERYBODY) {
  Deno.test(`${actor} asks for a ticket`, async () => {
    const before = await tickets();
    const answer = await call(actor, "POST", "/api/ws/tickets");
    assert.equal(answer.status, actor === "anonymous" ? 401 : READERS.includes(actor) ? 201 : 403);
    if (answer.status === 403) assert.deepEqual(answer.body.details, { required: "drifts:read" });
    if (answer.status !== 201) return assert.deepEqual(await tickets(), before);
    assert.match(answer.body.ticket, /^ia_ticket_[0-9A-Za-z]{43}$/);
    const life = Date.parse(answer.body.expires_at) - Date.now();
    assert.ok(life > 20_000 && life <= 30_500, `${life} ms`);
    assert.deepEqual(await statusOf(open(`token=${answer.body.ticket}`)), [200, undefined]);
    assert.deepEqual(
      await statusOf(open(`token=${answer.body.ticket}`)),
      [401, "TOKEN_INVALID"],
      "a second time",
    );
  });
}

Deno.test("twenty who use one ticket at once: one stream", async () => {
  const ticket = await ticketOf((await credential("user"))!);
  const answers = await Promise.all(Array.from({ length: 20 }, () => statusOf(open(`token=${ticket}`))));
  assert.deepEqual(answers.map(([status]) => status).sort(), [200, ...Array(19).fill(401)]);
});

Deno.test("a ticket is good for nothing else, and not beside another credential", async () => {
  const user = (await credential("user"))!;
  const ticket = await ticketOf(user);
  for (const path of ["/v1/resources", "/v1/auth/me", "/v1/settings/team"]) {
    assert.equal((await callWith(ticket, "GET", path)).status, 401);
    assert.equal((await callWith(undefined, "GET", `${path}?token=${ticket}`)).status, 401);
  }
  assert.equal((await callWith(ticket, "POST", "/api/ws/tickets")).status, 401);
  assert.deepEqual(await statusOf(open("", { authorization: `Bearer ${ticket}` })), [401, "API_KEY_INVALID"]);
  const both = open(`token=${ticket}`, { authorization: `Bearer ${user}` });
  assert.deepEqual(await statusOf(both), [400, "INVALID_REQUEST"]);
  assert.deepEqual(await statusOf(open(`token=${ticket}&token=${ticket}`)), [400, "INVALID_REQUEST"]);
  assert.deepEqual(
    await statusOf(open(`token=${ticket}`)),
    [200, undefined],
    "it was not used up by any of these",
  );
});

Deno.test("what is no ticket is refused before any query", async () => {
  for (
    const token of [
      "ia_ticket_",
      `ia_ticket_${"a".repeat(42)}`,
      `ia_ticket_${"a".repeat(44)}`,
      "ia_ticket_%00",
    ]
  ) {
    assert.deepEqual(await statusOf(open(`token=${token}`)), [401, "TOKEN_INVALID"], token);
  }
  assert.deepEqual(await statusOf(open(`token=ia_ticket_${"a".repeat(43)}`)), [401, "TOKEN_INVALID"]);
});

Deno.test("a ticket is too old after thirty seconds", async () => {
  const ticket = await ticketOf((await credential("user"))!);
  await stack.database.query("update private.stream_tickets set expires_at = now() where used_at is null");
  assert.deepEqual(await statusOf(open(`token=${ticket}`)), [401, "TOKEN_INVALID"]);
});

Deno.test("a ticket dies with the session that asked for it, and with its token", async () => {
  const { token } = await signIn("user");
  const signedOut = await ticketOf(token);
  assert.equal((await callWith(token, "POST", "/api/logout")).status, 204);
  assert.deepEqual(await statusOf(open(`token=${signedOut}`)), [401, "SESSION_REVOKED"]);

  const expired = await ticketOf((await signIn("user")).token);
  await stack.database.query(
    "update private.stream_tickets set credential_expires_at = now() where used_at is null",
  );
  assert.deepEqual(await statusOf(open(`token=${expired}`)), [401, "TOKEN_EXPIRED"]);
});

Deno.test("a ticket dies with the key that asked for it", async () => {
  const made = await call("owner", "POST", "/v1/settings/api-keys", {
    name: "short",
    scopes: ["drifts:read"],
  });
  const ticket = await ticketOf(made.body.key);
  assert.equal((await call("owner", "DELETE", `/v1/settings/api-keys/${made.body.id}`)).status, 204);
  assert.deepEqual(await statusOf(open(`token=${ticket}`)), [401, "API_KEY_REVOKED"]);
});

Deno.test("a ticket opens nothing from where its key doesn't, and is used up by the attempt", async () => {
  const made = await call("owner", "POST", "/v1/settings/api-keys", {
    name: "at home",
    scopes: ["drifts:read"],
  });
  const allow = (networks: string) =>
    stack.database.query("update public.api_keys set allowed_ips = $2::inet[] where id = $1", [
      made.body.id,
      networks,
    ]);
  const [elsewhere, here] = [await ticketOf(made.body.key), await ticketOf(made.body.key)];
  await allow("{203.0.113.1}");
  assert.deepEqual(await statusOf(open(`token=${elsewhere}`)), [403, "FORBIDDEN"]);
  await allow("{127.0.0.0/8,::1}");
  assert.deepEqual(await statusOf(open(`token=${elsewhere}`)), [401, "TOKEN_INVALID"]);
  assert.deepEqual(await statusOf(open(`token=${here}`)), [200, undefined]);
});

Deno.test("a ticket does no more than its credential may when it is used", async () => {
  const made = await call("owner", "POST", "/v1/settings/api-keys", {
    name: "less",
    scopes: ["drifts:read"],
  });
  const ticket = await ticketOf(made.body.key);
  await stack.database.query("update public.api_keys set scopes = '{resources:read}' where id = $1", [
    made.body.id,
  ]);
  assert.deepEqual(await statusOf(open(`token=${ticket}`)), [403, "FORBIDDEN"]);
});

Deno.test("a stream opened with a ticket ends when the session ends", async () => {
  const { token } = await signIn("viewer");
  const stream = await open(`token=${await ticketOf(token)}`);
  assert.equal(stream.status, 200);
  const sent = await rest(stream, () => callWith(token, "POST", "/api/logout"));
  assert.match(sent, /"type":"connected"/);
  assert.match(sent, /\n: [^\n]*ended[^\n]*\n\n$/);
});

Deno.test("a stream opened with a ticket ends when the key is revoked", async () => {
  const made = await call("owner", "POST", "/v1/settings/api-keys", {
    name: "ending",
    scopes: ["drifts:read"],
  });
  const stream = await open(`token=${await ticketOf(made.body.key)}`);
  const sent = await rest(stream, () => call("owner", "DELETE", `/v1/settings/api-keys/${made.body.id}`));
  assert.match(sent, /\n: [^\n]*ended[^\n]*\n\n$/);
});

Deno.test("the database holds no ticket, and no log line does", async () => {
  const ticket = await ticketOf((await credential("user"))!);
  await statusOf(open(`token=${ticket}`));
  const secret = ticket.slice("ia_ticket_".length);
  assert.doesNotMatch(JSON.stringify(await tickets()), new RegExp(secret));
  assert.doesNotMatch(JSON.stringify(logs), new RegExp(secret));
});
