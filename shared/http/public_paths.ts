/** The one table of public paths: local stack, edge proxies and rewrites all follow it. */

/** Public prefix → prefix of the function path; the first that fits wins. */
export const PUBLIC_PATHS = [
  // The one path whose first segment can't be a function's name: the platform allows no dot in it.
  { public: "/functions/v1/openapi.json", function: "/openapi" },
  { public: "/api/v1/openapi.json", function: "/openapi" },
  { public: "/v1/openapi.json", function: "/openapi" },
  // Where RFC 9728 has a client of `{PUBLIC}/v1/mcp` look.
  {
    public: "/.well-known/oauth-protected-resource/v1/mcp",
    function: "/mcp/.well-known/oauth-protected-resource",
  },
  { public: "/functions/v1/", function: "/" },
  { public: "/api/v1/", function: "/" },
  { public: "/v1/", function: "/" },
  { public: "/api/", function: "/api/" },
] as const;

/**
 * Maps a public URL path to the path a function sees, its own name first.
 * @param pathname such as `/v1/settings/api-keys` or `/api/login`
 * @returns such as `/settings/api-keys`, or `undefined` when the path is not the API's
 */
export function toFunctionPath(pathname: string): string | undefined {
  const row = PUBLIC_PATHS.find((row) => pathname.startsWith(row.public));
  if (!row) return undefined;
  return row.function + pathname.slice(row.public.length);
}
