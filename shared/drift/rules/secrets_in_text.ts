/** Judges texts in which a credential can be read: start scripts, environment variables, commands. */
import { isRecord, type Json } from "../json.ts";
import { LABEL_MAPS } from "./labels.ts";
import type { Finding, Scene } from "./rule.ts";

const CREDENTIALS: readonly RegExp[] = [
  /(^|[^A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}([^A-Z0-9]|$)/,
  /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/,
  // The same line in base64, at its three offsets.
  /LS0tLS1CRUdJTi|0tLS0tQkVHSU4g|tLS0tLUJFR0lOI/,
  /(^|[^\w])gh[pousr]_[A-Za-z0-9]{36}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[\w-]{35}/,
  /(^|[\s;"'{,])(export\s+)?\w{0,40}(password|passwd|secret_?key|access_?key|api_?key|auth_?token)\w{0,40}\s{0,3}[=:]\s{0,3}\\?["']?[^\s"'\\${}<>*]{6,}/i,
];
/** Names of variables whose value is a credential where it is written out. */
const SECRET_NAME = /(^|_)(password|passwd|pwd|secret|secret_?key|access_?key|api_?key|token|private_?key)$/i;
const REFERENCE = /^(sensitive:|\$\{|\{\{|arn:|ssm:|vault:|@Microsoft\.KeyVault|ref\+|projects\/)/;
/** Texts that are long because they are documents of another kind. */
const MAX_TEXT = 65_536;

/** @returns `undefined` when no text of the change shows a credential that was not shown before */
export function judgeSecrets({ change }: Scene): Finding | undefined {
  if (change.steps.some((step) => typeof step === "string" && LABEL_MAPS.has(step))) return undefined;
  const name = change.steps.findLast((step) => typeof step === "string") ?? "";
  const owner = change.steps.findLast((step) => typeof step === "object");
  const [was, is] = [change.before, change.after].map((value) =>
    shows(value, owner?.value ?? name, change.steps.length > 1)
  );
  if (was === is) return undefined;
  return is
    ? { direction: "weaker", severity: "high", reason: "A credential can be read in the text" }
    : { direction: "stronger", severity: "low", reason: "No credential can be read in the text any more" };
}

function shows(value: Json | undefined, name: string, isVariable: boolean): boolean {
  if (value === undefined) return false;
  if (Array.isArray(value)) return value.some((element) => shows(element, name, isVariable));
  if (isRecord(value)) {
    const named = typeof value.name === "string" ? value.name : undefined;
    return Object.keys(value).some((key) =>
      !LABEL_MAPS.has(key) &&
      shows(value[key], key === "value" && named !== undefined ? named : key, true)
    );
  }
  if (typeof value !== "string" || value.length > MAX_TEXT) return false;
  if (
    CREDENTIALS.some((pattern) => pattern.test(value)) ||
    CREDENTIALS.some((pattern) => pattern.test(decoded(value)))
  ) {
    return true;
  }
  return isVariable && SECRET_NAME.test(name) && /^[A-Z]/.test(name) && value.length >= 6 &&
    !REFERENCE.test(value);
}

/** The text behind base64, where it is plain text. */
function decoded(value: string): string {
  if (value.length < 24 || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return "";
  const text = atob(value);
  return /^[\s\x20-\x7e]*$/.test(text) ? text : "";
}
