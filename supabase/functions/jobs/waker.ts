/** Who may wake the worker: whoever has its secret. */
import { createHash, timingSafeEqual } from "node:crypto";
import { findCredential } from "../../../shared/auth/credential.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";

/**
 * Asks for the worker's secret in `Authorization: Bearer`.
 * @throws ApiError TOKEN_MISSING or TOKEN_INVALID
 */
export function requireWaker(headers: Headers, secret: string): void {
  const credential = findCredential(headers);
  if (credential.kind !== "token" || !timingSafeEqual(digest(credential.token), digest(secret))) {
    throw new ApiError("TOKEN_INVALID", "This isn't the worker's secret (JOBS_SECRET).");
  }
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
