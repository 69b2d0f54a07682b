/** Turns whatever was thrown into what the person reads: what failed, why, the request id, what to run next. */
import { ApiFailure, NetworkFailure, UnreadableAnswer } from "../shared/client/client_failures.ts";
import type { Settings } from "./config/settings.ts";
import { type FoundCredential, renewalStep } from "./credentials/credential_source.ts";
import { CliFailure, EXIT, type ExitCode, Interrupted } from "./exit_codes.ts";

/** A failure in words. */
export interface Explanation {
  exitCode: ExitCode;
  /** Why, one sentence. */
  reason: string;
  /** The API's code, or one of the command's own kinds. */
  code: string;
  /** Single faults of what was sent, one a line. */
  faults?: string[];
  details?: unknown;
  requestId?: string;
  next?: string;
}

/** What a hint depends on. */
export interface FailureContext {
  commandPath?: readonly string[];
  /** The credential that was sent last, and the settings it was found by. */
  usedCredential?: FoundCredential;
  settings?: Settings;
}

/** Explains any error. What is not known is a fault of the command itself, and told as one. */
export function explainFailure(error: unknown, context: FailureContext = {}): Explanation {
  if (error instanceof CliFailure) {
    const { exitCode, message, requestId, next } = error;
    return { exitCode, reason: message, code: kindOf(exitCode), requestId, next };
  }
  if (error instanceof Interrupted) {
    return { exitCode: EXIT.INTERRUPTED, reason: "Interrupted.", code: "INTERRUPTED" };
  }
  if (error instanceof ApiFailure) return explainApi(error, context);
  if (error instanceof NetworkFailure) {
    const next = "infraudit status, or look at the address: infraudit config get server_url";
    return { exitCode: EXIT.SERVER, reason: sentence(error.message), code: "UNREACHABLE", next };
  }
  if (error instanceof UnreadableAnswer) {
    const { requestId } = error;
    const next = "infraudit config get server_url";
    return {
      exitCode: EXIT.SERVER,
      reason: sentence(error.message),
      code: "UNREADABLE_ANSWER",
      requestId,
      next,
    };
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    exitCode: EXIT.SERVER,
    reason: `An unexpected fault in infraudit itself. ${reason}`,
    code: "UNEXPECTED",
    next: "the same command with --debug",
  };
}

/** The lines of an explanation. */
export function failureLines(command: string, explanation: Explanation): string[] {
  const { reason, faults = [], requestId, next } = explanation;
  // After Ctrl-C the person knows what ended and why.
  if (explanation.exitCode === EXIT.INTERRUPTED) return [reason];
  return [
    `${command} failed: ${reason}`,
    ...faults.map((fault) => `  ${fault}`),
    ...(requestId ? [`  request id: ${requestId}`] : []),
    ...(next ? [`  next: ${next}`] : []),
  ];
}

/** The same as one line of JSON, in the API's own shape with the command, its exit code and what to do next. */
export function failureJson(command: string, explanation: Explanation, exitCode: ExitCode): string {
  const { reason, code, details, requestId, next } = explanation;
  return JSON.stringify({
    error: reason,
    code,
    details,
    request_id: requestId,
    command,
    exit_code: exitCode,
    next,
  });
}

/** A wrong command line as JSON. */
export function usageJson(talk: string): string {
  const [first = "", ...rest] = talk.split("\n");
  const next = rest.map((line) => /^ *next: (.*)$/.exec(line)?.[1]).find(Boolean);
  const error = sentence(first.replace(/^error: /, ""));
  return JSON.stringify({ error, code: "USAGE", command: "infraudit", exit_code: EXIT.USAGE, next });
}

function explainApi(error: ApiFailure, context: FailureContext): Explanation {
  return {
    exitCode: exitCodeOf(error),
    reason: isForeign(error)
      ? sentence(error.message)
      : `${sentence(error.message)} (${error.code}, HTTP ${error.status})`,
    code: error.code,
    faults: faultsOf(error),
    details: error.details,
    requestId: error.requestId,
    next: nextStep(error, context),
  };
}

function isForeign({ code }: ApiFailure): boolean {
  return code.startsWith("HTTP_");
}

function exitCodeOf(error: ApiFailure): ExitCode {
  if (error.status === 401) return EXIT.SIGN_IN;
  // Something before the API answered: a proxy or a gateway.
  if (isForeign(error)) return EXIT.SERVER;
  if (error.status === 408 || error.status === 429 || error.status >= 500) return EXIT.SERVER;
  return EXIT.REFUSED;
}

function kindOf(exitCode: ExitCode): string {
  switch (exitCode) {
    case EXIT.USAGE:
      return "USAGE";
    case EXIT.SIGN_IN:
      return "SIGN_IN_NEEDED";
    case EXIT.INTERRUPTED:
      return "INTERRUPTED";
    case EXIT.REFUSED:
      return "REFUSED";
    default:
      return "FAILED";
  }
}

function nextStep(error: ApiFailure, { commandPath = [], usedCredential, settings }: FailureContext) {
  switch (error.code) {
    case "INVALID_CREDENTIALS":
      return "check email and password, then: infraudit login";
    case "REAUTHENTICATION_REQUIRED":
      return "infraudit login, then the command again";
    case "FORBIDDEN":
      return "infraudit whoami, to see what this credential may do";
    case "NOT_FOUND":
      return listCommand(commandPath);
    case "RATE_LIMITED":
      return `wait ${error.retryAfter ?? 60} seconds, then run the command again`;
  }
  if (error.status === 401) {
    return usedCredential && settings ? renewalStep(settings, usedCredential) : "infraudit login";
  }
  if (error.status >= 500) return "infraudit status, then the command again";
  return undefined;
}

/** The list of what was looked for by id. */
function listCommand(path: readonly string[]): string {
  const [group, command = ""] = path;
  if (group === "team" && command.includes("invite")) return "infraudit team invites";
  if (path.length < 2 || group === "auth" || group === "config") return "infraudit resources list";
  return `infraudit ${group} list`;
}

function faultsOf(error: ApiFailure): string[] {
  const { details } = error;
  if (details === undefined) return [];
  if (typeof details === "string") return [details];
  const issues = Array.isArray(details.issues)
    ? details.issues as { path?: unknown; message?: unknown }[]
    : [];
  const faults = issues.map(({ path, message }) => {
    const where = Array.isArray(path) ? path.join(".") : String(path ?? "");
    return where ? `${where}: ${message}` : String(message);
  });
  for (const [name, state] of Object.entries(Object(details.checks))) faults.push(`${name}: ${state}`);
  if (typeof details.required === "string") faults.push(`missing permission: ${details.required}`);
  return faults;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
