/** An authenticator app for the cast: sets up a second factor with supabase-js, and shows its codes. */
import type { SupabaseClient } from "@supabase/supabase-js";
import { TOTP_STEP_SECONDS, totpCode } from "../../dev/auth/totp.ts";
import type { Cast } from "./cast.ts";

export interface AuthenticatorApp {
  readonly factorId: string;
  /** The code of now, or of so many steps later. A code counts once: ask {@link AuthenticatorApp.freshCode} for another. */
  code(steps?: number): string;
  /** The code of now, as if none had been used before. */
  freshCode(): Promise<string>;
}

/** Sets one up for whoever has signed in to this client; its session is then at `aal2`. */
export async function setUpApp(
  client: SupabaseClient,
  { stack }: Pick<Cast, "stack">,
): Promise<AuthenticatorApp> {
  const enrolled = await client.auth.mfa.enroll({ factorType: "totp", friendlyName: crypto.randomUUID() });
  if (enrolled.error) throw enrolled.error;
  const { id: factorId, totp: { secret } } = enrolled.data;
  const code = (steps = 0) => totpCode(secret, Math.floor(Date.now() / 1000 / TOTP_STEP_SECONDS) + steps);
  const freshCode = async () => {
    await stack.database.query("delete from dev.totp_attempts");
    await stack.database.query("delete from private.spent_totp_codes");
    await stack.database.query("delete from private.factor_attempts");
    return code();
  };
  const { error } = await client.auth.mfa.challengeAndVerify({ factorId, code: code() });
  if (error) throw error;
  return { factorId, code, freshCode };
}

/** The access token that a client holds. */
export async function tokenOf(client: SupabaseClient): Promise<string> {
  return (await client.auth.getSession()).data.session!.access_token;
}
