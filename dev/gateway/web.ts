/** The built web page, as a static host would serve it: files by name, every other page address the same page. */
import type { PageConfig } from "../../web/page_config.ts";
import { cacheControl, pageHeaders } from "../../web/security_headers.ts";

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

/** Half as long or less once it is compressed, as every static host does it. */
const TEXT = /^text\/|json$|svg/;

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
  const headers = new Headers({
    ...pageHeaders(),
    "content-type": type,
    "cache-control": cacheControl(`/${name}`),
    vary: "accept-encoding",
  });
  if (request.method === "HEAD") return new Response(null, { headers });
  if (!TEXT.test(type) || !/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")) {
    return new Response(content, { headers });
  }
  headers.set("content-encoding", "gzip");
  return new Response(new Blob([content]).stream().pipeThrough(new CompressionStream("gzip")), { headers });
}

/**
 * Answers `/config.json`, which tells the page where its API and its Supabase project are: here. The URLs are
 * relative, so that the page works under whatever name of this machine it was opened.
 */
export function answerPageConfig(publishableKey: string): Response {
  const config: PageConfig = { supabase_url: "/", publishable_key: publishableKey, api_base: "/" };
  return Response.json(config, { headers: { "cache-control": "no-cache" } });
}

/**
 * Builds the page when it was not built since its sources changed, in a process of its own: the bundler would
 * stay in this one's memory.
 * @param root the repository's root, as a directory URL
 * @returns what the bundler said, when it could not
 */
export async function buildWeb(root: URL): Promise<string | undefined> {
  const build = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", new URL("web/build.ts", root).pathname, "--if-needed"],
    cwd: root,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await build.output();
  return success ? undefined : new TextDecoder().decode(stderr);
}

function decodePath(pathname: string): string | undefined {
  try {
    const path = decodeURIComponent(pathname);
    return path.includes("\0") || path.split("/").includes("..") ? undefined : path;
  } catch {
    return undefined;
  }
}
