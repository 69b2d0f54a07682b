/** How many rows a page of a list has. A file of its own: clients page through lists without validating them. */

export const DEFAULT_PER_PAGE = 20;
export const MAX_PER_PAGE = 100;
