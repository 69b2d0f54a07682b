/** Every edge function of `supabase/functions`, in this process, as the platform would run it. */
import { ApiError } from "../../shared/errors/api_error.ts";
import { createDeps, type Deps } from "../../shared/http/deps.ts";
import { readEnv } from "../../shared/config/env.ts";
import { errorAnswer } from "../../shared/http/error_answer.ts";
import type { Log } from "../../shared/config/log.ts";
import { toFunctionPath } from "../../shared/http/public_paths.ts";
import type { PrivateJwk } from "../auth/signing_keys.ts";
import type { Settings } from "../auth/project_settings.ts";

/** Answers requests to the functions' paths. */
export interface Functions {
  /** `undefined` when the path is not the API's. */
  answer(request: Request, clientAddress: string): Promise<Response> | undefined;
  /** Resolves when nothing goes on that began with a request. */
  settled(): Promise<void>;
}

/** What the platform, and the project's own secrets, put into a function's environment. */
export function functionVariables(
  url: string,
  settings: Settings,
  signingJwk: PrivateJwk,
  rateLimits: boolean,
): Record<string, string> {
  return {
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: settings.publishableKey }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: settings.secretKey }),
    SUPABASE_JWT_SECRET: settings.jwtSecret,
    AUTH_ISSUERS: settings.issuer,
    KEY_SIGNING_JWK: JSON.stringify(signingJwk),
    API_KEY_PEPPER: settings.apiKeyPepper,
    JOBS_SECRET: crypto.randomUUID(),
    PUBLIC_BASE_URL: url,
    ALLOWED_ORIGINS: "*",
    RATE_LIMITS: rateLimits ? "on" : "off",
    // There is no Realtime here: streams wait for their tick.
    STREAM_WAKE_UPS: "off",
  };
}

/**
 * Loads every function that has an `app.ts`.
 * @param root the repository's root, as a directory URL
 * @throws Error when the environment is not what the functions ask for
 */
export async function loadFunctions(
  root: URL,
  variables: Record<string, string>,
  log: Log,
): Promise<Functions> {
  const underWay = new Set<Promise<void>>();
  const background = (work: Promise<unknown>) => {
    const settled: Promise<void> = work.then(() => {}, () => {}).finally(() => underWay.delete(settled));
    underWay.add(settled);
  };
  const deps = createDeps(readEnv(variables), { log, background });
  const apps = new Map<string, { fetch(request: Request): Response | Promise<Response> }>();
  const folder = new URL("supabase/functions/", root);
  for await (const entry of Deno.readDir(folder)) {
    if (!entry.isDirectory) continue;
    const module = new URL(`${entry.name}/app.ts`, folder);
    if (!await isFile(module)) continue;
    const { createApp } = await import(module.href) as { createApp: (deps: Deps) => { fetch: typeof fetch } };
    apps.set(entry.name, createApp(deps) as never);
  }
  return {
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    answer: (request, clientAddress) => {
      const url = new URL(request.url);
      const path = toFunctionPath(url.pathname);
      if (path === undefined) return undefined;
      const app = apps.get(path.split("/", 2)[1] ?? "");
      if (!app) return Promise.resolve(noSuchFunction());
      url.pathname = path;
      const headers = new Headers(request.headers);
      const before = headers.get("x-forwarded-for");
      headers.set("x-forwarded-for", before ? `${before}, ${clientAddress}` : clientAddress);
      return Promise.resolve(app.fetch(new Request(url, new Request(request, { headers }))));
    },
  };
}

async function isFile(url: URL): Promise<boolean> {
  return await Deno.stat(url).then((info) => info.isFile, () => false);
}

function noSuchFunction(): Response {
  const requestId = crypto.randomUUID();
  const answer = errorAnswer(new ApiError("NOT_FOUND", "There is no such route."), requestId);
  answer.headers.set("x-request-id", requestId);
  answer.headers.set("cache-control", "no-store");
  answer.headers.set("access-control-allow-origin", "*");
  return answer;
}
