/** Errors as Sentry's envelopes (https://develop.sentry.dev/sdk/data-model/envelopes/): what the log line says, no more. */
import type { Exporter, RequestRecord } from "./telemetry.ts";

const TIMEOUT_MILLISECONDS = 5_000;

export class SentryExporter implements Exporter {
  readonly #url: URL;
  readonly #key: string;

  /** @param dsn `https://<public key>@<host>/<path>/<project>` */
  constructor(dsn: string) {
    const url = new URL(dsn);
    const [, path = "", project = ""] = /^(.*)\/([^/]+)$/.exec(url.pathname) ?? [];
    this.#key = url.username;
    this.#url = new URL(`${url.origin}${path}/api/${project}/envelope/`);
  }

  async export(records: readonly RequestRecord[]): Promise<void> {
    await Promise.allSettled(
      records.filter(({ line }) => line.level === "error").map((one) => this.#send(one)),
    );
  }

  async #send({ line, startedAt }: RequestRecord): Promise<void> {
    const id = crypto.randomUUID().replaceAll("-", "");
    const event = {
      event_id: id,
      timestamp: (startedAt + line.ms) / 1000,
      platform: "javascript",
      level: "error",
      logger: "infraaudit",
      transaction: `${line.method} ${line.route}`,
      // The cause is cut and stripped of credentials before it is in the line (config/log.ts).
      exception: {
        values: [{ type: line.code ?? "INTERNAL", value: line.cause ?? `Status ${line.status}` }],
      },
      tags: { request_id: line.request_id, route: line.route, status: String(line.status), code: line.code },
    };
    const envelope = [
      { event_id: id, sent_at: new Date().toISOString() },
      { type: "event", content_type: "application/json" },
      event,
    ].map((part) => JSON.stringify(part)).join("\n");
    const response = await fetch(this.#url, {
      method: "POST",
      headers: {
        "content-type": "application/x-sentry-envelope",
        "x-sentry-auth": `Sentry sentry_version=7, sentry_client=infraaudit/1.0, sentry_key=${this.#key}`,
      },
      body: envelope,
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    await response.body?.cancel();
  }
}
