/** Supabase's Management API, for what the CLI has no command for. */

/** One request to it; answers the JSON, or `undefined` where there is no such thing (404). */
export type AskManagement = (method: string, path: string, body?: unknown) => Promise<unknown>;

/**
 * @param variables `SUPABASE_ACCESS_TOKEN`; `SUPABASE_API_URL` where it is not Supabase's own
 * @throws Error when the token is missing, or later with the status and words of a refusal
 */
export function managementApi(variables: Record<string, string | undefined>): AskManagement {
  const token = variables.SUPABASE_ACCESS_TOKEN;
  if (!token) throw new Error("SUPABASE_ACCESS_TOKEN is missing.");
  const base = variables.SUPABASE_API_URL ?? "https://api.supabase.com";
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok) {
      throw new Error(`${method} ${path} was answered with ${response.status}: ${text.slice(0, 300)}`);
    }
    return text ? JSON.parse(text) : {};
  };
}
