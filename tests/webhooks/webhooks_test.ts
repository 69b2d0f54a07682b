/** Guarantee: owners and admins manage their organization's webhooks in a session; URL and secret are never shown again. */
import assert from "node:assert/strict";
import { EVERYBODY } from "../http/cast.ts";
import { startWebhookStack, WEBHOOKS as PATH } from "./webhook_stack.ts";

const { cast, receiver, courier, hook, sql } = await startWebhookStack();
const { call, stack } = cast;
/** All but what deliveries note. */
const webhooks = () =>
  stack.database.query("select to_jsonb(w) - 'last_delivered_at' as row from public.webhooks w order by id");
const GOOD = { name: "x", url: "https://hooks.example.com/in", events: ["key.leaked"] };

Deno.test.beforeEach(async () => void await stack.database.query("delete from public.webhooks"));

Deno.test("who may make, see, change, test and remove one: owners and admins; keys only see", async () => {
  const makers = ["owner", "admin", "stranger"];
  const one = await hook({ name: "the one" });
  const { body: sent } = await call("owner", "POST", `${PATH}/${one.id}/test`);
  for (const actor of EVERYBODY) {
    const before = await webhooks();
    const refused = actor === "anonymous" ? 401 : 403;
    const reads = ["owner", "admin", "key:audit:read"].includes(actor);
    const made = await call(actor, "POST", PATH, { ...GOOD, name: actor });
    assert.equal(made.status, makers.includes(actor) ? 201 : refused, actor);
    if (made.status === 201) await call(actor, "DELETE", `${PATH}/${made.body.id}`);
    assert.equal(
      (await call(actor, "GET", PATH)).status,
      reads || actor === "stranger" ? 200 : refused,
      actor,
    );
    // Of the keys, those for something else are refused by the same policies.
    if (actor.startsWith("key:") && actor !== "key:audit:read") continue;
    assert.equal((await call(actor, "GET", `${PATH}/${one.id}`)).status, reads ? 200 : refused, actor);
    const log = await call(actor, "GET", `${PATH}/${one.id}/deliveries`);
    assert.equal(log.status, reads ? 200 : refused, actor);
    const isOurs = actor === "owner" || actor === "admin";
    const writes: [string, string, unknown, number][] = [
      ["PATCH", `${PATH}/${one.id}`, { name: "the one" }, 200],
      ["POST", `${PATH}/${one.id}/rotate`, {}, 201],
      ["POST", `${PATH}/${one.id}/test`, undefined, 202],
      ["POST", `${PATH}/deliveries/${sent.id}/redeliver`, undefined, 202],
    ];
    for (const [method, path, body, status] of writes) {
      assert.equal(
        (await call(actor, method, path, body)).status,
        isOurs ? status : refused,
        `${actor} ${path}`,
      );
    }
    if (!isOurs) {
      assert.equal((await call(actor, "DELETE", `${PATH}/${one.id}`)).status, refused, actor);
      assert.deepEqual(await webhooks(), before);
    }
  }
  assert.equal((await call("admin", "DELETE", `${PATH}/${one.id}`)).status, 204);
  for (const path of [`${PATH}/${one.id}`, `${PATH}/${one.id}/deliveries`]) {
    assert.equal((await call("owner", "GET", path)).status, 404);
  }
  assert.equal((await call("owner", "POST", `${PATH}/deliveries/${sent.id}/redeliver`)).status, 404);
});

