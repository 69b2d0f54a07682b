/** A collector and an error tracker of the tests' own: keeps what it is sent, and tells who waits for something of it. */

export interface Received {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Collector {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** The first request to the path whose body says this, come already or to come. */
  find(path: string, words: string): Promise<Received>;
  close(): Promise<void>;
}

export function startCollector(): Collector {
  const received: Received[] = [];
  const waiting: { fits: (one: Received) => boolean; take: (one: Received) => void }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const one = {
      path: new URL(request.url).pathname,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    };
    received.push(one);
    for (const { fits, take } of waiting) if (fits(one)) take(one);
    return Response.json({});
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    port: server.addr.port,
    received,
    find: (path, words) => {
      const fits = (one: Received) => one.path === path && one.body.includes(words);
      const come = received.find(fits);
      return come ? Promise.resolve(come) : new Promise((take) => waiting.push({ fits, take }));
    },
    close: () => server.shutdown(),
  };
}
