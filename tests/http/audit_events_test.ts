/** Guarantee: what matters is recorded once, with who did it and from where, and nobody else has a hand in it. */
import assert from "node:assert/strict";
import { emailOf, gatherCast, PASSWORD } from "./cast.ts";

const cast = await gatherCast();
const { call, signIn, stack, logs } = cast;

interface Event {
  id: number;
  sequence: number;
  action: string;
  [field: string]: unknown;
}

/** Calls with a request id of one's own, to find its events by. */
async function traced(credential: string | undefined, method: string, path: string, body?: unknown) {
  const requestId = crypto.randomUUID();
  const response = await fetch(stack.url + path, {
    method,
    headers: {
      "x-request-id": requestId,
      "user-agent": "audit-test/1 (ä)",
      "content-type": "application/json",
      ...(credential && { authorization: `Bearer ${credential}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  const events = await stack.database.query<Event>(
    `select action, actor_email, credential_type, target_type, target_id, host(address) as address, user_agent,
       details, organization_id from public.audit_events where request_id = $1 order by id`,
    [requestId],
  );
  return { status: response.status, body: text ? JSON.parse(text) : undefined, events };
}

const AGENT = { address: "127.0.0.1", user_agent: "audit-test/1 (?)" };

Deno.test("a sign-in is recorded once, with its session", async () => {
  const login = await traced(undefined, "POST", "/api/login", { email: emailOf("user"), password: PASSWORD });
  assert.equal(login.status, 200);
  const { details, ...event } = login.events[0]!;
  assert.equal(login.events.length, 1);
  assert.deepEqual(event, {
    action: "session.started",
    actor_email: "user@example.com",
    credential_type: "session",
    target_type: "user",
    target_id: "1",
    organization_id: 1,
    ...AGENT,
  });
  assert.deepEqual(Object.keys(details as object), ["started_at"]);
});

Deno.test("a refused sign-in is recorded where the address is somebody's; nobody is the actor", async () => {
  const refused = await traced(undefined, "POST", "/api/login", {
    email: "USER@example.com",
    password: "wrong",
  });
  assert.equal(refused.status, 401);
  assert.deepEqual(refused.events, [{
    action: "session.refused",
    actor_email: null,
    credential_type: null,
    target_type: "user",
    target_id: "1",
    organization_id: 1,
    details: { email: "user@example.com" },
    ...AGENT,
  }]);
  const unknown = await traced(undefined, "POST", "/api/login", {
    email: "who@example.com",
    password: "wrong",
  });
  assert.deepEqual([unknown.status, unknown.events], [401, []]);
});

Deno.test("a sign-in at Supabase Auth itself is in the log when somebody reads it", async () => {
  await cast.supabase("viewer");
  await stack.database.query("update private.session_starts set started_at = now() - interval '1 minute'");
  const path = "/v1/settings/audit-log?action=session.started&actor=viewer@example.com";
  const [first, second] = [await call("owner", "GET", path), await call("owner", "GET", path)];
  assert.equal(first.body.data[0].actor_email, "viewer@example.com");
  assert.equal(first.body.data[0].request_id, null);
  assert.deepEqual(second.body, first.body, "once");
});

Deno.test("signing out is recorded", async () => {
  const { token } = await signIn("user");
  const answer = await traced(token, "POST", "/api/logout", { scope: "local" });
  assert.equal(answer.status, 204);
  assert.deepEqual(answer.events.map((event) => [event.action, event.details]), [
    ["session.ended", { scope: "local" }],
  ]);
});

Deno.test("keys and team: each change is one event, with the credential that made it", async () => {
  const owner = (await cast.credential("owner"))!;
  const key = await traced(owner, "POST", "/v1/settings/api-keys", {
    name: "for the log",
    scopes: ["team:write"],
  });
  assert.equal(key.status, 201);
  const steps: [string, string, unknown, string, string][] = [
    ["PUT", "/v1/settings/team/4", { role: "user" }, "team.role_changed", "4"],
    ["PUT", "/v1/settings/team/4", { role: "viewer" }, "team.role_changed", "4"],
    ["POST", "/v1/settings/team/invite", { email: "log@example.com", role: "user" }, "invite.created", "1"],
    ["POST", "/v1/settings/team/invites/1/resend", undefined, "invite.resent", "1"],
    ["DELETE", "/v1/settings/team/invites/1", undefined, "invite.cancelled", "1"],
  ];
  for (const [method, path, body, action, target] of steps) {
    const { events } = await traced(key.body.key, method, path, body);
    assert.deepEqual(
      events.map((event) => [event.action, event.target_id, event.actor_email, event.credential_type]),
      [[action, target, "owner@example.com", "api_key"]],
    );
    assert.deepEqual({ address: events[0]!.address, user_agent: events[0]!.user_agent }, AGENT);
  }
  // The same role again changes nothing and tells of nothing.
  assert.deepEqual((await traced(owner, "PUT", "/v1/settings/team/4", { role: "viewer" })).events, []);
  const revoked = await traced(owner, "DELETE", `/v1/settings/api-keys/${key.body.id}`);
  assert.deepEqual(revoked.events.map((event) => event.action), ["api_key.revoked"]);
  assert.doesNotMatch(JSON.stringify([key.events, revoked.events]), /ia_live_\w{10}_/);
});

Deno.test("a refused write is recorded though it left nothing; a refused read is not", async () => {
  const viewer = (await cast.credential("viewer"))!;
  const write = await traced(viewer, "DELETE", "/v1/resources/1?token=not-to-be-kept");
  assert.equal(write.status, 403);
  assert.deepEqual(write.events, [{
    action: "access.refused",
    actor_email: "viewer@example.com",
    credential_type: "session",
    target_type: "endpoint",
    target_id: "DELETE /resources/:id",
    organization_id: 1,
    details: { code: "FORBIDDEN", required: "resources:write", params: { id: "1" } },
    ...AGENT,
  }]);
  const read = await traced(viewer, "GET", "/v1/settings/api-keys");
  assert.deepEqual([read.status, read.events], [403, []]);
  const [home] = await stack.database.query("select id from public.organizations where name = 'Elsewhere'");
  const elsewhere = await traced((await cast.credential("stranger"))!, "DELETE", "/v1/resources/1");
  assert.deepEqual(
    elsewhere.events.map((event) => event.organization_id),
    [home!.id],
    "the stranger's own log",
  );
});

Deno.test("headers of a direct caller of the Data API are not believed, nor is a claim of their own", async () => {
  const { token } = await signIn("owner");
  const headers = {
    apikey: stack.publishableKey,
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "x-client-address": "203.0.113.66",
    "x-client-user-agent": "forged",
    "x-request-id": "forged-request",
    "x-forwarded-for": "203.0.113.66",
  };
  const answer = await fetch(`${stack.url}/rest/v1/rpc/change_member_role`, {
    method: "POST",
    headers,
    body: JSON.stringify({ p_profile_id: 4, p_role: "user" }),
  });
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
  const { body } = await call("owner", "GET", "/v1/settings/audit-log?action=team.role_changed");
  const { actor_email, address, user_agent, request_id } = body.data[0];
  assert.deepEqual([actor_email, address, user_agent, request_id], ["owner@example.com", null, null, null]);
  await call("owner", "PUT", "/v1/settings/team/4", { role: "viewer" });
});

Deno.test("no table or function lets an API role write, change or empty the log", async () => {
  const before = await stack.database.query("select * from public.audit_events order by id");
  const { token } = await signIn("owner");
  for (
    const [apikey, bearer] of [[stack.publishableKey, token], [stack.publishableKey, undefined], [
      stack.secretKey,
      undefined,
    ]] as const
  ) {
    const headers = {
      apikey,
      "content-type": "application/json",
      ...(bearer && { authorization: `Bearer ${bearer}` }),
    };
    const rest = async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(`${stack.url}/rest/v1/${path}`, {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
      });
      await answer.body?.cancel();
      return answer.status;
    };
    const row = { organization_id: 1, sequence: 1, action: "x", occurred_at: "2026-01-01", details: {} };
    assert.ok([401, 403].includes(await rest("POST", "audit_events", row)));
    assert.ok([401, 403].includes(await rest("PATCH", "audit_events?id=gt.0", { action: "x" })));
    assert.ok([401, 403].includes(await rest("DELETE", "audit_events?id=gt.0")));
    assert.ok(await rest("POST", "audit_log", row) >= 400);
    assert.ok(await rest("PATCH", "audit_log?id=gt.0", { action: "x" }) >= 400);
    assert.ok(await rest("DELETE", "audit_log?id=gt.0") >= 400);
    if (apikey === stack.secretKey) continue;
    for (
      const [name, body] of [["record_audit_event", { p_event: {} }], ["record_session_start", {
        p_session_id: crypto.randomUUID(),
      }], ["record_refused_sign_in", { p_email: "owner@example.com" }]] as const
    ) {
      assert.ok([401, 403].includes(await rest("POST", `rpc/${name}`, body)), name);
    }
  }
  const after = await stack.database.query(
    "select * from public.audit_events where action <> 'session.started' order by id",
  );
  assert.deepEqual(after, before.filter((event) => event.action !== "session.started"));
});

Deno.test("no secret stands in the log or in a log line", async () => {
  const { token } = await signIn("user");
  const events = JSON.stringify(await stack.database.query("select * from public.audit_events"));
  for (const secret of [PASSWORD, token.split(".")[2]!]) {
    assert.ok(!events.includes(secret));
    assert.ok(!JSON.stringify(logs).includes(secret));
  }
});
