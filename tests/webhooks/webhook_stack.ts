/** A stack with a target for its webhooks, a courier of the test's own, and a clock that can be moved. */
import { createServiceDatabase } from "../../shared/db/client.ts";
import { type CourierOptions, WebhookCourier } from "../../shared/webhooks/courier.ts";
import { gatherCast } from "../http/cast.ts";
import { startReceiver } from "./receiver.ts";

export const WEBHOOK_KEY = "a key of the deployment's own, 32 characters or more";
const WAKER = crypto.randomUUID();
export const WEBHOOKS = "/v1/settings/webhooks";

/** Starts it; all of it ends after the file's last test. */
export async function startWebhookStack() {
  const cast = await gatherCast({
    variables: { WEBHOOK_SECRETS_KEY: WEBHOOK_KEY, JOBS_SECRET: WAKER },
    // Nobody else sends what a test is about to send.
    schedule: false,
  });
  const { call, stack } = cast;
  const receiver = startReceiver();
  Deno.test.afterAll(() => receiver.close());
  const sql = (text: string) => stack.database.query<Record<string, unknown>>(text);
  const courierWith = (changes: Partial<CourierOptions> = {}) =>
    new WebhookCourier({
      database: createServiceDatabase(stack.url, stack.secretKey),
      secretKeys: [WEBHOOK_KEY],
      timeoutMilliseconds: 10_000,
      acceptsLoopback: true,
      ...changes,
    });
  return {
    cast,
    receiver,
    sql,
    courierWith,
    courier: courierWith(),
    /** As the schedule does. */
    runWorker: async () => {
      const headers = { authorization: `Bearer ${WAKER}` };
      const response = await fetch(`${stack.url}/v1/jobs/run`, { method: "POST", headers });
      if (response.status !== 200) throw new Error(await response.text());
      await response.body?.cancel();
    },
    /** Makes a webhook of the owner's. */
    hook: async (changes: Record<string, unknown> = {}) => {
      const good = { name: "x", url: `${receiver.url}/ok`, events: ["key.leaked"] };
      return (await call("owner", "POST", WEBHOOKS, { ...good, ...changes })).body;
    },
    /** A webhook's deliveries, newest first. */
    log: async (id: number) => (await call("owner", "GET", `${WEBHOOKS}/${id}/deliveries`)).body.data,
    /** A message waits, and nobody has tried to send it. */
    enqueue: () =>
      sql(`select private.tell_webhooks(id, 'key.leaked', '{"id":1,"name":"k","prefix":"ia_live_x"}')
        from public.organizations where name = 'Demo'`),
    /** Time goes by for all that waits. */
    passTime: async (interval: string) => {
      await sql(
        `update public.webhook_deliveries set next_attempt_at = next_attempt_at - interval '${interval}',
        first_attempt_at = first_attempt_at - interval '${interval}',
        last_attempt_at = last_attempt_at - interval '${interval}' where status = 'pending'`,
      );
      await sql(`update public.webhooks set failing_since = failing_since - interval '${interval}'`);
    },
  };
}

/** A port that nobody listens on. */
export function freePort(): number {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  return port;
}
