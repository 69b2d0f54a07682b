/** Deno's fetch with one more certificate authority. */
import { readCaFile } from "./ca_file.ts";

/** A `fetch` that trusts the file's certificates as well. */
export function denoFetch(caFile: string): typeof fetch {
  const client = Deno.createHttpClient({ caCerts: [readCaFile(caFile)] });
  return (input, init) => fetch(input, { ...init, client } as RequestInit & { client: Deno.HttpClient });
}
