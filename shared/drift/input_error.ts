/** What is wrong with an import, and where: the place is written the way the sender would address it. */

export interface InputIssue {
  /** Such as `resources[12].values.ingress[0]`; `body` for the document itself. */
  path: string;
  message: string;
}

const MAX_PLACE_LENGTH = 300;

/** Thrown by every reader of this room; nothing of the import is used once it is thrown. */
export class InputError extends Error {
  readonly issues: readonly InputIssue[];

  /** @param issues at least one; the first one becomes the message */
  constructor(issues: readonly InputIssue[]) {
    const first = issues[0]!;
    super(`${first.path} ${first.message}`);
    this.name = "InputError";
    this.issues = issues;
  }
}

/** Throws an {@link InputError} with one issue. */
export function refuse(path: string, message: string): never {
  throw new InputError([{ path: shorten(path), message }]);
}

/**
 * Adds one step to a place: `a` + `b` → `a.b`, `a` + 3 → `a[3]`, odd names are quoted.
 * @param place the place so far, possibly empty
 */
export function at(place: string, step: string | number): string {
  if (typeof step === "number") return `${place}[${step}]`;
  if (/^[A-Za-z_][\w-]*$/.test(step)) return place === "" ? step : `${place}.${step}`;
  return `${place}[${JSON.stringify(step)}]`;
}

/** Cuts the middle out of a very long place: its start finds the resource, its end the value. */
function shorten(place: string): string {
  if (place.length <= MAX_PLACE_LENGTH) return place.toWellFormed();
  const half = MAX_PLACE_LENGTH / 2;
  return `${place.slice(0, half)}…${place.slice(-half)}`.toWellFormed();
}
