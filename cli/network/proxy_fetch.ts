/**
 * Node's way through a proxy: its own fetch knows none before version 24. Of undici only the dispatcher and the
 * plain request are loaded, which is half of it.
 */
import process from "node:process";
import { Readable } from "node:stream";
import { rootCertificates } from "node:tls";
import connect from "undici/lib/api/api-connect.js";
import request from "undici/lib/api/api-request.js";
import Dispatcher from "undici/lib/dispatcher/dispatcher.js";
import EnvHttpProxyAgent from "undici/lib/dispatcher/env-http-proxy-agent.js";
import type { Environment } from "../config/settings.ts";
import { readCaFile } from "./ca_file.ts";

// What undici's own entry does for all its methods; the proxy's tunnel needs this one.
Dispatcher.prototype.connect = connect;

const NO_BODY = [204, 205, 304];

/**
 * A `fetch` for what the client sends: text bodies, no redirects followed.
 * @param caFile certificates trusted beside the usual ones
 */
export function proxyFetch(env: Environment, caFile: string | undefined): typeof fetch {
  const pick = (name: string) => env[name.toLowerCase()] || env[name] || undefined;
  const all = pick("ALL_PROXY");
  const ca = caFile ? [...rootCertificates, readCaFile(caFile)] : undefined;
  const agent = withoutWarnings(() =>
    new EnvHttpProxyAgent({
      httpProxy: pick("HTTP_PROXY") ?? all,
      httpsProxy: pick("HTTPS_PROXY") ?? all,
      noProxy: pick("NO_PROXY"),
      ...(ca && { connect: { ca }, requestTls: { ca }, proxyTls: { ca } }),
    })
  );
  return async (input, init = {}) => {
    const answer = await request.call(agent, {
      ...splitUrl(String(input instanceof Request ? input.url : input)),
      method: init.method ?? "GET",
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === "string" ? init.body : undefined,
      signal: init.signal ?? undefined,
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) {
      for (const one of [value].flat() as (string | undefined)[]) {
        if (one !== undefined) headers.append(name, one);
      }
    }
    const isEmpty = NO_BODY.includes(answer.statusCode);
    if (isEmpty) await answer.body.dump();
    const body = isEmpty ? null : Readable.toWeb(answer.body) as ReadableStream<Uint8Array>;
    return new Response(body, { status: answer.statusCode, headers });
  };
}

/** undici calls its agent experimental, on standard error and to everybody. */
function withoutWarnings<Value>(work: () => Value): Value {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function splitUrl(text: string): { origin: string; path: string } {
  const { origin, pathname, search } = new URL(text);
  return { origin, path: pathname + search };
}
