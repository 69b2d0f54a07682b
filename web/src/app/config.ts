/** Where this deployment's API and Supabase project are. */
import { type PageConfig, toPageConfig } from "../../page_config.ts";

/**
 * Loads `/config.json`.
 * @returns the configuration with absolute URLs without a slash at their end
 * @throws Error when the file is missing or not a configuration
 */
export async function loadConfig(): Promise<PageConfig> {
  const response = await fetch("/config.json", { credentials: "same-origin" });
  if (!response.ok) throw new Error(`/config.json answered ${response.status}`);
  const config = toPageConfig(await response.json());
  return { ...config, supabase_url: absolute(config.supabase_url), api_base: absolute(config.api_base) };
}

function absolute(url: string): string {
  return new URL(url, location.origin).href.replace(/\/+$/, "");
}
