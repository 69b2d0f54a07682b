/** Sign-in, registration, refresh, sign-out and "who am I". */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, isStorable, text, Timestamp } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { Permission, Role } from "./permissions.ts";

export const Email = z.string().trim().max(LIMITS.email_characters).pipe(z.email("must be an email address"))
  .meta({ examples: ["user@example.com"] });

/** bcrypt reads 72 bytes; longer passwords are refused rather than silently cut. */
export const Password = z.string().min(1, "must not be empty").refine(
  (value) => isStorable(value) && new TextEncoder().encode(value).length <= 72,
  "must be at most 72 bytes of text",
).meta({ format: "password", examples: ["your-password"] });

export const NewPassword = Password.refine((value) => value.length >= 10, "must be at least 10 characters");

/** Six digits, as an authenticator app shows them; a space in the middle is how some print them. */
export const TotpCode = z.string().trim().transform((code) => code.replace(" ", "")).pipe(
  z.string().regex(/^\d{6}$/, "must be six digits"),
).meta({ examples: ["123456"] });

/** As it was shown, in any case, with or without its dashes. */
export const RecoveryCode = z.string().trim().max(40).transform((code) =>
  code.toLowerCase().replace(/[\s-]/g, "")
)
  .pipe(z.string().regex(/^[0-9a-hjkmnp-tv-z]{16}$/, "is not a recovery code"))
  .meta({ examples: ["7x2k-9mqd-t4wb-0c8r"] });

export const LoginRequest = z.strictObject({
  email: Email,
  password: Password,
  totp: TotpCode.optional().meta({
    description: "The code from your authenticator app, if you set one up.",
  }),
  recovery_code: RecoveryCode.optional().meta({
    description: "Use it instead of `totp` if you lost your device; it removes your second factors.",
  }),
}).refine(
  (value) => value.totp === undefined || value.recovery_code === undefined,
  "totp or recovery_code, not both",
)
  .meta({ id: "LoginRequest" });

export const RegisterRequest = z.strictObject({
  email: Email,
  password: NewPassword,
  full_name: text(LIMITS.name_characters).optional(),
  organization_name: text(LIMITS.name_characters).optional(),
}).meta({
  id: "RegisterRequest",
  examples: [{ email: "new@example.com", password: "a-long-password", organization_name: "Acme" }],
});

export const RefreshRequest = z.strictObject({
  refresh_token: z.string().min(1).max(4096).refine(isStorable, "is not a refresh token"),
}).meta({ id: "RefreshRequest", examples: [{ refresh_token: "v1.MjA5…" }] });

export const LogoutRequest = z.strictObject({ scope: z.enum(["local", "global"]).default("local") })
  .meta({ id: "LogoutRequest", examples: [{ scope: "global" }] });

export const Session = z.strictObject({
  user: z.strictObject({ id: Id, email: z.string(), role: Role.nullable() }),
  token: z.string().meta({ description: "Supabase access token, for `Authorization: Bearer`." }),
  refresh_token: z.string(),
  expires_at: z.int().meta({ description: "When the token expires, in seconds since 1970 (NumericDate)." }),
  token_type: z.literal("bearer"),
}).meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

export const ConfirmationPending = z.strictObject({ message: z.string() }).meta({
  id: "ConfirmationPending",
});

export const OrganizationRef = z.strictObject({ id: Id, name: z.string() }).meta({ id: "OrganizationRef" });

export const Me = z.strictObject({
  id: Id,
  supabase_id: z.uuid(),
  email: z.string(),
  full_name: z.string().nullable(),
  role: Role,
  organization: OrganizationRef,
  permissions: z.array(Permission),
  created_at: Timestamp,
}).meta({ id: "Me" });
export type Me = z.infer<typeof Me>;

export const UpdateMe = z.strictObject({
  full_name: text(LIMITS.name_characters).optional(),
  organization_id: Id.optional(),
})
  .refine((value) => Object.keys(value).length > 0, "must change something")
  .meta({ id: "UpdateMe", examples: [{ full_name: "Ada Lovelace" }] });

export const WhoAmI = z.strictObject({
  type: z.enum(["session", "api_key"]),
  user: z.strictObject({ id: Id, email: z.string() }),
  organization: OrganizationRef,
  role: Role,
  permissions: z.array(Permission),
  expires_at: Timestamp.nullable(),
  api_key: z.strictObject({ id: Id, name: z.string(), prefix: z.string() }).optional(),
}).meta({ id: "WhoAmI" });
export type WhoAmI = z.infer<typeof WhoAmI>;

const tag = "Authentication";

export const login = endpoint({
  id: "login",
  method: "POST",
  path: "/api/login",
  tag,
  auth: "none",
  summary: "Sign in with email and password",
  body: LoginRequest,
  success: { status: 200, schema: Session },
  // Sessions may be ended in the same moment, also this one.
  errors: ["INVALID_CREDENTIALS", "MFA_REQUIRED", "SESSION_REVOKED", "RATE_LIMITED"],
});

export const register = endpoint({
  id: "register",
  method: "POST",
  path: "/api/register",
  tag,
  auth: "none",
  summary: "Register a person with their own organization",
  body: RegisterRequest,
  success: { status: 201, schema: Session },
  alternatives: [{ status: 202, schema: ConfirmationPending }],
  errors: ["CONFLICT", "UNPROCESSABLE", "RATE_LIMITED"],
});

export const refresh = endpoint({
  id: "refreshSession",
  method: "POST",
  path: "/api/refresh",
  tag,
  auth: "none",
  summary: "Exchange a refresh token for a new session",
  body: RefreshRequest,
  success: { status: 200, schema: Session },
  errors: ["TOKEN_INVALID", "SESSION_REVOKED", "RATE_LIMITED"],
});

export const logout = endpoint({
  id: "logout",
  method: "POST",
  path: "/api/logout",
  tag,
  auth: "bearer",
  acceptsAal1: true,
  summary: "Sign out of this session, or of all of them",
  body: LogoutRequest.optional(),
  success: { status: 204 },
  errors: ["UNPROCESSABLE"],
});

export const getMe = endpoint({
  id: "getMe",
  method: "GET",
  path: "/auth/me",
  tag,
  auth: "bearer",
  summary: "Get the person behind the credential",
  success: { status: 200, schema: Me },
});

export const updateMe = endpoint({
  id: "updateMe",
  method: "PATCH",
  path: "/auth/me",
  tag,
  auth: "bearer",
  summary: "Change your name or switch your active organization",
  body: UpdateMe,
  success: { status: 200, schema: Me },
});

export const whoami = endpoint({
  id: "whoami",
  method: "GET",
  path: "/auth/whoami",
  tag,
  auth: "bearer",
  summary: "Describe this credential and its permissions",
  success: { status: 200, schema: WhoAmI },
});

export const CallerAddress = z.strictObject({
  address: z.string().nullable().meta({ description: "IPv4 or IPv6; null if unknown." }),
}).meta({ id: "CallerAddress" });

export const getAddress = endpoint({
  id: "getAddress",
  method: "GET",
  path: "/auth/address",
  tag,
  auth: "bearer",
  summary: "Get the address your request came from, as an API key's address list sees it",
  success: { status: 200, schema: CallerAddress },
});
