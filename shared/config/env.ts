/** The environment of the functions, checked once at start. */
import { createHmac } from "node:crypto";
import { z } from "zod";

/** Supabase publishes this secret in its documentation: anyone who reads it could sign tokens. */
const PUBLISHED_DEMO_SECRET = "super-secret-jwt-token-with-at-least-32-characters-long";

const whole = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
const list = z.string().transform((text) => text.split(",").map((part) => part.trim()).filter(Boolean));
/** `name=value` pairs separated by commas, values percent-encoded, as OpenTelemetry's specification has them. */
const headerList = z.string().transform((text, context) => {
  try {
    return Object.fromEntries(
      text.split(",").map((pair) => {
        const [, name, value] = /^\s*([\w-]+)=(.*?)\s*$/.exec(pair)!;
        return [name!, decodeURIComponent(value!)];
      }),
    );
  } catch {
    context.addIssue({ code: "custom", message: "must be name=value pairs" });
    return z.NEVER;
  }
});
const signingSecret = z.string()
  .refine((secret) => new TextEncoder().encode(secret).length >= 32, "must be at least 32 bytes")
  .refine(
    (secret) => secret !== PUBLISHED_DEMO_SECRET,
    "must not be the demo secret that Supabase publishes",
  );

function json<S extends z.ZodType>(schema: S) {
  return z.string().transform((text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "must be JSON" });
      return z.NEVER;
    }
  }).pipe(schema);
}

const keySet = json(z.looseObject({ default: z.string() }));

const PrivateSigningJwk = z.looseObject({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  kid: z.string().min(1),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});
export type PrivateSigningJwk = z.infer<typeof PrivateSigningJwk>;

const Variables = z.object({
  SUPABASE_URL: z.url(),
  SUPABASE_PUBLISHABLE_KEYS: keySet.optional(),
  SUPABASE_ANON_KEY: z.string().optional(),
  SUPABASE_SECRET_KEYS: keySet.optional(),
  SUPABASE_SERVICE_ROLE_KEY: z.string().optional(),
  SUPABASE_JWKS: json(z.looseObject({ keys: z.array(z.looseObject({})) })).optional(),
  SUPABASE_JWT_SECRET: signingSecret.optional(),
  LEGACY_JWT_SECRET: signingSecret.optional(),
  AUTH_ISSUERS: list.optional(),
  KEY_SIGNING_JWK: json(PrivateSigningJwk),
  API_KEY_PEPPER: z.string().min(32, "must be at least 32 characters"),
  API_KEY_PEPPER_VERSION: z.coerce.number().int().min(1).max(32767).default(1),
  API_KEY_PEPPER_PREVIOUS: z.string().min(32, "must be at least 32 characters").optional(),
  SENSITIVE_VALUES_KEY: z.string().min(32, "must be at least 32 characters").optional(),
  JOBS_SECRET: z.string().regex(/^[\w-]{32,}$/, "must be at least 32 letters, digits, - or _").optional(),
  WEBHOOK_SECRETS_KEY: z.string().min(32, "must be at least 32 characters").optional(),
  WEBHOOK_SECRETS_KEY_PREVIOUS: z.string().min(32, "must be at least 32 characters").optional(),
  WEBHOOK_TIMEOUT_MILLISECONDS: z.coerce.number().int().min(1).max(30_000).default(10_000),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headerList.optional(),
  OTEL_SERVICE_NAME: z.string().default("infraaudit"),
  SENTRY_DSN: z.url().refine((dsn) => URL.parse(dsn)?.username !== "", "must name the public key").optional(),
  API_KEY_ENVIRONMENT: z.enum(["live", "test"]).default("live"),
  PUBLIC_BASE_URL: z.url().optional(),
  WEB_BASE_URL: z.url().optional(),
  ALLOWED_ORIGINS: list.default(["*"]),
  TRUSTED_PROXY_HOPS: whole(1),
  PROXY_SECRET: z.string().min(32, "must be at least 32 characters").optional(),
  RATE_LIMITS: z.enum(["on", "off"]).default("on"),
  RATE_LIMIT_REQUESTS_PER_MINUTE: whole(600),
  RATE_LIMIT_FAILED_KEYS_PER_MINUTE: whole(60),
  RATE_LIMIT_FAILED_SIGN_INS_PER_EMAIL: whole(10),
  RATE_LIMIT_FAILED_SIGN_INS_PER_EMAIL_OVERALL: whole(50),
  RATE_LIMIT_FAILED_SIGN_INS_PER_ADDRESS: whole(100),
  RATE_LIMIT_REGISTRATIONS_PER_HOUR: whole(20),
  RATE_LIMIT_REVOCATIONS_PER_MINUTE: whole(10),
  RATE_LIMIT_TOKEN_EXCHANGES_PER_MINUTE: whole(60),
  RATE_LIMIT_DEVICE_CODES_PER_MINUTE: whole(10),
  LOCAL_OIDC_ORIGINS: list.default([]),
  KEY_ADMIN_MAX_AUTH_AGE_SECONDS: z.coerce.number().int().min(1).optional(),
  GITHUB_KEYS_URL: z.url().default("https://api.github.com/meta/public_keys/secret_scanning"),
  READ_LEASES: z.enum(["on", "off"]).default("on"),
  STREAM_MAX_SECONDS: whole(120),
  STREAM_HEARTBEAT_SECONDS: whole(15),
  STREAM_TICK_MILLISECONDS: whole(1000),
  STREAM_WAKE_UPS: z.enum(["on", "off"]).default("on"),
});

