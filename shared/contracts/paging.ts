/** Paging of every list that can grow: by page number or by cursor. */
import { z } from "zod";
import { DEFAULT_PER_PAGE, MAX_PER_PAGE } from "./page_sizes.ts";

const whole = z.string().regex(/^[1-9]\d{0,8}$/, "must be a whole number from 1").transform(Number);
const size = whole.transform((value) => Math.min(value, MAX_PER_PAGE));

/** The query parameters of a list, as strings; spread into a list's own query schema. */
export const pagingQuery = {
  page: whole.optional().meta({ description: "Page number, from 1." }),
  per_page: size.optional().meta({
    description: `Rows a page; default ${DEFAULT_PER_PAGE}, at most ${MAX_PER_PAGE}.`,
  }),
  pageSize: size.optional().meta({ description: "The same as per_page." }),
  page_size: size.optional().meta({ description: "The same as per_page." }),
  cursor: z.string().max(200).optional().meta({ description: "`meta.next_cursor` of the answer before." }),
};

export const PageMeta = z.strictObject({
  total: z.int().nonnegative(),
  page: z.int().positive(),
  per_page: z.int().positive(),
  next_cursor: z.string().nullable(),
}).meta({ id: "PageMeta" });
export type PageMeta = z.infer<typeof PageMeta>;

/** The answer of a list that can grow: `{data, meta}`. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ data: z.array(item), meta: PageMeta });
}
