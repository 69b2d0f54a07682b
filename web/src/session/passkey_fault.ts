/** What the browser or Supabase Auth says of a passkey, in words for the person in front of it. */

/**
 * @param error of `signInWithPasskey` or `registerPasskey`
 * @returns the same, with words of our own where the browser's are a program's
 */
export function sayPasskeyFault(error: Error): Error {
  const { code } = error as { code?: string };
  if (code?.startsWith("ERROR_") || error.name === "NotAllowedError") {
    const isKnown = code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED";
    return new Error(isKnown ? "This device has a passkey already." : "No passkey was used. Try again.", {
      cause: error,
    });
  }
  if (code === "webauthn_credential_not_found" || code === "webauthn_verification_failed") {
    return new Error("This passkey isn't known here. It may have been removed.", { cause: error });
  }
  return error;
}
