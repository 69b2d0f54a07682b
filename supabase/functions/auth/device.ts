/** Signing in a command by the browser over HTTP (RFC 8628). */
import { z } from "zod";
import { hashWithLivePeppers } from "../../../shared/auth/api_key_hash.ts";
import { drawApiKey } from "../../../shared/auth/api_key.ts";
import { withFacts } from "../../../shared/auth/audit_record.ts";
import {
  digestDeviceCode,
  drawDeviceCode,
  drawUserCode,
  isDeviceCode,
} from "../../../shared/auth/device_code.ts";
import {
  approveDevice,
  denyDevice,
  DEVICE_CODE_GRANT,
  DEVICE_PAGE_PATH,
  DEVICE_POLL_SECONDS,
  type DeviceToken,
  lookAtDevice,
  requestDeviceCode,
  requestDeviceToken,
  WaitingDevice,
} from "../../../shared/contracts/device_login.ts";
import { LIMITS } from "../../../shared/contracts/limits.ts";
import { PERMISSIONS } from "../../../shared/contracts/permissions.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import { oauthError } from "../../../shared/errors/oauth_error.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { openRoute, route } from "../../../shared/http/route.ts";

const Begun = z.object({ retry_after_seconds: z.int().optional() });
const Taken = z.union([
  z.object({ scopes: z.array(z.enum(PERMISSIONS)), expires_at: z.string() }),
  z.object({
    fault: z.enum(["unknown", "authorization_pending", "slow_down", "access_denied", "expired_token"]),
  }),
]);

const REFUSALS = {
  unknown: ["invalid_grant", "This device_code is unknown or was used before."],
  authorization_pending: ["authorization_pending", "Nobody has approved it yet."],
  slow_down: ["slow_down", "Ask five seconds less often."],
  access_denied: ["access_denied", "The sign-in was turned down."],
  expired_token: ["expired_token", "The code is too old: ask for a new one."],
} as const;

export function addDeviceRoutes(app: App, deps: Deps): void {
  openRoute(app, deps, requestDeviceCode, async ({ body, address, facts }) => {
    const device_code = drawDeviceCode();
    const user_code = drawUserCode();
    // Service key: nobody has signed in yet.
    const call = deps.service.rpc("begin_device_login", {
      p_device_hash: digestDeviceCode(device_code),
      p_user_hash: digestDeviceCode(user_code),
      p_machine: (body.machine ?? "an unnamed machine").replace(/[^\x20-\x7e]/g, "?"),
      p_address: address ?? undefined,
      p_limit: deps.env.deviceCodesPerMinute ?? undefined,
    });
    const { retry_after_seconds: seconds } = Begun.parse(unwrap(await withFacts(call, facts)));
    if (seconds !== undefined) {
      throw new ApiError("RATE_LIMITED", `Too many sign-ins; try again in ${seconds} seconds.`, {
        retryAfterSeconds: seconds,
      });
    }
    const verification_uri = deps.env.webBaseUrl + DEVICE_PAGE_PATH;
    return {
      device_code,
      user_code,
      verification_uri,
      verification_uri_complete: `${verification_uri}?user_code=${user_code}`,
      expires_in: LIMITS.device_code_seconds,
      interval: DEVICE_POLL_SECONDS,
    };
  });

  openRoute(app, deps, requestDeviceToken, async ({ body, facts }) => {
    if (!body.grant_type) throw oauthError("invalid_request", "grant_type is missing.");
    if (body.grant_type !== DEVICE_CODE_GRANT) {
      throw oauthError("unsupported_grant_type", `grant_type must be ${DEVICE_CODE_GRANT}.`);
    }
    if (!body.device_code) throw oauthError("invalid_request", "device_code is missing.");
    if (!isDeviceCode(body.device_code)) throw refusalOf("unknown");
    const key = drawApiKey(deps.env.keyEnvironment);
    // Service key: the command's only credential is the code.
    const call = deps.service.rpc("take_device_key", {
      p_device_hash: digestDeviceCode(body.device_code),
      p_prefix: key.prefix,
      p_hashes: hashWithLivePeppers(key.text, deps.env.pepper),
    });
    const answer = Taken.parse(unwrap(await withFacts(call, facts)));
    if ("fault" in answer) throw refusalOf(answer.fault);
    const token: DeviceToken = {
      access_token: key.text,
      token_type: "Bearer",
      expires_in: Math.round((Date.parse(answer.expires_at) - Date.now()) / 1000),
      scope: answer.scopes.join(" "),
    };
    return token;
  });

  route(app, deps, lookAtDevice, async ({ db, body }) => {
    const waiting = unwrap(
      await db.rpc("look_at_device_login", { p_user_hash: digestDeviceCode(body.user_code) }),
    );
    if (waiting === null) throw noSuchCode();
    return WaitingDevice.parse(waiting);
  });

  for (const [endpoint, isApproved] of [[approveDevice, true], [denyDevice, false]] as const) {
    route(app, deps, endpoint, async ({ db, body }) => {
      if (isApproved) await deps.keyPolicy();
      const isSettled = unwrap(
        await db.rpc("settle_device_login", {
          p_user_hash: digestDeviceCode(body.user_code),
          p_is_approved: isApproved,
        }),
      );
      if (!isSettled) throw noSuchCode();
    });
  }
}

function refusalOf(fault: keyof typeof REFUSALS): ApiError {
  const [error, message] = REFUSALS[fault];
  return oauthError(error, message);
}

function noSuchCode(): ApiError {
  return new ApiError("NOT_FOUND", "No command waits behind this code: it is mistyped, used or too old.");
}
