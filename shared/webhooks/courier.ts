/** Sends what waits in the outbox of the webhooks; several may work side by side, and any may be killed. */
import { z } from "zod";
import { WebhookFormat } from "../contracts/webhooks.ts";
import type { ServiceDatabase } from "../db/client.ts";
import { unwrap } from "../db/unwrap.ts";
import { fetchForeign, ForeignUrlError } from "../outbound/foreign_fetch.ts";
import { bodyOf } from "./message_formats.ts";
import { secretOf, signatureHeaders } from "./signature.ts";

export interface CourierOptions {
  readonly database: ServiceDatabase;
  /** Make secrets of seeds. Each signs, so that no receiver notices while one key follows another. */
  readonly secretKeys: readonly string[];
  /** Longest wait for a target, from its name's look-up to the end of its answer. */
  readonly timeoutMilliseconds: number;
  /** True on the local stack: targets on this machine are taken, without encryption too. */
  readonly acceptsLoopback: boolean;
  /** All addresses of a name; the system's resolver where absent. */
  readonly resolve?: (host: string) => Promise<string[]>;
}

/** Sent side by side. */
const AT_ONCE = 20;
/** After that many rounds the rest is for the next run: a function's life is short. */
const MOST_ROUNDS = 10;
/** How long a killed worker's deliveries wait, beyond the time-out. */
const LEASE_SECONDS = 60;
/** A target's answer is read this far, for the connection's sake, and then cut. */
const MOST_ANSWER_BYTES = 64 * 1024;
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

const Claimed = z.array(z.object({
  id: z.int(),
  attempt: z.int(),
  url: z.string(),
  format: WebhookFormat,
  seeds: z.array(z.string()),
  message_id: z.int(),
  event: z.string(),
  data: z.record(z.string(), z.unknown()),
  created_at: z.string(),
}));
type Delivery = z.infer<typeof Claimed>[number];

export class WebhookCourier {
  readonly #options: CourierOptions;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** The secret to show for a seed. */
  secret(seed: string): string {
    return secretOf(seed, this.#options.secretKeys[0]!);
  }

  /**
   * Sends everything that is due.
   * @returns how many attempts were made
   * @throws ApiError when the database doesn't answer; what was claimed is taken again after its lease
   */
  async deliverDue(): Promise<number> {
    const { database, timeoutMilliseconds } = this.#options;
    let attempts = 0;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      // Service key: the outbox belongs to every organization, and nobody is calling.
      const claimed = Claimed.parse(unwrap(
        await database.rpc("claim_webhook_deliveries", {
          p_limit: AT_ONCE,
          p_lease_seconds: LEASE_SECONDS + Math.ceil(timeoutMilliseconds / 1000),
        }),
      ));
      if (claimed.length === 0) break;
      attempts += claimed.length;
      await Promise.all(claimed.map((delivery) => this.#deliver(delivery)));
    }
    return attempts;
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { status, error } = await this.#send(delivery);
    unwrap(
      await this.#options.database.rpc("finish_webhook_delivery", {
        p_id: delivery.id,
        p_attempt: delivery.attempt,
        ...(status !== undefined && { p_response_status: status }),
        ...(error !== undefined && { p_error: error }),
      }),
    );
  }

  /** One attempt. What went wrong is told in few words: a target can't be used to look around in our network. */
  async #send(delivery: Delivery): Promise<{ status?: number; error?: string }> {
    const { acceptsLoopback, resolve, secretKeys, timeoutMilliseconds } = this.#options;
    const url = new URL(delivery.url);
    const isLocal = acceptsLoopback && LOOPBACK.includes(url.hostname);
    const body = bodyOf(delivery, delivery.format);
    const secrets = delivery.format === "standard"
      ? delivery.seeds.flatMap((seed) => secretKeys.map((key) => secretOf(seed, key)))
      : [];
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    try {
      const response = await fetchForeign(url, {
        method: "POST",
        body,
        signal,
        headers: {
          "content-type": "application/json",
          "user-agent": "InfraAudit-Webhooks/1",
          ...(secrets.length > 0 && signatureHeaders(`msg_${delivery.message_id}`, body, secrets)),
        },
      }, { localOrigins: isLocal ? [url.origin] : [], ...(resolve && { resolve }) });
      await discard(response);
      const { status, ok } = response;
      return { status, ...(!ok && { error: refusalWords(status) }) };
    } catch (error) {
      if (signal.aborted) return { error: `The target did not answer within ${timeoutMilliseconds} ms.` };
      if (error instanceof ForeignUrlError) return { error: "The target is at no public address." };
      return { error: "The target could not be reached." };
    }
  }
}

function refusalWords(status: number): string {
  const isRedirect = status >= 300 && status < 400;
  return `The target answered ${status}${isRedirect ? ": redirects are not followed" : ""}.`;
}

/** Reads a body to its end, or cuts it where it gets too long. */
async function discard(response: Response): Promise<void> {
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) break;
  }
}
