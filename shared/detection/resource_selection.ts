/** The query of every list of resources, with its filters. */
import type { z } from "zod";
import type { ResourceQuery } from "../contracts/resources.ts";
import type { CallerDatabase } from "../db/client.ts";
import { containing } from "../db/containing.ts";

/** The columns that a `Resource` of the contract has. */
export const RESOURCE_COLUMNS =
  "id,external_id,name,resource_type,provider,region,status,tags,source,address,last_seen_at,created_at";

/**
 * @param columns comma-separated; no literal type: rows typed by it took the whole check four gigabytes
 * @param options of the Data API's select, such as `{ count: "exact" }`
 */
export function selectResources(
  db: CallerDatabase,
  columns: string,
  query: z.output<typeof ResourceQuery>,
  options: { count?: "exact"; head?: boolean },
) {
  let selection = db.from("resources").select(columns, options);
  if (query.provider) selection = selection.eq("provider", query.provider);
  if (query.type) selection = selection.eq("resource_type", query.type);
  if (query.region) selection = selection.eq("region", query.region);
  if (query.source) selection = selection.eq("source", query.source);
  if (query.status) selection = selection.in("status", query.status);
  if (query.q) selection = selection.like("search_text", containing(query.q));
  return selection;
}
