/** The Hono app that every function starts from: request id, CORS, log line, one error shape. */
import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { routePath } from "hono/route";
import { ApiError } from "../errors/api_error.ts";
import type { Deps } from "./deps.ts";
import { errorAnswer, toApiError } from "./error_answer.ts";
import { describeCause, type LogLine } from "../config/log.ts";

export interface Variables {
  requestId: string;
  /** Public name of the admitted principal, for the log line. */
  principal?: string;
  /** The error that was answered, for the log line. */
  failure?: ApiError;
  /** Response headers that belong to the caller, such as the state of the rate limit. */
  callerHeaders?: Record<string, string>;
}

export type App = Hono<{ Variables: Variables }>;
export type AppContext = Context<{ Variables: Variables }>;

const EXPOSED_HEADERS = [
  "X-Request-Id",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "WWW-Authenticate",
  "X-API-Key-Expires",
];
const ALLOWED_HEADERS = [
  "Authorization",
  "Content-Type",
  "Idempotency-Key",
  "Last-Event-ID",
  "X-Request-Id",
  "apikey",
  "x-client-info",
];
const ONE_DAY_SECONDS = 86_400;
/** RFC 6797: two years. Browsers pass over it on the plain HTTP of one's own machine. */
const HTTPS_ONLY = "max-age=63072000";
const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;

/** An app without routes: whatever is asked of it gets the contract's headers and error shape. */
export function baseApp(deps: Deps): App {
  const app: App = new Hono<{ Variables: Variables }>();

  app.use(async (c, next) => {
    const started = performance.now();
    const startedAt = Date.now();
    const given = c.req.header("x-request-id");
    c.set("requestId", given && REQUEST_ID.test(given) ? given : crypto.randomUUID());
    await next();
    const headers = c.res.headers;
    headers.set("X-Request-Id", c.var.requestId);
    // Hono's event stream says no-cache, which would let a cache keep it.
    headers.set("Cache-Control", "no-store");
    headers.set("Strict-Transport-Security", HTTPS_ONLY);
    for (const [name, value] of Object.entries(c.var.callerHeaders ?? {})) headers.set(name, value);
    writeLogLine(deps, c, performance.now() - started, startedAt);
  });

  app.use(cors({
    origin: deps.env.allowedOrigins.includes("*") ? "*" : deps.env.allowedOrigins,
    allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: ALLOWED_HEADERS,
    exposeHeaders: EXPOSED_HEADERS,
    maxAge: ONE_DAY_SECONDS,
  }));

  app.onError((error, c) => {
    const failure = toApiError(error);
    c.set("failure", failure);
    return errorAnswer(failure, c.var.requestId);
  });

  app.notFound((c) => {
    const allowed = methodsFor(app, c.req.path);
    const failure = allowed.length > 0
      ? new ApiError("METHOD_NOT_ALLOWED", `${c.req.method} is not allowed here.`, {
        headers: { Allow: [...allowed, "OPTIONS"].join(", ") },
      })
      : new ApiError("NOT_FOUND", "There is no such route.");
    c.set("failure", failure);
    return errorAnswer(failure, c.var.requestId);
  });

  return app;
}

/** The methods that some route takes at this path. */
function methodsFor(app: App, path: string): string[] {
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method)
  );
  return methods.includes("GET") ? ["HEAD", ...methods] : methods;
}

function writeLogLine(deps: Deps, c: AppContext, milliseconds: number, startedAt: number): void {
  const failure = c.var.failure;
  const status = c.res.status;
  const cause = failure && describeCause(failure.cause);
  const line: LogLine = {
    level: status >= 500 ? "error" : status >= 400 ? "warn" : "info",
    request_id: c.var.requestId,
    method: c.req.method,
    route: routePath(c, -1),
    status,
    ms: Math.round(milliseconds * 10) / 10,
    ...(c.var.principal && { principal: c.var.principal }),
    ...(failure && { code: failure.code }),
    ...(cause && { cause }),
  };
  deps.log(line);
  deps.telemetry?.record({ line, startedAt, traceparent: c.req.header("traceparent") });
}
