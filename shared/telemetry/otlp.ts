/** Traces and metrics as OTLP over HTTP (JSON): one span a request, its duration, and errors by their code. */
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from "@opentelemetry/api";
import { JsonMetricsSerializer, JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationTemporality, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Exporter, OtlpOptions, RequestRecord } from "./telemetry.ts";

const TIMEOUT_MILLISECONDS = 5_000;
/** Semantic conventions' boundaries of http.server.request.duration, in seconds. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Version, trace id, parent id, flags (https://www.w3.org/TR/trace-context/#traceparent-header). */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Collects when it is told to: an isolate that sleeps has no timer. */
class OnDemandReader extends MetricReader {
  constructor() {
    // An isolate lives for minutes: what it adds up must not start over with each.
    super({ aggregationTemporalitySelector: () => AggregationTemporality.DELTA });
  }
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

export class OtlpExporter implements Exporter {
  readonly #options: OtlpOptions;
  readonly #spans: ReadableSpan[] = [];
  readonly #reader = new OnDemandReader();
  readonly #tracer;
  readonly #duration;
  readonly #errors;

  constructor(options: OtlpOptions) {
    this.#options = options;
    const resource = resourceFromAttributes({
      "service.name": options.serviceName,
      "service.instance.id": crypto.randomUUID(),
    });
    const traces = new TracerProvider({
      resource,
      spanProcessors: [{
        onStart: () => {},
        onEnd: (span) => void this.#spans.push(span),
        forceFlush: () => Promise.resolve(),
        shutdown: () => Promise.resolve(),
      }],
    });
    const meter = new MeterProvider({ resource, readers: [this.#reader] }).getMeter("infraaudit");
    this.#tracer = traces.getTracer("infraaudit");
    this.#duration = meter.createHistogram("http.server.request.duration", {
      unit: "s",
      description: "Duration of requests.",
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
    this.#errors = meter.createCounter("infraaudit.errors", {
      description: "Answers that are errors, by code.",
    });
  }

  async export(records: readonly RequestRecord[]): Promise<void> {
    for (const record of records) this.#note(record);
    const spans = this.#spans.splice(0);
    const { resourceMetrics } = await this.#reader.collect();
    await Promise.allSettled([
      this.#post("traces", JsonTraceSerializer.serializeRequest(spans)),
      this.#post("metrics", JsonMetricsSerializer.serializeRequest(resourceMetrics)),
    ]);
  }

  #note({ line, startedAt, traceparent }: RequestRecord): void {
    const attributes = {
      "http.request.method": line.method,
      "http.route": line.route,
      "http.response.status_code": line.status,
    };
    const span = this.#tracer.startSpan(`${line.method} ${line.route}`, {
      kind: SpanKind.SERVER,
      startTime: startedAt,
      attributes: {
        ...attributes,
        "infraaudit.request_id": line.request_id,
        ...(line.code && { "error.type": line.code }),
      },
    }, parentOf(traceparent));
    if (line.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(startedAt + line.ms);
    this.#duration.record(line.ms / 1000, attributes);
    if (line.code) this.#errors.add(1, { "http.route": line.route, "error.type": line.code });
  }

  async #post(signal: "traces" | "metrics", body: Uint8Array | undefined): Promise<void> {
    const response = await fetch(`${this.#options.endpoint}/v1/${signal}`, {
      method: "POST",
      headers: { ...this.#options.headers, "content-type": "application/json" },
      body: (body ?? null) as BodyInit | null,
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    await response.body?.cancel();
  }
}

/** The client's span, where it named one and wants it recorded. */
function parentOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (!traceId || !spanId || !(parseInt(flags!, 16) & TraceFlags.SAMPLED)) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
}
