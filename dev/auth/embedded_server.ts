/** Supabase's TypeScript server (Auth and Data API), told by the gateway who is calling. */
import { AsyncLocalStorage } from "node:async_hooks";
import { App, type EmailDriver } from "@supabase/lite";
import { base64url, type JWTPayload, SignJWT } from "jose";
import type { ApiKeyKind } from "./project_keys.ts";
import type { Database } from "../database/database.ts";

/** The server behind the gateway; it never sees a token from outside. */
export interface EmbeddedServer {
  /** Answers a Data API request as the role and with the claims given. */
  asClaims(request: Request, claims: JWTPayload, kind: ApiKeyKind): Promise<Response>;
  /** Answers an Auth request; `claims` of the signed-in user, when one is. */
  asUser(request: Request, claims: JWTPayload | undefined, kind: ApiKeyKind): Promise<Response>;
}

/** What of Auth can be set from outside. */
export interface AuthOptions {
  siteUrl: string;
  email: EmailDriver;
  /** Whether a new user must follow a mailed link before the first sign-in. */
  confirmEmail: boolean;
}

/** Access tokens live an hour, as on a hosted project. */
const TOKEN_TTL_SECONDS = 3600;

/** Starts the server on a database. */
export function createEmbeddedServer(database: Database, options: AuthOptions): EmbeddedServer {
  // Only the gateway and this server share it, for as long as the process lives: no token outside is signed with it.
  const innerSecret = crypto.getRandomValues(new Uint8Array(32));
  const secretText = base64url.encode(innerSecret);
  const callers = new WeakMap<Request, { type: ApiKeyKind; claims: Record<string, unknown> }>();
  // Where the link in a mail leads is asked for in the request's query; the embedded server always says siteUrl.
  const redirects = new AsyncLocalStorage<string | null>();
  const email: EmailDriver = {
    send: (message) => {
      const wanted = redirects.getStore();
      const text = !wanted ? message.text : message.text?.replaceAll(
        `redirect_to=${encodeURIComponent(options.siteUrl)}`,
        `redirect_to=${encodeURIComponent(wanted)}`,
      );
      return options.email.send({ ...message, text });
    },
  };
  const app = new App({
    connection: database.connection,
    api: { schemas: ["public"], max_rows: 1000 },
    auth: {
      enabled: true,
      jwt_secret: secretText,
      jwt_expiry: TOKEN_TTL_SECONDS,
      site_url: options.siteUrl,
      additional_redirect_urls: [`${options.siteUrl}/**`],
      enable_signup: true,
      minimum_password_length: 6,
      email: {
        enable_signup: true,
        enable_confirmations: options.confirmEmail,
        double_confirm_changes: false,
      },
    },
    studio: { enabled: false },
    options: {
      drivers: { email },
      server: {
        admin: false,
        disableStudio: true,
        apiKeys: { resolver: (_key, context) => Promise.resolve(callers.get(context.req.raw) ?? null) },
      },
    },
  });

  const call = (request: Request, headers: Headers, kind: ApiKeyKind, claims: Record<string, unknown>) => {
    headers.set("apikey", kind);
    const inner = new Request(request, { headers });
    callers.set(inner, { type: kind, claims });
    return app.fetch(inner);
  };
  return {
    asClaims: (request, claims, kind) => {
      const headers = new Headers(request.headers);
      headers.delete("authorization");
      return call(request, headers, kind, claims);
    },
    asUser: async (request, claims, kind) => {
      const headers = new Headers(request.headers);
      headers.delete("authorization");
      if (claims) {
        const token = await new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" })
          .sign(new TextEncoder().encode(secretText));
        headers.set("authorization", `Bearer ${token}`);
      }
      const redirect = new URL(request.url).searchParams.get("redirect_to");
      return await redirects.run(
        redirect,
        () => call(request, headers, kind, { role: kind === "secret" ? "service_role" : "anon" }),
      );
    },
  };
}
