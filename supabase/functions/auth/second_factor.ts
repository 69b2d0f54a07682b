/** Second factors over HTTP. Supabase Auth keeps them; Postgres says who must have one. */
import { LIMITS } from "../../../shared/contracts/limits.ts";
import {
  getSecondFactors,
  makeRecoveryCodes,
  recover,
  removeSecondFactor,
  SecondFactors,
} from "../../../shared/contracts/second_factor.ts";
import { recordRecovery } from "../../../shared/auth/audit_record.ts";
import { digestRecoveryCode, drawRecoveryCode } from "../../../shared/auth/recovery_code.ts";
import { redeemRecoveryCode } from "../../../shared/auth/second_factor.ts";
import { removeFactor } from "../../../shared/auth/supabase_auth.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";

export function addSecondFactorRoutes(app: App, deps: Deps): void {
  route(app, deps, getSecondFactors, async ({ principal }) => {
    // Service key: a caller who hasn't proved a factor has no rights in Postgres. The answer is about the caller alone.
    const state = unwrap(
      await deps.service.rpc("second_factor_state", { p_user_id: (await principal()).user_id }),
    );
    return SecondFactors.parse(state);
  });

  route(app, deps, makeRecoveryCodes, async ({ db }) => {
    const codes = Array.from({ length: LIMITS.recovery_codes }, drawRecoveryCode);
    unwrap(await db.rpc("replace_recovery_codes", { p_hashes: codes.map(digestRecoveryCode) }));
    return { codes };
  });

  route(app, deps, recover, async ({ body, principal, address, facts }) => {
    const who = await principal();
    if (who.api_key_id !== null) {
      throw new ApiError("UNPROCESSABLE", "An API key has no second factor.");
    }
    await deps.signInLimits.attempt(
      who.email,
      address,
      () => redeemRecoveryCode(deps, who.user_id, body.recovery_code),
    );
    await recordRecovery(deps.service, who, facts);
  });

  route(app, deps, removeSecondFactor, async ({ db, params, caller, address }) => {
    unwrap(await db.rpc("judge_factor_removal", { p_factor_id: params.id }));
    await removeFactor(deps.env, address, await caller.dataToken(), params.id);
  });
}
