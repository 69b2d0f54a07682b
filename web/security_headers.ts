/** The headers a host sends with the page: a strict Content-Security-Policy and its companions. */

/**
 * The page's Content-Security-Policy (CSP Level 3): scripts and styles from its own files only, no inline
 * code, no `eval`, no frames.
 * @param origins further origins the page may call, such as the Supabase project's
 */
export function contentSecurityPolicy(origins: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    // The picture of a second factor's secret comes from Supabase Auth as a data URL; an image runs no script.
    "img-src 'self' data:",
    `connect-src ${["'self'", ...origins].join(" ")}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/**
 * All headers of the page.
 * @param origins as for {@link contentSecurityPolicy}
 */
export function pageHeaders(origins: readonly string[] = []): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy(origins),
    // RFC 6797; passed over where the page is served without TLS, as on one's own machine.
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
  };
}

/** How long a file may be kept: names under `assets/` carry a hash of their content, all others change. */
export function cacheControl(path: string): string {
  return path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}
