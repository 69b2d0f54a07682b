/** A real Supabase Auth server in the embedded one's place, behind what a hosted project's gateway does for it. */
import { ANY_ORIGIN, readApiKey, readBearer } from "../auth/project_keys.ts";
import type { Mailbox } from "../auth/mailbox.ts";
import type { Settings } from "../auth/project_settings.ts";
import type { PrivateJwk } from "../auth/signing_keys.ts";
import type { Tokens } from "../auth/tokens.ts";

/** What an Auth server is told of the project that it serves. */
export interface AuthProject {
  /** The stack's URL; Auth is found at its `/auth/v1`. */
  readonly url: string;
  readonly settings: Settings;
  /** The first signs, all verify. */
  readonly keys: readonly PrivateJwk[];
  /** Where its mail goes. */
  readonly mailbox: Mailbox;
  readonly confirmEmail: boolean;
}

/** A running Auth server. */
export interface AuthServer {
  /** Where it answers, without a slash at the end; it knows no `/auth/v1`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Followed from a mail, by a redirect or by a verifier, so without the project's key. */
const OPEN_PATHS = /^\/(?:verify|authorize|callback|health|\.well-known\/.*)$/;
const ROLE_TOKEN_SECONDS = 300;

/** Answers one request to `/auth/v1/…`. */
export async function passToAuth(
  request: Request,
  clientAddress: string,
  { authServer, settings, tokens }: { authServer: AuthServer; settings: Settings; tokens: Tokens },
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const path = pathname.slice("/auth/v1".length);
  const headers = new Headers(request.headers);
  for (const name of [...headers.keys()]) {
    if (name.startsWith("x-forwarded-")) headers.delete(name);
  }
  headers.set("x-forwarded-for", clientAddress);
  if (request.method === "OPTIONS" || (OPEN_PATHS.test(path) && !headers.has("apikey"))) {
    headers.delete("sb-forwarded-for");
  } else {
    const apiKey = await readApiKey(request, settings, tokens);
    if ("refused" in apiKey) return apiKey.refused;
    // Only a server of the project's own may say for whom it asks.
    if (apiKey.kind !== "secret") headers.delete("sb-forwarded-for");
    if (!readBearer(request, apiKey.key)) {
      const role = apiKey.kind === "secret" ? "service_role" : "anon";
      headers.set("authorization", `Bearer ${await roleToken(role, tokens)}`);
    }
  }
  const answer = await fetch(`${authServer.url}${path}${search}`, {
    method: request.method,
    headers,
    body: request.body,
    redirect: "manual",
    signal: request.signal,
  }).catch(() => undefined);
  if (!answer) {
    return Response.json({ message: "name resolution failed" }, { status: 503, headers: ANY_ORIGIN });
  }
  const answered = new Headers(answer.headers);
  // fetch has unpacked the body.
  for (const name of ["content-encoding", "content-length"]) answered.delete(name);
  return new Response(answer.body, { status: answer.status, headers: answered });
}

/** What the project's key stands for, as Auth reads it. */
async function roleToken(role: "anon" | "service_role", tokens: Tokens): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  return await tokens.sign({ role, iss: tokens.issuer, iat, exp: iat + ROLE_TOKEN_SECONDS });
}
