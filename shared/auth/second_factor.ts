/** The second factor at sign-in: a code of an authenticator app, or a recovery code in its place. */
import { createHash } from "node:crypto";
import type { AuthError, GoTrueClient, User } from "@supabase/auth-js";
import { z } from "zod";
import type { Env } from "../config/env.ts";
import type { ServiceDatabase } from "../db/client.ts";
import { unwrap } from "../db/unwrap.ts";
import { ApiError } from "../errors/api_error.ts";
import { digestRecoveryCode } from "./recovery_code.ts";
import { type AuthTokens, createAuthAdmin, unwrapAuth } from "./supabase_auth.ts";

/** What somebody shows beside their password. */
export interface Proof {
  readonly totp?: string | undefined;
  readonly recovery_code?: string | undefined;
}

export interface SecondFactorTools {
  readonly env: Env;
  readonly service: ServiceDatabase;
}

/**
 * Completes a sign-in by password: as it is for somebody without a second factor, else by the proof. A session that
 * proves none is ended again.
 * @param auth the client that holds the new session
 * @returns the session's tokens, and whether a recovery code was used up
 * @throws ApiError MFA_REQUIRED without a proof, INVALID_CREDENTIALS for a wrong or used one, RATE_LIMITED, UNAVAILABLE
 */
export async function completeSignIn(
  tools: SecondFactorTools,
  auth: GoTrueClient,
  first: { session: AuthTokens; user: User },
  proof: Proof,
): Promise<{ tokens: AuthTokens; isRecovered: boolean }> {
  const factors = (first.user.factors ?? []).filter(({ status }) => status === "verified");
  if (factors.length === 0) return { tokens: first.session, isRecovered: false };
  try {
    if (proof.recovery_code !== undefined) {
      await redeemRecoveryCode(tools, first.user.id, proof.recovery_code);
      return { tokens: first.session, isRecovered: true };
    }
    if (proof.totp === undefined) {
      throw new ApiError("MFA_REQUIRED", "Send the code of your authenticator app too.", {
        details: { next: "totp" },
      });
    }
    const apps = factors.filter(({ factor_type }) => factor_type === "totp").map(({ id }) => id);
    return { tokens: await proveTotp(tools, auth, first.user.id, apps, proof.totp), isRecovered: false };
  } catch (error) {
    const held = (await auth.getSession()).data.session ?? first.session;
    await auth.admin.signOut(held.access_token, "local").catch(() => {});
    throw error;
  }
}

async function proveTotp(
  tools: SecondFactorTools,
  auth: GoTrueClient,
  userId: string,
  factorIds: string[],
  code: string,
): Promise<AuthTokens> {
  for (const factorId of factorIds) {
    const { data, error } = await auth.mfa.challengeAndVerify({ factorId, code });
    if (error && isWrongCode(error)) continue;
    const tokens = unwrapAuth({ data: data as AuthTokens, error });
    const hash = createHash("sha256").update(`${userId}:${code}`).digest("hex");
    // Service key: no caller may see what others have spent. Supabase Auth takes a code twice within its minute.
    if (!unwrap(await tools.service.rpc("spend_totp_code", { p_user_id: userId, p_hash: hash }))) break;
    return tokens;
  }
  throw wrongProof();
}

/**
 * Uses up a recovery code and removes the person's second factors.
 * @throws ApiError INVALID_CREDENTIALS for a wrong or used one
 */
export async function redeemRecoveryCode(
  { env, service }: SecondFactorTools,
  userId: string,
  code: string,
): Promise<void> {
  // Service key: the caller has proved one factor only, and may not touch what is about the other.
  const answer = unwrap(
    await service.rpc("redeem_recovery_code", { p_user_id: userId, p_hash: digestRecoveryCode(code) }),
  );
  const factors = z.array(z.uuid()).nullable().parse(answer);
  if (!factors) throw wrongProof();
  const admin = createAuthAdmin(env);
  for (const id of factors) {
    // Secret key: Supabase Auth lets no one remove a factor they can't prove.
    unwrapAuth(await admin.mfa.deleteFactor({ id, userId }));
  }
}

/** Wrong, too old, or (by the hook `private.judge_factor_attempt`, which gives no code) used before. */
function isWrongCode(error: AuthError): boolean {
  return error.status === 422 || error.code === "mfa_verification_rejected";
}

function wrongProof(): ApiError {
  return new ApiError("INVALID_CREDENTIALS", "The code is wrong, too old, or was used before.");
}
