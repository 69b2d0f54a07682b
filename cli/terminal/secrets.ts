/** Keeps secrets out of everything that is said: known values and anything that looks like a credential. */

/** Access tokens (three base64url parts, the first of which is a JSON object). */
const TOKEN = /\beyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/g;
/** API keys: the public id may be shown, what follows it may not. */
const API_KEY = /\b(ia_(?:live|test)_[0-9A-Za-z]{1,10})[0-9A-Za-z_]*/g;
/** A stream ticket or token in a URL. */
const TOKEN_PARAMETER = /([?&]token=)[^&\s"]+/g;
/** Shorter values would blank out ordinary words. */
const SHORTEST_KNOWN = 4;

/** A register of values that must not be shown. */
export class Secrets {
  readonly #values = new Set<string>();

  /** Remembers a password, token or key; absent ones are ignored. */
  add(...values: (string | undefined)[]): void {
    for (const value of values) {
      if (value && value.length >= SHORTEST_KNOWN) this.#values.add(value);
    }
  }

  /** The text with every secret replaced by `***`. */
  mask(text: string): string {
    let masked = text;
    // Longest first: one secret may hold another.
    for (const value of [...this.#values].sort((a, b) => b.length - a.length)) {
      masked = masked.replaceAll(value, "***");
      const escaped = JSON.stringify(value).slice(1, -1);
      if (escaped !== value) masked = masked.replaceAll(escaped, "***");
    }
    return masked.replace(TOKEN, "***").replace(API_KEY, "$1_***").replace(TOKEN_PARAMETER, "$1***");
  }
}
