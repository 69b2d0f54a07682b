/** Turns whatever was thrown into what the person reads: what failed, why, the request id, what to run next. */
import { ApiFailure, NetworkFailure, UnreadableAnswer } from "../shared/client/client_failures.ts";
import { CliFailure, EXIT, type ExitCode, Interrupted } from "./exit_codes.ts";

/** A failure in words. */
export interface Explanation {
  exitCode: ExitCode;
  /** Why, one sentence. */
  reason: string;
  /** Single faults of what was sent, one a line. */
  faults?: string[];
  requestId?: string;
  next?: string;
}

/** Explains any error. What is not known is a fault of the command itself, and told as one. */
export function explainFailure(error: unknown): Explanation {
  if (error instanceof CliFailure) {
    const { exitCode, message, requestId, next } = error;
    return { exitCode, reason: message, requestId, next };
  }
  if (error instanceof Interrupted) return { exitCode: EXIT.INTERRUPTED, reason: "Interrupted." };
  if (error instanceof ApiFailure) return explainApi(error);
  if (error instanceof NetworkFailure) {
    const next = "infraudit status, and look at the server with: infraudit config get server_url";
    return { exitCode: EXIT.SERVER, reason: sentence(error.message), next };
  }
  if (error instanceof UnreadableAnswer) {
    const next = "infraudit config get server_url, and infraudit version";
    return { exitCode: EXIT.SERVER, reason: sentence(error.message), requestId: error.requestId, next };
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    exitCode: EXIT.SERVER,
    reason: `An unexpected fault in infraudit itself. ${reason}`,
    next: "the same command with --debug",
  };
}

/** The lines of an explanation. */
export function failureLines(command: string, explanation: Explanation): string[] {
  const { reason, faults = [], requestId, next } = explanation;
  // Whoever pressed Ctrl-C knows what ended and why.
  if (explanation.exitCode === EXIT.INTERRUPTED) return [reason];
  return [
    `${command} failed: ${reason}`,
    ...faults.map((fault) => `  ${fault}`),
    ...(requestId ? [`  request id: ${requestId}`] : []),
    ...(next ? [`  next: ${next}`] : []),
  ];
}

function explainApi(error: ApiFailure): Explanation {
  const reason = `${sentence(error.message)} (${error.code}, HTTP ${error.status})`;
  return {
    exitCode: exitCodeOf(error),
    reason,
    faults: faultsOf(error),
    requestId: error.requestId,
    next: nextStep(error),
  };
}

function exitCodeOf(error: ApiFailure): ExitCode {
  if (error.status === 401) return EXIT.SIGN_IN;
  if (error.status === 408 || error.status === 429 || error.status >= 500) return EXIT.SERVER;
  return EXIT.REFUSED;
}

function nextStep(error: ApiFailure): string | undefined {
  switch (error.code) {
    case "INVALID_CREDENTIALS":
      return "check e-mail and password, then: infraudit auth login";
    case "API_KEY_INVALID":
    case "API_KEY_EXPIRED":
    case "API_KEY_REVOKED":
      return "infraudit api-keys create --name NAME (signed in), then store it: infraudit auth login --api-key-stdin";
    case "REAUTHENTICATION_REQUIRED":
      return "infraudit auth login, then the command again";
    case "FORBIDDEN":
      return "infraudit auth whoami, to see what this credential may do";
    case "NOT_FOUND":
      return "the matching list command, to see what there is";
    case "RATE_LIMITED":
      return `wait ${error.retryAfter ?? 60} seconds, then the command again`;
  }
  if (error.status === 401) return "infraudit auth login";
  if (error.status >= 500) return "infraudit status, then the command again";
  return undefined;
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
