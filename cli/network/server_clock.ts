/** The server's clock: this machine's own may be hours off. */
import { getHealth } from "../../shared/contracts/health.ts";
import type { App } from "../app.ts";

/** Milliseconds since 1970 by the `Date` of an answer; by this machine where the server doesn't say. */
export async function serverNow(app: App): Promise<number> {
  try {
    const { headers } = await (await app.client()).exchange(getHealth, {}, { signal: app.signal });
    const told = Date.parse(headers.get("date") ?? "");
    return Number.isNaN(told) ? Date.now() : told;
  } catch {
    return Date.now();
  }
}
