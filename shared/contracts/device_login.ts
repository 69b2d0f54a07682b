/** Signing in a command by the browser (RFC 8628). */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { text, Timestamp } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { Permission } from "./permissions.ts";

export const DEVICE_CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
export const DEVICE_POLL_SECONDS = 5;
/** Where the page asks for the code. */
export const DEVICE_PAGE_PATH = "/device";
/** No vowels, so no words; nothing that looks like something else (RFC 8628 §6.1). */
export const USER_CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";

/** As it is shown, in any case, with or without its dash. */
export const UserCode = z.string().trim().max(20).transform((code) =>
  code.toUpperCase().replace(/[\s-]/g, "")
)
  .pipe(z.string().regex(new RegExp(`^[${USER_CODE_ALPHABET}]{8}$`), "is not a code that a command shows"))
  .meta({ examples: ["WDJB-MJHT"] });

export const DeviceCodeRequest = z.object({
  client_id: z.string().optional().meta({ examples: ["infraudit"] }),
  machine: text(LIMITS.label_characters).optional().meta({
    description: "The name of the machine that asks; the key is named after it.",
    examples: ["laptop"],
  }),
}).meta({ id: "DeviceCodeRequest", examples: [{ client_id: "infraudit", machine: "build-1" }] });

export const DeviceCode = z.strictObject({
  device_code: z.string().meta({ description: "A secret of the command; only it can take the key." }),
  user_code: z.string().meta({ examples: ["WDJB-MJHT"] }),
  verification_uri: z.url(),
  verification_uri_complete: z.url(),
  expires_in: z.int().meta({ examples: [LIMITS.device_code_seconds] }),
  interval: z.int().meta({
    description: "Seconds between two polls, at least.",
    examples: [DEVICE_POLL_SECONDS],
  }),
}).meta({ id: "DeviceCode" });
export type DeviceCode = z.infer<typeof DeviceCode>;

export const DeviceTokenRequest = z.object({
  grant_type: z.string().optional().meta({ examples: [DEVICE_CODE_GRANT] }),
  device_code: z.string().optional().meta({ examples: ["ia_device_…"] }),
  client_id: z.string().optional(),
}).meta({
  id: "DeviceTokenRequest",
  examples: [{ grant_type: DEVICE_CODE_GRANT, device_code: "ia_device_…" }],
});

export const DeviceToken = z.strictObject({
  access_token: z.string().meta({ description: "An API key, listed and revocable as any other." }),
  token_type: z.literal("Bearer"),
  expires_in: z.int().meta({ description: "Seconds." }),
  scope: z.string(),
}).meta({ id: "DeviceToken" });
export type DeviceToken = z.infer<typeof DeviceToken>;

export const UserCodeRequest = z.strictObject({ user_code: UserCode }).meta({
  id: "UserCodeRequest",
  examples: [{ user_code: "WDJB-MJHT" }],
});

export const WaitingDevice = z.strictObject({
  machine: z.string(),
  address: z.string().nullable(),
  user_agent: z.string().nullable(),
  created_at: Timestamp,
  expires_at: Timestamp,
  scopes: z.array(Permission).meta({ description: "What it will be able to do." }),
  key_name: z.string(),
}).meta({ id: "WaitingDevice" });
export type WaitingDevice = z.infer<typeof WaitingDevice>;

const tag = "Signing in a command";

export const requestDeviceCode = endpoint({
  id: "requestDeviceCode",
  method: "POST",
  path: "/auth/device/code",
  tag,
  auth: "none",
  summary: "Ask for a code that a signed-in person approves in the page (RFC 8628)",
  body: DeviceCodeRequest,
  bodyType: "form",
  success: { status: 200, schema: DeviceCode },
  errors: ["RATE_LIMITED"],
});

export const requestDeviceToken = endpoint({
  id: "requestDeviceToken",
  method: "POST",
  path: "/auth/device/token",
  tag,
  auth: "none",
  summary: "Ask whether it is approved; then this answers an API key, once",
  body: DeviceTokenRequest,
  bodyType: "form",
  success: { status: 200, schema: DeviceToken },
});

export const lookAtDevice = endpoint({
  id: "lookAtDevice",
  method: "POST",
  path: "/auth/device/look",
  tag,
  auth: "bearer",
  summary: "Who waits behind a code, and what it would be able to do",
  body: UserCodeRequest,
  success: { status: 200, schema: WaitingDevice },
  errors: ["NOT_FOUND"],
});

export const approveDevice = endpoint({
  id: "approveDevice",
  method: "POST",
  path: "/auth/device/approve",
  tag,
  auth: "bearer",
  permission: "api_keys:write",
  summary: "Sign the waiting command in, by a key of one's own",
  body: UserCodeRequest,
  success: { status: 204 },
  errors: ["NOT_FOUND", "UNPROCESSABLE", "REAUTHENTICATION_REQUIRED"],
});

export const denyDevice = endpoint({
  id: "denyDevice",
  method: "POST",
  path: "/auth/device/deny",
  tag,
  auth: "bearer",
  summary: "Turn the waiting command away",
  body: UserCodeRequest,
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});
