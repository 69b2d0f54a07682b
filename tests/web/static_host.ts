/** A static host as the build expects one: files by name, and what `_headers` and `_redirects` say. */
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
};

/** A folder on a free port; nothing in it knows the page. */
export interface StaticHost extends AsyncDisposable {
  url: string;
}

/** Serves a folder that may be filled later. */
export function serveFolder(folder: string): StaticHost {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const own = await readFile(join(folder, normalize(pathname))).catch(() => undefined);
    const all = await readFile(join(folder, "_redirects"), "utf8");
    const [, target] = /^\/\* (\S+) 200$/m.exec(all)!;
    const name = own ? pathname : target!;
    const body = new Uint8Array(own ?? await readFile(join(folder, target!)));
    const headers = headersFor(name, await readFile(join(folder, "_headers"), "utf8"));
    headers.set("content-type", TYPES[extname(name)] ?? "application/octet-stream");
    return new Response(body, { headers });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The lines below each path pattern that fits, later ones over earlier ones. */
function headersFor(path: string, text: string): Headers {
  const headers = new Headers();
  let fits = false;
  for (const line of text.split("\n").filter(Boolean)) {
    const [, name, value] = /^ {2}([\w-]+): (.*)$/.exec(line) ?? [];
    if (!name) fits = path.startsWith(line.replace(/\*$/, ""));
    else if (fits) headers.set(name, value!);
  }
  return headers;
}
