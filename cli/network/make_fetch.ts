/** How requests leave this machine: directly, through the environment's proxy, or trusting one more authority. */
import process from "node:process";
import type { Environment } from "../config/settings.ts";
import { debugFetch } from "../debug_fetch.ts";

/**
 * The `fetch` of a client.
 * @param env `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` in either case; `INFRAUDIT_CA_FILE`
 * @param say takes the lines of `--debug`
 * @returns `undefined` where the runtime's own does
 */
export async function makeFetch(
  env: Environment,
  serverUrl: string,
  say?: (line: string) => Promise<void>,
): Promise<typeof fetch | undefined> {
  const base = await baseFetch(env, serverUrl);
  return say ? debugFetch(say, base ?? fetch) : base;
}

async function baseFetch(env: Environment, serverUrl: string): Promise<typeof fetch | undefined> {
  const caFile = env.INFRAUDIT_CA_FILE;
  if (process.versions.deno) {
    // Deno's own fetch reads the proxy variables itself.
    if (!caFile) return undefined;
    const { denoFetch } = await import("./deno_fetch.ts");
    return denoFetch(caFile);
  }
  if (!caFile && !hasProxy(env, serverUrl)) return undefined;
  const { proxyFetch } = await import("./proxy_fetch.ts");
  return proxyFetch(env, caFile);
}

function hasProxy(env: Environment, serverUrl: string): boolean {
  const names = serverUrl.startsWith("https:") ? ["HTTPS_PROXY", "ALL_PROXY"] : ["HTTP_PROXY", "ALL_PROXY"];
  return names.some((name) => env[name] || env[name.toLowerCase()]);
}
