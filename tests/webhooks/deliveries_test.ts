/** Guarantee: news arrives signed and at least once, whatever the target does; a dead target is told of and given up. */
import assert from "node:assert/strict";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { freePort, startWebhookStack, WEBHOOK_KEY, WEBHOOKS as PATH } from "./webhook_stack.ts";

const { cast, receiver, courier, courierWith, runWorker, sql, hook, log, enqueue, passTime } =
  await startWebhookStack();
const { call, stack } = cast;

Deno.test.beforeEach(async () => void await sql("delete from public.webhooks"));

Deno.test("a test message arrives by itself, and its signature is that of Standard Webhooks, also while rotating", async () => {
  const { id, secret } = await hook();
  const { status, body } = await call("owner", "POST", `${PATH}/${id}/test`);
  assert.deepEqual([status, body.status, body.event], [202, "pending", "webhook.test"]);
  const first = await receiver.next();
  assert.equal(first.headers["webhook-id"], body.message_id);
  const message = new StandardWebhook(secret).verify(first.body, first.headers) as Record<string, unknown>;
  assert.deepEqual([message.type, message.data], ["webhook.test", { id, name: "x" }]);
  assert.throws(() => new StandardWebhook(secret).verify(first.body.replace("x", "y"), first.headers));

  const { secret: next } = (await call("owner", "POST", `${PATH}/${id}/rotate`)).body;
  await call("owner", "POST", `${PATH}/${id}/test`);
  const second = await receiver.next();
  for (const good of [secret, next]) new StandardWebhook(good).verify(second.body, second.headers);
  await call("owner", "POST", `${PATH}/${id}/rotate`, { grace_seconds: 0 });
  await call("owner", "POST", `${PATH}/${id}/test`);
  const third = await receiver.next();
  for (const old of [secret, next]) {
    assert.throws(() => new StandardWebhook(old).verify(third.body, third.headers));
  }
});

Deno.test("what happens is told to those who ask for it: drifts in one message, members, leaked keys", async () => {
  const { id } = await hook({
    events: ["drift.detected", "drift.resolved", "member.role_changed", "key.leaked"],
  });
  await hook({ name: "deaf", events: ["member.joined"] });
  const stranger = await call("stranger", "POST", PATH, { name: "x", url: `${receiver.url}/stranger` });
  const snapshot = (color: string, size: number) => [{
    external_id: "news",
    name: "news",
    resource_type: "aws_db_instance",
    provider: "aws",
    configuration: { color, size },
  }];
  await call("user", "POST", "/v1/resources/import", snapshot("red", 1));
  await call("user", "POST", "/v1/resources/import", snapshot("blue", 2));
  await call("user", "POST", "/v1/resources/import", snapshot("red", 1));
  const { body: team } = await call("owner", "GET", "/v1/settings/team");
  const user = team.data.find(({ email }: { email: string }) => email === "user@example.com");
  for (const role of ["viewer", "user"]) await call("owner", "PUT", `/v1/settings/team/${user.id}`, { role });
  const key = (await call("owner", "POST", "/v1/settings/api-keys", { name: "leaky" })).body.key;
  await call("anonymous", "POST", "/v1/credentials/revoke", { credentials: [key] });
  await runWorker();

  const told = receiver.received.filter(({ path }) => path === "/ok").map(({ body }) => JSON.parse(body))
    .slice(-5);
  for (let count = 0; count < 5; count++) await receiver.next();
  assert.deepEqual(told.map(({ type, data }) => [type, data.count ?? data.name ?? data.role]).sort(), [
    ["drift.detected", 2],
    ["drift.resolved", 2],
    ["key.leaked", "leaky"],
    ["member.role_changed", "user"],
    ["member.role_changed", "viewer"],
  ]);
  assert.ok(!JSON.stringify(told).includes(key));
  assert.deepEqual((await log(id)).map((one: { status: string }) => one.status), Array(5).fill("delivered"));
  assert.deepEqual((await call("stranger", "GET", `${PATH}/${stranger.body.id}/deliveries`)).body.data, []);
});

