/** Control and direction characters of data shown as escapes: none of them may reach a terminal. */

/** Beyond C0: DEL, C1, line and paragraph separators, and everything that reorders or hides text. */
const UNSAFE_BEYOND_C0 =
  "\\u007f-\\u009f\\u00ad\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb";
const UNSAFE = new RegExp(`[\\u0000-\\u001f${UNSAFE_BEYOND_C0}]`, "g");
/** The same but for what text of several lines needs. */
const UNSAFE_IN_TEXT = new RegExp(`[\\u0000-\\u0008\\u000b-\\u001f${UNSAFE_BEYOND_C0}]`, "g");
/** What this command itself paints with. */
// deno-lint-ignore no-control-regex
const OWN_COLOR = /(\u001b\[(?:[0-9]|[2-4][0-9]|9[0-7])m)/;

/** A value in one line: breaks and tabs become spaces, every other such character an escape such as `\u202e`. */
export function toLineText(value: unknown): string {
  return String(value).replace(/[\t\r\n]+/g, " ").replace(UNSAFE, toEscape);
}

/** Text of several lines, its breaks and tabs kept. */
export function toSafeText(text: string): string {
  return text.replace(UNSAFE_IN_TEXT, toEscape);
}

/** The same for what is already coloured. */
export function toSafeColored(text: string): string {
  return text.split(OWN_COLOR).map((part, at) => at % 2 === 1 ? part : toSafeText(part)).join("");
}

/** JSON or double-quoted YAML with these characters in their escaped spelling: another text, the same value. */
export function escapeInStrings(text: string): string {
  return text.replace(UNSAFE_IN_TEXT, toEscape);
}

/** Whether a text holds any of them. */
export function isUnsafe(text: string): boolean {
  return text.search(UNSAFE) >= 0;
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