Deno.test("the secret is shown once, a chat's URL never, and neither is in any table the Data API has", async () => {
  const query = "?token=tok-1234567890";
  const { body: made } = await call("owner", "POST", PATH, { ...GOOD, url: GOOD.url + query });
  assert.match(made.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.equal(made.url, "https://hooks.example.com/in?…");
  const chat = await call("owner", "POST", PATH, {
    name: "chat",
    format: "slack",
    url: "https://hooks.slack.com/services/T0/B0/tok-1234567890",
  });
  assert.deepEqual([chat.body.url, chat.body.secret], ["https://hooks.slack.com/…", null]);
  assert.equal(chat.body.events.length, 9, "all events where none are named");
  const rotated = await call("owner", "POST", `${PATH}/${made.id}/rotate`, { grace_seconds: 60 });
  assert.notEqual(rotated.body.secret, made.secret);
  assert.ok(Date.parse(rotated.body.old_secret_until) > Date.now());

  const shown = JSON.stringify([
    (await call("owner", "GET", PATH)).body,
    (await call("owner", "GET", `${PATH}/${made.id}`)).body,
    (await call("owner", "PATCH", `${PATH}/${made.id}`, { url: made.url.replace("?…", query) })).body,
    (await call("owner", "GET", "/v1/settings/audit-log")).body,
  ]);
  const client = await cast.supabase("owner");
  const direct = JSON.stringify([
    (await client.from("webhooks").select("*")).data,
    (await client.from("webhook_deliveries").select("*")).data,
  ]);
  const columns = JSON.stringify(await stack.database.query("select * from private.webhook_secrets"));
  for (const text of [shown, direct, columns, JSON.stringify(cast.logs)]) {
    for (const secret of ["tok-1234567890", made.secret, rotated.body.secret]) {
      assert.ok(!text.includes(secret));
    }
  }
  const hidden = await client.schema("private").from("webhook_targets").select("*");
  assert.notEqual(hidden.error, null);
});

Deno.test("bad fields are named and nothing is written; a name is taken once; twenty are the most", async () => {
  const rows: Record<string, unknown>[] = [
    { url: "http://hooks.example.com/" },
    { url: "http://10.0.0.1/" },
    { url: "http://127.0.0.1.example.com/" },
    { url: "https://user:password@hooks.example.com/" },
    { url: "https://hooks.example.com/#x" },
    { url: "ftp://hooks.example.com/" },
    { url: "https://" },
    { url: "https://hooks.slack.com/…" },
    { events: [] },
    { events: ["drift.detected", "drift.detected"] },
    { events: ["everything"] },
    { format: "xml" },
    { name: " " },
    { secret: "whsec_mine" },
  ];
  for (const changes of rows) {
    const { status, body } = await call("owner", "POST", PATH, { ...GOOD, ...changes });
    assert.deepEqual([status, body.code], [400, "VALIDATION_FAILED"], JSON.stringify(changes));
  }
  assert.deepEqual(await webhooks(), []);
  assert.equal((await call("owner", "POST", PATH, GOOD)).status, 201);
  assert.equal((await call("owner", "POST", PATH, GOOD)).status, 409);
  const client = await cast.supabase("owner");
  const direct = await client.from("webhooks").insert({
    name: "direct",
    format: "standard",
    url: "http://10.0.0.1/",
    events: ["key.leaked"],
  });
  assert.match(direct.error!.message, /webhook_targets_url/, "the Data API's door has the same lock");
  for (let count = 1; count < 20; count++) await call("owner", "POST", PATH, { ...GOOD, name: `n${count}` });
  const { status, body } = await call("owner", "POST", PATH, { ...GOOD, name: "one more" });
  assert.deepEqual([status, body.code], [422, "UNPROCESSABLE"]);
  assert.equal((await webhooks()).length, 20);
});

Deno.test("what is done to a webhook is audited, without its URL's secret part", async () => {
  const { body: made } = await call("admin", "POST", PATH, GOOD);
  await call("admin", "PATCH", `${PATH}/${made.id}`, { enabled: false });
  await call("admin", "POST", `${PATH}/${made.id}/rotate`);
  await call("admin", "DELETE", `${PATH}/${made.id}`);
  const { body } = await call("owner", "GET", `/v1/settings/audit-log?target=webhook:${made.id}`);
  assert.deepEqual(
    body.data.map((event: { action: string; actor_email: string }) => [event.action, event.actor_email])
      .reverse(),
    ["created", "changed", "secret_rotated", "deleted"].map((
      what,
    ) => [`webhook.${what}`, "admin@example.com"]),
  );
});

Deno.test("chats get plain text that no name can turn into a link", async () => {
  await hook({ name: "slack", format: "slack" });
  await hook({ name: "teams", format: "teams" });
  await sql(`select private.tell_webhooks(id, 'drift.detected', '{}'), private.tell_webhooks(id, 'key.leaked',
    '{"id":1,"name":"<!channel> [x](https://evil.example)","prefix":"ia_live_x"}') from public.organizations`);
  await courier.deliverDue();
  const sent = receiver.received.slice(-2);
  const bodies = sent.map(({ body, headers }) => {
    assert.equal(headers["webhook-signature"], undefined);
    return JSON.parse(body);
  });
  const slack = bodies.find((body) => "blocks" in body);
  assert.equal(slack.text, "An API key leaked and was revoked");
  assert.deepEqual(slack.blocks.map(({ text }: { text: { type: string } }) => text.type), [
    "plain_text",
    "plain_text",
  ]);
  const card = bodies.find((body) => body.type === "message").attachments[0].content;
  assert.deepEqual([card.type, card.body[1].type, card.body[1].inlines[0].type], [
    "AdaptiveCard",
    "RichTextBlock",
    "TextRun",
  ]);
});
