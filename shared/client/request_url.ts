/** Where an endpoint is under a public base URL, with its parameters filled in. */

type Value = string | number | boolean | null | undefined;

/**
 * The URL of one request. Endpoints of function `api` are `{base}/api/…`, all others `{base}/v1/…`;
 * below a bare Supabase project (`…/functions` or `…/functions/v1`) every one is `/functions/v1/…`.
 * @param baseUrl public base, with or without a slash at its end
 * @param path the endpoint's path, such as `/resources/:id`
 * @param params a value for each `:name` of the path
 * @param query absent and null values are left out, a list becomes a repeated parameter
 * @throws TypeError when a path parameter is missing or the base is not a URL
 */
export function toRequestUrl(
  baseUrl: string,
  path: string,
  params: Record<string, Value> = {},
  query: Record<string, Value | readonly Value[]> = {},
): URL {
  const filled = path.replace(/:([a-z_]+)/gi, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === null || value === "") {
      throw new TypeError(`path parameter ${name} is missing`);
    }
    return encodeURIComponent(value);
  });
  const url = new URL(prefixOf(baseUrl, path) + filled);
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) url.searchParams.append(name, String(one));
    }
  }
  return url;
}

function prefixOf(baseUrl: string, path: string): string {
  const base = baseUrl.replace(/\/+$/, "");
  if (base.endsWith("/functions/v1")) return base;
  if (base.endsWith("/functions")) return `${base}/v1`;
  return path.startsWith("/api/") ? base : `${base}/v1`;
}
