/** Values of ours on their way into a `jsonb` argument. */
import type { Json } from "./types.ts";

/** The value as the generated types want it: an interface has no index signature, so TypeScript can't see JSON. */
export function toJson(value: object): Json {
  return value as Json;
}
