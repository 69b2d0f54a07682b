/** Tells a collector and an error tracker of each request, where the environment names them; else it isn't there. */
import type { LogLine } from "../config/log.ts";

export interface TelemetryOptions {
  /** A collector that takes OTLP over HTTP in JSON, such as `http://collector:4318`. */
  readonly otlp?: OtlpOptions | undefined;
  /** `https://<public key>@<host>/<project>`: errors go there as Sentry's envelopes. */
  readonly sentryDsn?: string | undefined;
}

export interface OtlpOptions {
  readonly endpoint: string;
  /** Sent with every export, such as the collector's credential. */
  readonly headers: Record<string, string>;
  readonly serviceName: string;
}

/** One request that has been answered. */
export interface RequestRecord {
  readonly line: LogLine;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** As the client sent it (W3C Trace Context). */
  readonly traceparent?: string | undefined;
}

/** What takes records to where they go. */
export interface Exporter {
  /** Resolves when they have arrived, or can't. */
  export(records: readonly RequestRecord[]): Promise<void>;
}

/** More wait for no collector: what comes then is not recorded. */
const MOST_WAITING = 2_000;

export class Telemetry {
  readonly #options: TelemetryOptions;
  readonly #background: (work: Promise<unknown>) => void;
  #waiting: RequestRecord[] = [];
  #isFlushing = false;
  #exporters: Promise<Exporter[]> | undefined;

  /** @param background keeps the isolate until an export has ended: no timer outlives a request there */
  constructor(options: TelemetryOptions, background: (work: Promise<unknown>) => void) {
    this.#options = options;
    this.#background = background;
  }

  /** Notes a request; what it costs comes after its answer. A collector that is down is nobody's fault but its own. */
  record(request: RequestRecord): void {
    if (this.#waiting.length >= MOST_WAITING) return;
    this.#waiting.push(request);
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    this.#background(this.#flush().finally(() => this.#isFlushing = false));
  }

  async #flush(): Promise<void> {
    const exporters = await (this.#exporters ??= this.#load());
    while (this.#waiting.length > 0) {
      const records = this.#waiting.splice(0);
      await Promise.allSettled(exporters.map((exporter) => exporter.export(records)));
    }
  }

  /** The libraries are loaded after the first answer, and where they are wanted. */
  async #load(): Promise<Exporter[]> {
    const { otlp, sentryDsn } = this.#options;
    return await Promise.all([
      ...(otlp ? [import("./otlp.ts").then(({ OtlpExporter }) => new OtlpExporter(otlp))] : []),
      ...(sentryDsn
        ? [import("./sentry.ts").then(({ SentryExporter }) => new SentryExporter(sentryDsn))]
        : []),
    ]);
  }
}
