/** Finds every endpoint of the contract by looking through its folder: a new file needs no registration. */
import type { Endpoint } from "../shared/contracts/endpoint.ts";

const CONTRACTS = new URL("../shared/contracts/", import.meta.url);

/**
 * All exported endpoints, ordered by tag, path and method.
 * @throws Error when a file of the folder can't be loaded
 */
export async function findEndpoints(): Promise<Endpoint[]> {
  const found = new Set<Endpoint>();
  for await (const { name } of Deno.readDir(CONTRACTS)) {
    if (!name.endsWith(".ts")) continue;
    const exported: Record<string, unknown> = await import(new URL(name, CONTRACTS).href);
    for (const value of Object.values(exported)) if (isEndpoint(value)) found.add(value);
  }
  const key = ({ tag, path, method }: Endpoint) => `${tag}\n${path}\n${method}`;
  return [...found].sort((a, b) => key(a) < key(b) ? -1 : 1);
}

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === "object" && value !== null && "method" in value && "path" in value &&
    "auth" in value &&
    "success" in value;
}
