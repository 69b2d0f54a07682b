/** What a deployment tells the page: read from the environment at build, or served as `/config.json`. */

/** Where things are; URLs may be relative to the page's origin. */
export interface PageConfig {
  /** The Supabase project. */
  supabase_url: string;
  publishable_key: string;
  /** The API's public base URL. */
  api_base: string;
}

/** @throws Error that names the first member that is no text */
export function toPageConfig(value: unknown): PageConfig {
  const given = Object(value) as Record<keyof PageConfig, unknown>;
  const read = (name: keyof PageConfig) => {
    const text = given[name];
    if (typeof text === "string" && text) return text;
    throw new Error(`config.json needs a text as ${name}`);
  };
  return {
    supabase_url: read("supabase_url"),
    publishable_key: read("publishable_key"),
    api_base: read("api_base"),
  };
}

/**
 * The configuration a build was given, if any.
 * @param env variables; `WEB_SUPABASE_URL`, `WEB_PUBLISHABLE_KEY` and `WEB_API_BASE` are read
 * @returns `undefined` when none of them is set: the host then serves `/config.json` itself
 * @throws Error when only some of them are set
 */
export function configFromEnv(env: Record<string, string | undefined>): PageConfig | undefined {
  const given = {
    WEB_SUPABASE_URL: env.WEB_SUPABASE_URL,
    WEB_PUBLISHABLE_KEY: env.WEB_PUBLISHABLE_KEY,
    WEB_API_BASE: env.WEB_API_BASE,
  };
  const missing = Object.entries(given).filter(([, value]) => !value).map(([name]) => name);
  if (missing.length === 3) return undefined;
  if (missing.length > 0) throw new Error(`set ${missing.join(" and ")} too, or none of the three`);
  return {
    supabase_url: given.WEB_SUPABASE_URL!,
    publishable_key: given.WEB_PUBLISHABLE_KEY!,
    api_base: given.WEB_API_BASE!,
  };
}

/** The origins outside the page's own that a configuration makes the page call. */
export function originsOf(config: PageConfig | undefined): string[] {
  if (!config) return [];
  const absolute = [config.supabase_url, config.api_base].filter((url) => URL.canParse(url));
  return [...new Set(absolute.map((url) => new URL(url).origin))];
}
