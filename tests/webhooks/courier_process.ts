/** Delivers what is due, as a process that can be killed. */
import { createServiceDatabase } from "../../shared/db/client.ts";
import { WebhookCourier } from "../../shared/webhooks/courier.ts";

const [url, secretKey, pepper] = Deno.args as [string, string, string];
await new WebhookCourier({
  database: createServiceDatabase(url, secretKey),
  secretKeys: [pepper],
  timeoutMilliseconds: 30_000,
  acceptsLoopback: true,
}).deliverDue();
