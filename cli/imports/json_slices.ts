/** Where the members and elements of JSON text stand, so that it can be cut without rewriting a single number. */

/** The members of the object that begins at `at`, each with the text of its value. Valid JSON is assumed. */
export function membersAt(text: string, at = 0): Map<string, { from: number; to: number }> {
  const members = new Map<string, { from: number; to: number }>();
  let position = skipSpace(text, skipSpace(text, at) + 1);
  while (text[position] === '"') {
    const keyEnd = endOfValue(text, position);
    const from = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const to = endOfValue(text, from);
    members.set(JSON.parse(text.slice(position, keyEnd)), { from, to });
    position = skipSpace(text, to);
    if (text[position] === ",") position = skipSpace(text, position + 1);
  }
  return members;
}

/** The elements of the array that begins at `at`. */
export function elementsAt(text: string, at = 0): { from: number; to: number }[] {
  const elements: { from: number; to: number }[] = [];
  let position = skipSpace(text, skipSpace(text, at) + 1);
  while (position < text.length && text[position] !== "]") {
    const to = endOfValue(text, position);
    elements.push({ from: position, to });
    position = skipSpace(text, to);
    if (text[position] === ",") position = skipSpace(text, position + 1);
  }
  return elements;
}

function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  if (first !== "{" && first !== "[") {
    let to = from;
    while (to < text.length && !",]} \t\r\n".includes(text[to] ?? "")) to += 1;
    return to;
  }
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === "{" || character === "[") depth += 1;
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1;
  }
  return text.length;
}

function endOfString(text: string, from: number): number {
  let to = from + 1;
  while (to < text.length && text[to] !== '"') to += text[to] === "\\" ? 2 : 1;
  return to + 1;
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && " \t\r\n".includes(text[at] ?? "")) at += 1;
  return at;
}
