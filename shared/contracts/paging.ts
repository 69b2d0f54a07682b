/** What every list that can grow takes and answers: pages, filters of several values, orders. */
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
  // Generators of Go clients make one name of the two spellings.
  pageSize: size.optional().meta({ description: "The same as per_page.", "x-go-name": "PageSizeCamel" }),
  page_size: size.optional().meta({ description: "The same as per_page." }),
  cursor: z.string().max(4000).optional().meta({
    description: "`meta.next_cursor` of the answer before, with the same filters and order.",
  }),
  count: z.enum(["exact"]).optional().meta({
    description: "Count the whole list even with a cursor, where `meta.total` is otherwise null.",
  }),
};

export const PageMeta = z.strictObject({
  total: z.int().nonnegative().nullable().meta({
    description: "Rows of the whole list; null with a cursor, unless you ask for `count=exact`.",
  }),
  page: z.int().positive(),
  per_page: z.int().positive(),
  next_cursor: z.string().nullable(),
}).meta({ id: "PageMeta" });
export type PageMeta = z.infer<typeof PageMeta>;

/** The answer of a list that can grow: `{data, meta}`. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ data: z.array(item), meta: PageMeta });
}

/**
 * A filter that takes one or several of some words, such as `critical,high`.
 * @returns a schema from the text to the distinct words
 */
export function anyOf<const Word extends string>(words: z.ZodEnum<{ [W in Word]: W }>) {
  const one = words.options.join("|");
  return z.string()
    .regex(new RegExp(`^(?:${one})(?:,(?:${one}))*$`), `must be one or more of ${words.options.join(", ")}`)
    .transform((text) => [...new Set(words.array().parse(text.split(",")))])
    .meta({ description: `One or more of ${words.options.join(", ")}, separated by commas.` });
}

/**
 * An order: fields separated by commas, `-` before one for descending.
 * @returns a schema from the text to `{field, ascending}`, most significant first, no field twice
 */
export function orderBy<const Field extends string>(fields: readonly Field[]) {
  const one = `-?(?:${fields.join("|")})`;
  const known = z.enum(fields);
  return z.string()
    .regex(
      new RegExp(`^${one}(?:,${one})*$`),
      `must be fields out of ${fields.join(", ")}, \`-\` for descending`,
    )
    .transform((text) =>
      text.split(",").map((word) => ({
        field: known.parse(word.replace(/^-/, "")),
        ascending: !word.startsWith("-"),
      }))
    )
    .refine((order) => new Set(order.map(({ field }) => field)).size === order.length, "names a field twice")
    .meta({ description: `Fields out of ${fields.join(", ")}; \`-\` before one sorts it descending.` });
}
