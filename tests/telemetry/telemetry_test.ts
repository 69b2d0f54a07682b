/** Guarantee: a collector gets one span and one measurement a request, an error tracker each fault, nobody a secret. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { gatherCast } from "../http/cast.ts";
import { startCollector } from "./collector.ts";

const collector = startCollector();
Deno.test.afterAll(() => collector.close());
const cast = await gatherCast({
  variables: {
    OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
    OTEL_EXPORTER_OTLP_HEADERS: "x-collector-key=a%20key,x-other=1",
    SENTRY_DSN: `http://public@127.0.0.1:${collector.port}/relay/7`,
  },
});
const { stack, logs } = cast;

const ask = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(stack.url + path, { headers });
  await response.body?.cancel();
  return response.headers.get("x-request-id")!;
};

/** OTLP's list of attributes as an object. */
// deno-lint-ignore no-explicit-any -- the wire's own shape is what is asserted
const plain = (attributes: any[]) =>
  Object.fromEntries(
    attributes.map((
      { key, value },
    ) => [key, value.stringValue ?? Number(value.intValue ?? value.doubleValue)]),
  );

Deno.test("a request is one span, with route, status and duration, in the client's trace", async () => {
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const id = await ask("/v1/drifts/999999?token=secret-in-the-query", {
    authorization: `Bearer ${await cast.credential("user")}`,
    traceparent: `00-${trace}-00f067aa0ba902b7-01`,
  });
  const { body, headers } = await collector.find("/v1/traces", id);
  assert.deepEqual([headers["x-collector-key"], headers["x-other"]], ["a key", "1"]);
  const [{ resource, scopeSpans }] = JSON.parse(body).resourceSpans;
  assert.equal(plain(resource.attributes)["service.name"], "infraaudit");
  const spans = scopeSpans[0].spans.filter((span: { attributes: [] }) =>
    plain(span.attributes)["infraaudit.request_id"] === id
  );
  assert.equal(spans.length, 1);
  const [span] = spans;
  assert.deepEqual([span.name, span.kind, span.traceId, span.parentSpanId], [
    "GET /drifts/:id",
    2,
    trace,
    "00f067aa0ba902b7",
  ]);
  assert.deepEqual(plain(span.attributes), {
    "http.request.method": "GET",
    "http.route": "/drifts/:id",
    "http.response.status_code": 404,
    "error.type": "NOT_FOUND",
    "infraaudit.request_id": id,
  });
  const line = logs.find(({ request_id }) => request_id === id)!;
  const milliseconds = Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6;
  assert.ok(Math.abs(milliseconds - line.ms) < 1, `${milliseconds} ms, and ${line.ms} in the log`);
});

Deno.test("durations and errors are counted by route", async () => {
  const { body } = await collector.find("/v1/metrics", "infraaudit.errors");
  const [{ metrics }] = JSON.parse(body).resourceMetrics[0].scopeMetrics;
  // deno-lint-ignore no-explicit-any -- the wire's own shape is what is asserted
  const named = (name: string) => metrics.find((metric: any) => metric.name === name);
  const duration = named("http.server.request.duration");
  assert.deepEqual([duration.unit, duration.histogram.aggregationTemporality], ["s", 1]);
  const point = duration.histogram.dataPoints.find((one: { attributes: [] }) =>
    plain(one.attributes)["http.route"] === "/drifts/:id"
  );
  assert.equal(Number(point.count), 1);
  const errors = named("infraaudit.errors").sum.dataPoints.map((one: { attributes: [] }) =>
    plain(one.attributes)
  );
  assert.deepEqual(errors, [{ "http.route": "/drifts/:id", "error.type": "NOT_FOUND" }]);
});

Deno.test("a fault of ours goes to the error tracker as an envelope, with its request's id and no credential", async () => {
  await stack.database.query("alter function public.count_resources() rename to moved_away");
  const credential = (await cast.credential("user"))!;
  const id = await ask("/v1/resources/summary", { authorization: `Bearer ${credential}` })
    .finally(() => stack.database.query("alter function public.moved_away() rename to count_resources"));
  const line = logs.find(({ request_id }) => request_id === id)!;
  assert.equal(line.level, "error", JSON.stringify(line));
  const { body, headers } = await collector.find("/relay/api/7/envelope/", id);
  assert.match(headers["x-sentry-auth"]!, /sentry_key=public$/);
  const [header, item, event] = body.split("\n").map((part) => JSON.parse(part));
  assert.deepEqual([item.type, event.event_id, event.tags.request_id], ["event", header.event_id, id]);
  assert.deepEqual(event.exception.values, [{ type: line.code, value: line.cause }]);
  const told = JSON.stringify(collector.received);
  for (const secret of [credential, credential.split(".")[2]!, "secret-in-the-query"]) {
    assert.ok(!told.includes(secret));
  }
});

Deno.test("rules and dashboard ask for what is exported, and for nothing else", async () => {
  const folder = new URL("../../deploy/observability/", import.meta.url);
  const rules = parse(await Deno.readTextFile(new URL("rules.yml", folder)));
  const dashboard = JSON.parse(await Deno.readTextFile(new URL("dashboard.json", folder)));
  const all = rules.groups.flatMap(({ rules }: { rules: Record<string, string>[] }) => rules);
  const recorded = all.flatMap(({ record }: { record?: string }) => record ? [record] : []);
  const expressions: string[] = [
    ...all.map(({ expr }: { expr: string }) => expr),
    ...dashboard.panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
      targets.map(({ expr }) => expr)
    ),
  ];
  assert.ok(expressions.length > 15);
  const exported = ["bucket", "count", "sum"].map((part) => `http_server_request_duration_seconds_${part}`);
  for (const expression of expressions) {
    const names = expression.match(/\b(?:infraaudit[:_][\w:]+|http_server_\w+)\b/g) ?? [];
    assert.ok(names.length > 0, expression);
    for (const name of names) {
      assert.ok(
        [...exported, ...recorded, "infraaudit_errors_total"].includes(name),
        `${name} in ${expression}`,
      );
    }
    const labels = [...expression.matchAll(/\b(\w+)(?:=~|!=|=)"/g)].map(([, label]) => label!);
    for (const label of labels) {
      assert.match(label, /^(?:le|http_route|http_request_method|http_response_status_code|error_type)$/);
    }
  }
});

Deno.test("one line a request and no other, also when the collector is gone", async () => {
  await collector.close();
  const before = logs.length;
  const ids = await Promise.all([1, 2, 3].map(() => ask("/v1/health")));
  assert.deepEqual(logs.slice(before).map(({ request_id }) => request_id).sort(), ids.sort());
});

Deno.test("by default there is no telemetry, and its libraries are in no function's way", async () => {
  const { createDeps } = await import("../../shared/http/deps.ts");
  const { readEnv } = await import("../../shared/config/env.ts");
  const env = readEnv({
    SUPABASE_URL: stack.url,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: stack.publishableKey }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: stack.secretKey }),
    KEY_SIGNING_JWK: JSON.stringify(stack.signingKey),
    API_KEY_PEPPER: "p".repeat(32),
  });
  assert.equal(createDeps(env).telemetry, undefined);
  for (const bad of ["no pairs", "a=%", "=x"]) {
    assert.throws(() => readEnv({ ...Deno.env.toObject(), OTEL_EXPORTER_OTLP_HEADERS: bad }), /OTLP_HEADERS/);
  }
});
