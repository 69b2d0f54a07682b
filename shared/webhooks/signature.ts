/** Secrets and signatures of webhooks, by the Standard Webhooks specification. */
import { createHmac } from "node:crypto";

/**
 * The secret that a seed stands for. The database keeps seeds alone; without the key they sign nothing.
 * @param key the deployment's own (WEBHOOK_SECRETS_KEY)
 * @returns `whsec_` and 32 bytes in base64
 */
export function secretOf(seed: string, key: string): string {
  return `whsec_${createHmac("sha256", key).update(`webhook secret ${seed}`).digest("base64")}`;
}

/**
 * The headers of one attempt: `webhook-id`, `webhook-timestamp` (Unix seconds), `webhook-signature` with one `v1,…`
 * (HMAC-SHA-256 over id, timestamp and body) for each secret.
 */
export function signatureHeaders(
  id: string,
  body: string,
  secrets: readonly string[],
  now = new Date(),
): Record<string, string> {
  const timestamp = Math.floor(now.getTime() / 1000);
  const signatures = secrets.map((secret) => {
    const key = new Uint8Array(atob(secret.slice("whsec_".length)).split("").map((one) => one.charCodeAt(0)));
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signatures.join(" "),
  };
}
