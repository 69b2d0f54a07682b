/** How much one import may hold beside its bytes: resources, and values, which are what comparing costs. */

export const MAX_IMPORT_RESOURCES = 5_000;

/** Most values (members and list elements at any depth, also within JSON texts) in one import. */
export const MAX_IMPORT_VALUES = 250_000;

/**
 * Counts without parsing, so that a text of millions of values costs no memory.
 * @param text JSON
 * @returns at least as many as the text has values: a list or an object has one more than it has commas
 */
export function valuesIn(text: string): number {
  let [count, inString] = [0, false];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    // Within strings too: a text may be JSON, which is read as well.
    if (code === COMMA) count++;
    if (inString) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === BRACE || code === BRACKET) count++;
  }
  return count;
}

const [COMMA, BACKSLASH, QUOTE, BRACE, BRACKET] = [0x2c, 0x5c, 0x22, 0x7b, 0x5b];
