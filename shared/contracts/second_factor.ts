/** Second factors: authenticator apps are Supabase Auth's, recovery codes and their rules this API's. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Timestamp } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { RecoveryCode } from "./session.ts";

export const SecondFactors = z.strictObject({
  factors: z.array(z.strictObject({
    id: z.uuid(),
    name: z.string().nullable(),
    type: z.string().meta({ examples: ["totp"] }),
    created_at: Timestamp,
  })).meta({ description: "Only verified ones." }),
  is_required: z.boolean().meta({
    description: "True if one of the person's organizations requires a second factor.",
  }),
  recovery_codes_left: z.int().min(0).max(LIMITS.recovery_codes),
}).meta({ id: "SecondFactors" });
export type SecondFactors = z.infer<typeof SecondFactors>;

export const RecoveryCodes = z.strictObject({
  codes: z.array(z.string()).length(LIMITS.recovery_codes).meta({
    description: "Each code works once. Shown only in this answer; earlier codes stop working.",
    examples: [Array.from({ length: LIMITS.recovery_codes }, (_, index) => `7x2k-9mqd-t4wb-0c8${index}`)],
  }),
}).meta({ id: "RecoveryCodes" });

export const RecoverRequest = z.strictObject({ recovery_code: RecoveryCode }).meta({
  id: "RecoverRequest",
  examples: [{ recovery_code: "7x2k-9mqd-t4wb-0c8r" }],
});

const tag = "Second factor";

export const getSecondFactors = endpoint({
  id: "getSecondFactors",
  method: "GET",
  path: "/auth/mfa",
  tag,
  auth: "bearer",
  acceptsAal1: true,
  summary: "List your second factors and whether you need one",
  success: { status: 200, schema: SecondFactors },
});

export const makeRecoveryCodes = endpoint({
  id: "makeRecoveryCodes",
  method: "POST",
  path: "/auth/mfa/recovery-codes",
  tag,
  auth: "bearer",
  summary: "Replace your recovery codes with ten new ones",
  success: { status: 201, schema: RecoveryCodes },
  errors: ["UNPROCESSABLE"],
});

export const recover = endpoint({
  id: "recoverWithCode",
  method: "POST",
  path: "/auth/mfa/recover",
  tag,
  auth: "bearer",
  acceptsAal1: true,
  summary: "Use a recovery code if you lost your device; it removes your second factors",
  body: RecoverRequest,
  success: { status: 204 },
  errors: ["INVALID_CREDENTIALS", "UNPROCESSABLE"],
});

export const removeSecondFactor = endpoint({
  id: "removeSecondFactor",
  method: "DELETE",
  path: "/auth/mfa/factors/:id",
  tag,
  auth: "bearer",
  summary: "Remove a second factor, unless it is the last one and your organization requires it",
  params: z.object({ id: z.uuid() }),
  success: { status: 204 },
  errors: ["NOT_FOUND", "UNPROCESSABLE", "REAUTHENTICATION_REQUIRED"],
});
