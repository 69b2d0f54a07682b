/** The stack's port: taken before anything else is started, served when everything is ready. */
import { StackError } from "./stack_error.ts";

/** Answers a request from an address. */
export type Answer = (request: Request, clientAddress: string) => Promise<Response>;

/** Long enough for answers under way, short enough for a person at Ctrl-C. */
const CLOSING_MILLISECONDS = 500;

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
    }, (request, info) => {
      if (!answer) {
        return Response.json({ message: "starting" }, { status: 503, headers: { "retry-after": "1" } });
      }
      return answer(withSignal(request, info.completed, ending.signal), info.remoteAddr.hostname);
    });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    throw new StackError(
      `Port ${port} is taken by another program. Choose another with --port (0 = any free one).`,
      {
        cause,
      },
    );
  }
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    serve: (next) => {
      answer = next;
    },
    close: async () => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSING_MILLISECONDS);
      });
      const closed = server.shutdown();
      await Promise.race([closed, patience]);
      clearTimeout(timer);
      // Streams don't end by themselves.
      ending.abort();
      await closed;
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
