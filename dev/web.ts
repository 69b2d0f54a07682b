/** The built web page, as a static host would serve it: files by name, every other page address the same page. */

const CONTENT_TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  json: "application/json",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
  txt: "text/plain; charset=utf-8",
  map: "application/json",
};

/**
 * @param folder the build's directory URL
 * @returns `undefined` when nothing there answers the request
 */
export async function answerWeb(request: Request, folder: URL): Promise<Response | undefined> {
  if (request.method !== "GET" && request.method !== "HEAD") return undefined;
  const path = decodePath(new URL(request.url).pathname);
  if (path === undefined) return undefined;
  const asked = path.slice(1);
  const isPage = asked === "" || !/\.\w+$/.test(asked);
  const name = isPage ? "index.html" : asked;
  const file = new URL(name.split("/").map(encodeURIComponent).join("/"), folder);
  if (!file.href.startsWith(folder.href)) return undefined;
  const content = await Deno.readFile(file).catch(() => undefined);
  if (!content) return undefined;
  const type = CONTENT_TYPES[name.split(".").pop() ?? ""] ?? "application/octet-stream";
  // Built files carry a hash in their name; the page that names them must be asked for each time.
  const cache = name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  const body = request.method === "HEAD" ? null : content;
  return new Response(body, { headers: { "content-type": type, "cache-control": cache } });
}

function decodePath(pathname: string): string | undefined {
  try {
    const path = decodeURIComponent(pathname);
    return path.includes("\0") || path.split("/").includes("..") ? undefined : path;
  } catch {
    return undefined;
  }
}
