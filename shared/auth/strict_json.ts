/** JSON for signed text: an object in which no member appears twice, at any depth. */

/**
 * Parses a JSON object and refuses duplicate members, which `JSON.parse` would silently drop: two readers of
 * one token must never see two different claims (RFC 8725 §2.4, RFC 7515 §4).
 * @returns the object, or `undefined` when the text is no JSON object or repeats a member
 */
export function parseStrictObject(text: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return hasDuplicateMember(text) ? undefined : value as Record<string, unknown>;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Walks text that is already known to be JSON. */
function hasDuplicateMember(text: string): boolean {
  const scopes: (Set<string> | undefined)[] = [];
  const tokens = text.match(TOKEN) ?? [];
  for (const [index, token] of tokens.entries()) {
    if (token === "{") scopes.push(new Set());
    else if (token === "[") scopes.push(undefined);
    else if (token === "}" || token === "]") scopes.pop();
    else if (token.startsWith('"') && tokens[index + 1] === ":") {
      const name = JSON.parse(token) as string;
      const members = scopes.at(-1)!;
      if (members.has(name)) return true;
      members.add(name);
    }
  }
  return false;
}
