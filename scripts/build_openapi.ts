/** Writes openapi.json from the endpoint descriptions. */
import { buildOpenApi } from "../shared/openapi/document.ts";
import { findEndpoints } from "./endpoints.ts";

/** The host of the product's documentation; the function puts its own in when it serves the document. */
const DOCUMENTED_BASE_URL = "https://api.infraaudit.dev";

export const OPENAPI_FILE = new URL("../openapi.json", import.meta.url);

/** The document's text as it is committed. */
export async function renderOpenApi(): Promise<string> {
  return JSON.stringify(buildOpenApi(await findEndpoints(), DOCUMENTED_BASE_URL), null, 2) + "\n";
}

if (import.meta.main) await Deno.writeTextFile(OPENAPI_FILE, await renderOpenApi());
