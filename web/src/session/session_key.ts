/** Where in local storage Supabase's client keeps the session. */

export const SESSION_KEY = "infraaudit.session";
