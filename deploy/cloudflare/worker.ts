/** The thin proxy in front of a hosted project, as a Cloudflare Worker: public paths to function paths. */
import { PROXY_SECRET_HEADER } from "../../shared/http/client_address.ts";
import { toFunctionPath } from "../../shared/http/public_paths.ts";

/** Variables of the Worker. */
export interface ProxyEnv {
  /** Such as `https://<ref>.supabase.co`. */
  readonly SUPABASE_URL: string;
  /** The functions' PROXY_SECRET: lets them believe the address that this Worker passes on. */
  readonly PROXY_SECRET: string;
}

export default { fetch: passOn };

/**
 * Passes a request on; bodies and event streams flow through untouched.
 * @returns the function's answer, or 404 in the API's own shape for a path that is not the API's
 */
export async function passOn(request: Request, env: ProxyEnv): Promise<Response> {
  const url = new URL(request.url);
  const path = toFunctionPath(url.pathname);
  if (path === undefined) return notFound();
  const headers = new Headers(request.headers);
  // What the client claims about its address, or about being this proxy, ends here.
  headers.delete("x-forwarded-for");
  headers.delete(PROXY_SECRET_HEADER);
  const address = request.headers.get("cf-connecting-ip");
  if (address) {
    headers.set("x-forwarded-for", address);
    headers.set(PROXY_SECRET_HEADER, env.PROXY_SECRET);
  }
  return await fetch(`${env.SUPABASE_URL}/functions/v1${path}${url.search}`, {
    method: request.method,
    headers,
    body: request.body,
    redirect: "manual",
    signal: request.signal,
  });
}

function notFound(): Response {
  const id = crypto.randomUUID();
  return Response.json({ error: "There is no such route.", code: "NOT_FOUND", request_id: id }, {
    status: 404,
    headers: { "X-Request-Id": id, "Cache-Control": "no-store" },
  });
}
