/** One port for everything: which part of the stack answers which path. */
import { ANY_ORIGIN } from "../auth/project_keys.ts";
import { answerAuth, type AuthContext } from "../auth/auth.ts";
import { type AuthServer, passToAuth } from "./auth_server.ts";
import { answerDataApi } from "./data_api.ts";
import type { Functions } from "./functions.ts";
import { answerMailbox } from "./mailbox_page.ts";
import { answerPageConfig, answerWeb } from "./web.ts";

/** The parts behind the port. */
export interface GatewayParts extends AuthContext {
  functions: Functions;
  /** In place of the embedded Auth; absent where that answers. */
  authServer: AuthServer | undefined;
  /** The built web page's directory; absent when it is not to be served. */
  webFolder: URL | undefined;
}

/** Answers one request to the local project. */
export async function route(
  request: Request,
  clientAddress: string,
  parts: GatewayParts,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith("/auth/v1/")) {
    const { authServer } = parts;
    return authServer
      ? await passToAuth(request, clientAddress, { ...parts, authServer })
      : await answerAuth(request, parts);
  }
  if (pathname.startsWith("/rest/v1/")) return await answerDataApi(request, parts);
  const answer = parts.functions.answer(request, clientAddress);
  if (answer) return await answer;
  if (pathname === "/dev/mailbox" || pathname === "/dev/mailbox.json") {
    if (!isAskedByItsName(request)) return Response.json({ message: "not under this name" }, { status: 403 });
    return await answerMailbox(request, parts.mailbox);
  }
  if (pathname === "/config.json" && parts.webFolder) {
    return answerPageConfig(parts.settings.publishableKey);
  }
  const page = parts.webFolder && await answerWeb(request, parts.webFolder);
  return page ??
    Response.json({ message: "no Route matched with those values" }, { status: 404, headers: ANY_ORIGIN });
}

/** False where a page elsewhere has its own name lead here, to read mail as if it were its own (DNS rebinding). */
function isAskedByItsName(request: Request): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(request.url).hostname);
}
