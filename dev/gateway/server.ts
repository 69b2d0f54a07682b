/** The stack's port: taken before anything else is started, served when everything is ready. */
import { StackError } from "../stack_error.ts";

/** Answers a request from an address. */
export type Answer = (request: Request, clientAddress: string) => Promise<Response>;

/** Long enough for answers under way, short enough for a person at Ctrl-C with a client that never finishes. */
const CLOSING_MILLISECONDS = 3000;

/**
 * Takes a port of 127.0.0.1; until `serve` is called, requests are answered 503.
 * @param port 0 takes a free one
 * @throws StackError when another program has the port
 */
export function listen(port: number): { url: string; serve(answer: Answer): void; close(): Promise<void> } {
  let answer: Answer | undefined;
  const ending = new AbortController();
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve({
      hostname: "127.0.0.1",
      port,
      onListen: () => {},
      onError: (error) => {
        // deno-lint-ignore no-console
        console.error(error);
        return Response.json({ message: "An unexpected error occurred" }, { status: 500 });
      },
    }, async (request, info) => {
      if (!answer) {
        return Response.json({ message: "starting" }, { status: 503, headers: { "retry-after": "1" } });
      }
      const asked = withSignal(request, info.completed, ending.signal);
      return endWith(await answer(asked, info.remoteAddr.hostname), ending.signal);
    });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    throw new StackError(
      `Port ${port} is taken by another program. Choose another with --port (0 = any free one).`,
      { cause },
    );
  }
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    serve: (next) => {
      answer = next;
    },
    close: async () => {
      ending.abort();
      let limit: ReturnType<typeof setTimeout> | undefined;
      const patience = new Promise<void>((resolve) => limit = setTimeout(resolve, CLOSING_MILLISECONDS));
      await Promise.race([server.shutdown(), patience]);
      clearTimeout(limit);
    },
  };
}

/**
 * The request with a signal that fires when the client goes away or the stack stops. (The server's own signal
 * also fires after every good answer.)
 */
function withSignal(request: Request, completed: Promise<void>, ending: AbortSignal): Request {
  const gone = new AbortController();
  completed.catch(() => gone.abort());
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.body,
    signal: AbortSignal.any([gone.signal, ending]),
  });
}

/** An event stream never ends by itself: it is cut off when the stack stops. Other answers are let through. */
function endWith(answer: Response, ending: AbortSignal): Response {
  if (!answer.body || !answer.headers.get("content-type")?.startsWith("text/event-stream")) return answer;
  const cut = new TransformStream({
    start: (stream) => ending.addEventListener("abort", () => stream.terminate(), { once: true }),
  });
  return new Response(answer.body.pipeThrough(cut), answer);
}
