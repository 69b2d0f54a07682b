/** Where an invitation's link leads. */

/**
 * The web page's address for accepting: the token stands in the fragment (`/invite#token=…`), which no server
 * sees, or in the query (`/invite?token=…`) where a sign-in link of Supabase Auth needs the fragment itself.
 */
export const INVITE_PAGE_PATH = "/invite";
