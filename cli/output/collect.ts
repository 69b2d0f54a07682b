/** Fetches a list whole, or up to a limit, and keeps the API's own shape. */
import { MAX_PER_PAGE } from "../../shared/contracts/page_sizes.ts";
import type { PageMeta } from "../../shared/contracts/paging.ts";
import type { AnyEndpoint, RawInput } from "../../shared/client/client_types.ts";
import type { App } from "../app.ts";
import { startProgress } from "../terminal/progress.ts";

/** A list of rows with the paging as it is after joining. */
export interface Collected<Row> {
  data: Row[];
  meta: PageMeta;
}

/**
 * Fetches every page, or just as many rows as wanted.
 * @param what the rows' plural, for the progress line
 * @param limit most rows wanted; all where absent
 * @returns the rows under `data`; in `meta` the API's total, and `next_cursor` null only when nothing is left
 */
export async function collect<Row>(
  app: App,
  endpoint: AnyEndpoint,
  input: RawInput,
  what: string,
  limit = Infinity,
): Promise<Collected<Row>> {
  const client = await app.client();
  const progress = startProgress(app.terminal.isTalkTty && !app.flags.quiet);
  const data: Row[] = [];
  let meta: PageMeta = { total: 0, page: 1, per_page: MAX_PER_PAGE, next_cursor: null };
  const take = (page: Collected<Row>) => {
    data.push(...page.data);
    // Pages after the first come by cursor, which does not count.
    meta = { ...page.meta, total: page.meta.total ?? meta.total };
    progress.say(`Fetching ${what}… ${data.length} of ${meta.total}`);
  };
  const settings = { signal: app.signal };
  try {
    const query = { ...input.query, per_page: Math.min(limit, MAX_PER_PAGE) };
    for await (const page of client.pages(endpoint, { ...input, query } as never, settings)) {
      take(page as Collected<Row>);
      if (limit - data.length < MAX_PER_PAGE) break;
    }
    const rest = limit - data.length;
    // The last, shorter page is asked for with its own size: cutting a full one would lose the cursor.
    if (meta.next_cursor && rest > 0 && Number.isFinite(rest)) {
      const last = { ...input.query, per_page: rest, cursor: meta.next_cursor };
      take(await client.call(endpoint, { ...input, query: last } as never, settings) as Collected<Row>);
    }
  } finally {
    progress.done();
  }
  return { data, meta: { ...meta, page: 1, per_page: Math.max(meta.per_page, data.length) } };
}