Deno.test("a key that ends within a week is told once, and again when its end moves; others are not", async () => {
  await hook({ events: ["key.expiring"] });
  const key = async (name: string, days: number) =>
    (await call("owner", "POST", "/v1/settings/api-keys", { name, expires_in_days: days })).body.id as number;
  const [ending, replaced] = [await key("ending", 90), await key("replaced", 90)];
  await key("short", 5);
  await key("far", 90);
  await call("owner", "POST", `/v1/settings/api-keys/${replaced}/rotate`);
  const endIn = (days: number) =>
    sql(`update public.api_keys set created_at = created_at - interval '84 days',
      expires_at = now() + interval '${days} days' where id in (${ending}, ${replaced})`);
  const look = async () => (await sql("select private.task_expiring_keys(1000) as told"))[0]!.told;
  await endIn(6);
  assert.deepEqual([await look(), await look()], [1, 0]);
  await endIn(3);
  assert.equal(await look(), 1);
  assert.equal(await courier.deliverDue(), 2);
  const told = [await receiver.next(), await receiver.next()].map(({ body }) => JSON.parse(body));
  assert.deepEqual(
    told.map(({ type, data }) => [type, data.id, data.name]),
    Array(2).fill([
      "key.expiring",
      ending,
      "ending",
    ]),
  );
  assert.ok(told[1].data.expires_at < told[0].data.expires_at);
});

const BAD_TARGETS: [path: string, error: RegExp, status: number | null][] = [
  ["/500", /answered 500/, 500],
  ["/redirect", /answered 302: redirects are not followed/, 302],
  ["/hang", /did not answer within/, null],
];

for (const [path, words, responseStatus] of BAD_TARGETS) {
  Deno.test(`a target like ${path} is tried again later, and each attempt has the same id`, async () => {
    const { id } = await hook({ url: receiver.url + path });
    await enqueue();
    const impatient = courierWith({ timeoutMilliseconds: path === "/hang" ? 100 : 10_000 });
    assert.equal(await impatient.deliverDue(), 1);
    assert.equal(await impatient.deliverDue(), 0, "not at once");
    const [waiting] = await log(id);
    assert.deepEqual([waiting.status, waiting.attempts, waiting.response_status], [
      "pending",
      1,
      responseStatus,
    ]);
    assert.match(waiting.error, words);
    assert.ok(Date.parse(waiting.next_attempt_at) > Date.now());
    await passTime("1 minute");
    assert.equal(await impatient.deliverDue(), 1);
    const ids = [await receiver.next(), await receiver.next()].map(({ headers }) => headers["webhook-id"]);
    assert.deepEqual(ids, [waiting.message_id, waiting.message_id]);
    assert.ok(receiver.received.every((one) => one.path !== "/ok" || one.headers["webhook-id"] !== ids[0]));
    assert.notEqual((await call("owner", "GET", `${PATH}/${id}`)).body.failing_since, null);
  });
}

Deno.test("ten megabytes of answer are cut, and count by their status", async () => {
  const { id } = await hook({ url: `${receiver.url}/10mb` });
  await enqueue();
  await courier.deliverDue();
  await receiver.next();
  assert.deepEqual((await log(id)).map((one: { status: string }) => one.status), ["delivered"]);
});

Deno.test("outside the local stack nothing within our walls is asked, by whatever name", async () => {
  const before = receiver.received.length;
  const { port } = new URL(receiver.url);
  const targets = [
    receiver.url,
    `http://localhost:${port}/`,
    `https://localhost:${port}/`,
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/",
    "https://10.0.0.1/",
    "https://2130706433/",
    "https://internal.example.com/",
    "https://metadata.example.com/",
  ];
  for (const [index, url] of targets.entries()) await hook({ name: `n${index}`, url });
  await enqueue();
  const resolve = (host: string) =>
    Promise.resolve(host === "internal.example.com" ? ["93.184.216.34", "10.0.0.5"] : ["fd00:ec2::254"]);
  assert.equal(await courierWith({ acceptsLoopback: false, resolve }).deliverDue(), targets.length);
  const rows = await sql("select distinct status, error, response_status from public.webhook_deliveries");
  assert.deepEqual(rows, [
    { status: "pending", error: "The target is at no public address.", response_status: null },
  ]);
  assert.equal(receiver.received.length, before);
});

Deno.test("after a day without any success the webhook is disabled, with notice; enabled again it goes on", async () => {
  const { id } = await hook({ url: `${receiver.url}/500` });
  await hook({ name: "watch", events: ["webhook.disabled"] });
  await enqueue();
  let attempts = 0;
  for (; (await log(id))[0].status === "pending" && attempts < 50; attempts++) {
    await courier.deliverDue();
    await passTime("6 hours");
  }
  assert.equal(attempts, 5);
  const { body } = await call("owner", "GET", `${PATH}/${id}`);
  assert.deepEqual([body.enabled, body.disabled_reason], [
    false,
    "The target took no delivery for 24 hours.",
  ]);
  const [event] = (await call("owner", "GET", "/v1/settings/audit-log?action=webhook.disabled")).body.data;
  assert.deepEqual([event.target_id, event.actor_id], [String(id), null]);
  await courier.deliverDue();
  assert.equal(
    JSON.parse(receiver.received.at(-1)!.body).type,
    "webhook.disabled",
    "another webhook hears of it",
  );

  const { body: enabled } = await call("owner", "PATCH", `${PATH}/${id}`, {
    enabled: true,
    url: `${receiver.url}/ok`,
  });
  assert.deepEqual([enabled.disabled_reason, enabled.failing_since, enabled.disabled_at], [null, null, null]);
  const again = await call("owner", "POST", `${PATH}/deliveries/${(await log(id))[0].id}/redeliver`);
  const arrived = await (async () => {
    for (;;) {
      const one = await receiver.next();
      if (one.path === "/ok" && one.headers["webhook-id"] === again.body.message_id) return one;
    }
  })();
  assert.equal(JSON.parse(arrived.body).data.name, "k");
});

