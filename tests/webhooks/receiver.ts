/** A webhook's target of the tests' own, which behaves as its path says. */

export interface Received {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** The next request, or the oldest that nobody has asked for. */
  next(): Promise<Received>;
  close(): Promise<void>;
}

const TEN_MEGABYTES = 10 * 1024 * 1024;

/** Starts it on a free port. `/hang` never answers, `/redirect` leads to `/ok`, `/500` and the like answer that, `/10mb` at length. */
export function startReceiver(): Receiver {
  const received: Received[] = [];
  const waiting: ((request: Received) => void)[] = [];
  const unread: Received[] = [];
  const ended = new AbortController();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const one = {
      path: pathname,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    };
    received.push(one);
    const taker = waiting.shift();
    if (taker) taker(one);
    else unread.push(one);
    if (pathname === "/hang") {
      await new Promise((resolve) => {
        request.signal.addEventListener("abort", resolve);
        ended.signal.addEventListener("abort", resolve);
      });
    }
    if (pathname === "/redirect") return new Response(null, { status: 302, headers: { location: "/ok" } });
    if (pathname === "/10mb") return new Response(new Uint8Array(TEN_MEGABYTES));
    return new Response("done", { status: Number(/^\/(\d{3})$/.exec(pathname)?.[1] ?? 200) });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    received,
    next: () => {
      const one = unread.shift();
      return one ? Promise.resolve(one) : new Promise((resolve) => waiting.push(resolve));
    },
    close: async () => {
      ended.abort();
      await server.shutdown();
    },
  };
}