/** Names of what a hosted project gets as secrets of its functions; the platform sets the rest itself. */
export const OWN_VARIABLES = Object.keys(Variables.shape).filter((name) =>
  !name.startsWith("SUPABASE_") && !name.startsWith("LOCAL_")
);

/**
 * Reads and checks the environment (names and meaning: docs/configuration.md).
 * @param variables as `Deno.env.toObject()` gives them
 * @throws Error that names every missing or wrong variable, without its value
 */
export function readEnv(variables: Record<string, string | undefined>) {
  const filled = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = Variables.safeParse(filled);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")} ${describe(issue.message)}`);
  const publishableKey = parsed.data?.SUPABASE_PUBLISHABLE_KEYS?.default ?? parsed.data?.SUPABASE_ANON_KEY;
  const secretKey = parsed.data?.SUPABASE_SECRET_KEYS?.default ?? parsed.data?.SUPABASE_SERVICE_ROLE_KEY;
  if (parsed.success && !publishableKey) faults.push("SUPABASE_PUBLISHABLE_KEYS is missing");
  if (parsed.success && !secretKey) faults.push("SUPABASE_SECRET_KEYS is missing");
  if (parsed.data?.LOCAL_OIDC_ORIGINS.length && !isLoopback(parsed.data.SUPABASE_URL)) {
    faults.push(
      "LOCAL_OIDC_ORIGINS is for a stack on one's own machine: a hosted project asks public issuers only",
    );
  }
  if (!parsed.success || !publishableKey || !secretKey || faults.length > 0) {
    throw new Error(`The environment is not complete: ${faults.join("; ")}. See docs/configuration.md.`);
  }
  const env = parsed.data;
  const supabaseUrl = env.SUPABASE_URL.replace(/\/+$/, "");
  const limit = (count: number) => env.RATE_LIMITS === "off" ? null : count;
  return {
    supabaseUrl,
    publishableKey,
    secretKey,
    inlineJwks: env.SUPABASE_JWKS,
    jwtSecret: env.SUPABASE_JWT_SECRET ?? env.LEGACY_JWT_SECRET,
    issuers: env.AUTH_ISSUERS ?? [`${supabaseUrl}/auth/v1`],
    keySigningJwk: env.KEY_SIGNING_JWK,
    pepper: {
      version: env.API_KEY_PEPPER_VERSION,
      current: env.API_KEY_PEPPER,
      previous: env.API_KEY_PEPPER_PREVIOUS,
    },
    /** Secret behind the hashes that stand for sensitive values of imports; rotating it makes them look changed. */
    sensitiveValuesKey: env.SENSITIVE_VALUES_KEY ?? env.API_KEY_PEPPER,
    /** What wakes the worker; where none is set, the functions can wake it themselves, and nobody else. */
    jobsSecret: env.JOBS_SECRET ??
      createHmac("sha256", env.API_KEY_PEPPER).update("jobs").digest("base64url"),
    /** Secrets behind the signatures of webhooks: new ones are made with the first, each of them signs. */
    webhookSecretKeys: [
      env.WEBHOOK_SECRETS_KEY ?? env.API_KEY_PEPPER,
      env.WEBHOOK_SECRETS_KEY_PREVIOUS ?? (env.WEBHOOK_SECRETS_KEY ? undefined : env.API_KEY_PEPPER_PREVIOUS),
    ].filter((key) => key !== undefined),
    webhookTimeoutMilliseconds: env.WEBHOOK_TIMEOUT_MILLISECONDS,
    /** True on a stack of one's own machine. */
    isLocal: isLoopback(supabaseUrl),
    telemetry: env.OTEL_EXPORTER_OTLP_ENDPOINT || env.SENTRY_DSN
      ? {
        otlp: env.OTEL_EXPORTER_OTLP_ENDPOINT
          ? {
            endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, ""),
            headers: env.OTEL_EXPORTER_OTLP_HEADERS ?? {},
            serviceName: env.OTEL_SERVICE_NAME,
          }
          : undefined,
        sentryDsn: env.SENTRY_DSN,
      }
      : undefined,
    keyEnvironment: env.API_KEY_ENVIRONMENT,
    publicBaseUrl: (env.PUBLIC_BASE_URL ?? supabaseUrl).replace(/\/+$/, ""),
    webBaseUrl: (env.WEB_BASE_URL ?? env.PUBLIC_BASE_URL ?? supabaseUrl).replace(/\/+$/, ""),
    allowedOrigins: env.ALLOWED_ORIGINS,
    trustedProxyHops: env.TRUSTED_PROXY_HOPS,
    proxySecret: env.PROXY_SECRET,
    requestsPerMinute: limit(env.RATE_LIMIT_REQUESTS_PER_MINUTE),
    failedKeysPerMinute: limit(env.RATE_LIMIT_FAILED_KEYS_PER_MINUTE),
    signInLimits: env.RATE_LIMITS === "off" ? null : {
      perEmail: env.RATE_LIMIT_FAILED_SIGN_INS_PER_EMAIL,
      perEmailOverall: env.RATE_LIMIT_FAILED_SIGN_INS_PER_EMAIL_OVERALL,
      perAddress: env.RATE_LIMIT_FAILED_SIGN_INS_PER_ADDRESS,
      registrations: env.RATE_LIMIT_REGISTRATIONS_PER_HOUR,
    },
    deviceCodesPerMinute: limit(env.RATE_LIMIT_DEVICE_CODES_PER_MINUTE),
    exchangesPerMinute: limit(env.RATE_LIMIT_TOKEN_EXCHANGES_PER_MINUTE),
    /** Identity providers on this machine, for the local stack. */
    localOidcOrigins: env.LOCAL_OIDC_ORIGINS,
    revocationsPerMinute: limit(env.RATE_LIMIT_REVOCATIONS_PER_MINUTE),
    keyAdminMaxAuthAgeSeconds: env.KEY_ADMIN_MAX_AUTH_AGE_SECONDS,
    githubKeysUrl: env.GITHUB_KEYS_URL,
    /** Whether a read that shows rows may do without admission; off where reads go to replicas, which lag. */
    readLeases: env.READ_LEASES === "on",
    streamMaxSeconds: env.STREAM_MAX_SECONDS,
    streamHeartbeatSeconds: env.STREAM_HEARTBEAT_SECONDS,
    streamTickMilliseconds: env.STREAM_TICK_MILLISECONDS,
    /** Whether Supabase Realtime is there to wake streams before their tick. */
    streamWakeUps: env.STREAM_WAKE_UPS === "on",
  };
}

function isLoopback(url: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
}

export type Env = ReturnType<typeof readEnv>;

function describe(message: string): string {
  return /expected \w+, received undefined/.test(message) ? "is missing" : message;
}
