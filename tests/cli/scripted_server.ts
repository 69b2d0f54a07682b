/** A server on a free port that answers from a script, for faults no healthy server would show. */

/** A running scripted server. */
export interface ScriptedServer extends AsyncDisposable {
  url: string;
  /** Requests as they came, oldest first. */
  requests: { method: string; path: string; headers: Headers; body: string }[];
}

/**
 * Starts a server.
 * @param answer gives the answer to each request; `count` is how many came before it, `body` its text
 * @returns its base URL and what it was asked; disposing it ends it
 */
export function serveScript(
  answer: (request: Request, count: number, body: string) => Response | Promise<Response>,
): ScriptedServer {
  const requests: ScriptedServer["requests"] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const body = await request.text();
    requests.push({ method: request.method, path: pathname + search, headers: request.headers, body });
    return await answer(request, requests.length - 1, body);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A JSON answer. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}
