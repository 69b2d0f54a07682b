/** What the exit code says: the one list that the program, its help and its documentation follow. */

export const EXIT = {
  OK: 0,
  /** `check` found something open, or a verification found a fault. */
  FINDINGS: 1,
  /** The API refused what was asked. */
  REFUSED: 1,
  /** Wrong arguments or an unusable configuration: nothing was asked of the server. */
  USAGE: 2,
  /** The server or the network failed, the command itself, or `check` could not tell. */
  SERVER: 3,
  /** No credential, or one that is expired, revoked or unknown. */
  SIGN_IN: 4,
  INTERRUPTED: 130,
} as const;

export type ExitCode = typeof EXIT[keyof typeof EXIT];

/** The part of the help that documents the exit codes. */
export const EXIT_CODE_HELP = `
Exit codes:
  0    done; for "check": resources were checked and nothing of that severity is open
  1    "check" found something, or the API refused what was asked ("check": refused is 3)
  2    wrong arguments or an unusable configuration file
  3    the server or the network failed, or "check" could not tell
  4    sign-in needed: no credential, or an expired or revoked one
  130  interrupted`;

/** A failure that is already worded for the person: what went wrong, and what to do about it. */
export class CliFailure extends Error {
  override readonly name = "CliFailure";
  readonly exitCode: ExitCode;
  /** The command or step that helps. */
  readonly next?: string;
  readonly requestId?: string;

  constructor(
    exitCode: ExitCode,
    message: string,
    more: { next?: string; requestId?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.exitCode = exitCode;
    this.next = more.next;
    this.requestId = more.requestId;
  }
}

/** Thrown through everything when the person or the system ends the command. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
