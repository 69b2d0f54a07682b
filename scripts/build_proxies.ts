/** Writes the rewrites of deploy/ for nginx, Netlify and Vercel from the one table of public paths. */
import { PUBLIC_PATHS } from "../shared/http/public_paths.ts";

const DEPLOY = new URL("../deploy/", import.meta.url);
const PROJECT = "https://PROJECT_REF.supabase.co/functions/v1";
/** The platform's own paths are the target, not something to rewrite. */
const ROWS = PUBLIC_PATHS.filter((row) => !row.public.startsWith("/functions/"));

/** The files by name below deploy/, as they are committed. */
export function renderProxies(): Record<string, string> {
  return { "nginx.conf": nginx(), "netlify.toml": netlify(), "vercel.json": vercel() };
}

function nginx(): string {
  const locations = ROWS.map((row) =>
    `location ${
      row.public.endsWith("/") ? "" : "= "
    }${row.public} {\n  proxy_pass ${PROJECT}${row.function};\n}\n`
  );
  return `# Written by deno task proxies. Include it in a server block, with PROJECT_REF and PROXY_SECRET filled in.

proxy_http_version 1.1;
# The project proves who it is before it gets a credential or the secret.
proxy_ssl_server_name on;
proxy_ssl_verify on;
proxy_ssl_verify_depth 3;
proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
proxy_set_header Host $proxy_host;
proxy_set_header Connection "";
# Replaces what the client claims; the secret lets the functions believe it.
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Proxy-Secret "PROXY_SECRET";
# Events pass at once, and a stream may be silent between two heartbeats.
proxy_buffering off;
proxy_request_buffering off;
proxy_read_timeout 150s;
client_max_body_size 8m;

${locations.join("\n")}`;
}

function netlify(): string {
  const redirects = ROWS.map((row) =>
    `[[redirects]]\nfrom = "${glob(row.public, "*")}"\nto = "${PROJECT}${
      glob(row.function, ":splat")
    }"\nstatus = 200\n` +
    `force = true\n`
  );
  return `# Written by deno task proxies. Passes no client address that the functions can trust: see docs/deploying.md.\n\n` +
    redirects.join("\n");
}

function vercel(): string {
  const rewrites = ROWS.map((row) => ({
    source: glob(row.public, ":path*"),
    destination: `${PROJECT}${glob(row.function, ":path*")}`,
  }));
  return `${JSON.stringify({ rewrites }, null, 2)}\n`;
}

/** A prefix, which ends in a slash, as a pattern; a whole path as itself. */
function glob(path: string, rest: string): string {
  return path.endsWith("/") ? path + rest : path;
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(renderProxies())) {
    await Deno.writeTextFile(new URL(name, DEPLOY), text);
  }
}
