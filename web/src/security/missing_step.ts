/** Which step of the second factor an answer asks for. */
import { ApiFailure } from "../../../shared/client/client_failures.ts";

/** `totp`: a sign-in lacks its code; `challenge`, `enrolment`: a session does. Nothing for any other error. */
export function missingStep(error: unknown): "totp" | "challenge" | "enrolment" | undefined {
  if (!(error instanceof ApiFailure) || error.code !== "MFA_REQUIRED") return undefined;
  const next = typeof error.details === "object" ? error.details.next : undefined;
  return next === "enrolment" || next === "totp" ? next : "challenge";
}
