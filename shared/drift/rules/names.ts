/** Names of fields in one spelling, so that rules hold for Terraform, Kubernetes and JSON inside texts alike. */

/** `hostPID`, `block-project-ssh-keys`, `EnableAtRestEncryption` → `host_pid`, `block_project_ssh_keys`, … */
export function snakeCase(name: string): string {
  if (!/[A-Z-]/.test(name)) return name;
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
}

/** The last name of a dotted path. */
export function lastName(field: string): string {
  return field.slice(field.lastIndexOf(".") + 1);
}

/** The last two names of a dotted path, `parent.name`; only the name at the top. */
export function lastTwoNames(field: string): string {
  const dot = field.lastIndexOf(".");
  return dot === -1 ? field : field.slice(field.lastIndexOf(".", dot - 1) + 1);
}

/** `/a.b` is the whole path; `b` and `a.b` are its end. */
export function isFieldAt(pattern: string, field: string): boolean {
  if (pattern.startsWith("/")) return field === pattern.slice(1);
  return field === pattern || field.endsWith(`.${pattern}`);
}

const NEGATION =
  /(^|[._])(dis(able|allow)\w*|deny|block|skip|prevent|without|no|not|ignore|exclude|bypass|forbid\w*)([._]|$)/;

/** True for a name that says the opposite of its subject: `encryption_disabled`, `block_public_acls`. */
export function isNegated(name: string): boolean {
  return NEGATION.test(name);
}