Deno.test("a target that is gone is given up at once", async () => {
  const { id } = await hook({ url: `${receiver.url}/410` });
  await enqueue();
  await courier.deliverDue();
  assert.equal((await log(id))[0].status, "failed");
  assert.match((await call("owner", "GET", `${PATH}/${id}`)).body.disabled_reason, /410/);
});

Deno.test("after 30 days messages go, and their deliveries with them", async () => {
  const { id } = await hook();
  await enqueue();
  await enqueue();
  await sql(`update private.webhook_messages set created_at = now() - interval '31 days'
    where id = (select max(id) from private.webhook_messages)`);
  await sql("select private.task_webhook_messages(1000)");
  assert.equal((await log(id)).length, 1);
});

Deno.test("of what waits for a dead target, a thousand are kept waiting", async () => {
  const { id } = await hook();
  await sql(
    `select private.tell_webhooks(o.id, 'key.leaked', '{}') from public.organizations o, generate_series(1, 1003)
    where o.name = 'Demo'`,
  );
  const failed = await call("owner", "GET", `${PATH}/${id}/deliveries?status=failed`);
  assert.deepEqual([failed.body.meta.total, failed.body.data[0].error], [
    3,
    "Too many deliveries were waiting.",
  ]);
});

Deno.test("a worker killed in the middle: the next takes over, with the same id", async () => {
  const { id } = await hook({ url: `${receiver.url}/hang` });
  await enqueue();
  const worker = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      new URL("courier_process.ts", import.meta.url).pathname,
      stack.url,
      stack.secretKey,
      WEBHOOK_KEY,
    ],
  }).spawn();
  let first = await receiver.next();
  while (first.path !== "/hang") first = await receiver.next();
  worker.kill("SIGKILL");
  await worker.status;
  assert.equal(await courier.deliverDue(), 0, "its lease still holds");
  await call("owner", "PATCH", `${PATH}/${id}`, { url: `${receiver.url}/ok` });
  await passTime("2 minutes");
  assert.equal(await courier.deliverDue(), 1);
  const second = await receiver.next();
  assert.equal(second.headers["webhook-id"], first.headers["webhook-id"]);
  const [delivery] = await log(id);
  assert.deepEqual([delivery.status, delivery.attempts], ["delivered", 2]);
});

Deno.test("the receiver of docs/webhooks.md takes what is signed, once, and refuses what is not", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/webhooks.md", import.meta.url));
  const file = new URL(`../../.receiver-${crypto.randomUUID()}.ts`, import.meta.url);
  const [, code] = /```ts receiver\n([\s\S]+?)```/.exec(page)!;
  const port = freePort();
  const { id, secret } = await hook({ url: `http://127.0.0.1:${port}/` });
  // Says when it listens, so that nothing here has to wait and hope.
  await Deno.writeTextFile(file, code!.replace("env.PORT))", 'env.PORT), () => console.log("listening"))'));
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", file.pathname],
    env: { WEBHOOK_SECRET: secret, PORT: String(port) },
    stdout: "piped",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    assert.match((await lines.read()).value!, /listening/);
    await enqueue();
    assert.equal(await courier.deliverDue(), 1);
    assert.match((await lines.read()).value!, /^key\.leaked \{"id":1/);
    const [first] = await log(id);
    await sql(`insert into public.webhook_deliveries (organization_id, webhook_id, message_id, event)
      select organization_id, webhook_id, message_id, event from public.webhook_deliveries`);
    assert.equal(await courier.deliverDue(), 1);
    assert.deepEqual([first.response_status, (await log(id))[0].response_status], [204, 204]);
    await call("owner", "POST", `${PATH}/${id}/rotate`, { grace_seconds: 0 });
    await enqueue();
    await courier.deliverDue();
    assert.equal((await log(id))[0].response_status, 401);
  } finally {
    process.kill();
    const rest = [];
    for (let part = await lines.read(); !part.done; part = await lines.read()) rest.push(part.value);
    await process.status;
    await Deno.remove(file);
    assert.deepEqual(rest, [], "a repetition is passed over");
  }
});
