/** API keys: made once, shown once, listed without their secret. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, IdParam, text, Timestamp } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { Permission } from "./permissions.ts";

export const DEFAULT_GRACE_SECONDS = 24 * 3600;

export const ApiKeyStatus = z.enum(["active", "expiring", "grace", "expired", "revoked", "disabled"])
  .meta({ id: "ApiKeyStatus" });

const scopes = z.array(Permission).min(1).max(9).refine(
  (list) => new Set(list).size === list.length,
  "must not name a permission twice",
);
/** Addresses or CIDR ranges, v4 or v6; stored and shown as networks, an IPv4-mapped one as v4. */
const allowedIps = z.array(
  z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], "must be an address or a CIDR range"),
).min(1).max(LIMITS.api_key_addresses).meta({
  description: "Addresses and CIDR ranges the key works from; null means anywhere.",
  examples: [["203.0.113.0/24", "2001:db8::/32"]],
});
const rateLimit = z.int().min(1).max(LIMITS.api_key_requests_per_minute).meta({
  description: "Requests a minute, if lower than the server's own limit; null means the server's.",
});

const keyFields = {
  id: Id,
  name: z.string(),
  prefix: z.string().meta({ examples: ["ia_live_4fQ0aZ81Kp"] }),
  scopes: z.array(Permission),
  allowed_ips: z.array(z.string()).nullable(),
  rate_limit: z.int().nullable(),
  created_by: z.strictObject({ id: Id, email: z.string() }).nullable(),
  created_at: Timestamp,
  last_used_at: Timestamp.nullable(),
  expires_at: Timestamp.nullable(),
  revoked_at: Timestamp.nullable(),
  replaces: Id.nullable().meta({ description: "The key this one replaces." }),
  replaced_by: Id.nullable().meta({ description: "The key that replaces this one." }),
  status: ApiKeyStatus,
};

export const ApiKey = z.strictObject(keyFields).meta({ id: "ApiKey" });
export type ApiKey = z.infer<typeof ApiKey>;

export const ApiKeyCreated = z.strictObject({
  ...keyFields,
  key: z.string().meta({ description: "The full key. Shown only once, in this answer." }),
}).meta({ id: "ApiKeyCreated" });
export type ApiKeyCreated = z.infer<typeof ApiKeyCreated>;

export const CreateApiKey = z.strictObject({
  name: text(LIMITS.name_characters),
  scopes: scopes.optional(),
  expires_in_days: z.int().min(1).max(LIMITS.api_key_days).nullable().optional().meta({
    description:
      `Default ${LIMITS.api_key_default_days}; null means it never expires, which only owners can choose.`,
  }),
  allowed_ips: allowedIps.nullable().optional(),
  rate_limit: rateLimit.nullable().optional(),
}).meta({ id: "CreateApiKey", examples: [{ name: "CI/CD Pipeline" }] });

export const UpdateApiKey = z.strictObject({
  name: text(LIMITS.name_characters).optional(),
  scopes: scopes.optional(),
  allowed_ips: allowedIps.nullable().optional(),
  rate_limit: rateLimit.nullable().optional(),
}).refine((value) => Object.keys(value).length > 0, "must change something").meta({
  id: "UpdateApiKey",
  examples: [{ name: "CI/CD Pipeline" }],
});

export const RotateApiKey = z.strictObject({
  grace_seconds: z.int().min(0).max(LIMITS.api_key_grace_seconds).optional().meta({
    description: `How long the old key keeps working; default ${DEFAULT_GRACE_SECONDS}.`,
  }),
}).meta({ id: "RotateApiKey", examples: [{ grace_seconds: 3600 }] });

const minutes = z.int().nonnegative().meta({
  description: "Minutes in which the key was used at least once.",
});

export const ApiKeyUsage = z.strictObject({
  days: z.array(z.strictObject({ date: z.iso.date(), minutes })).meta({
    description: "Days (UTC) of the last 90 on which the key was used, oldest first.",
  }),
  addresses: z.array(z.strictObject({
    address: z.string().meta({
      description: "A v6 address as its /48 network; `unknown` where the proxy told none.",
      examples: ["203.0.113.7"],
    }),
    minutes,
    last_used_at: Timestamp,
  })).meta({ description: "The ten that used it last, newest first." }),
}).meta({ id: "ApiKeyUsage" });
export type ApiKeyUsage = z.infer<typeof ApiKeyUsage>;

const tag = "API keys";
const params = z.object({ id: IdParam });

export const listApiKeys = endpoint({
  id: "listApiKeys",
  method: "GET",
  path: "/settings/api-keys",
  tag,
  auth: "bearer",
  permission: "api_keys:read",
  summary: "List the API keys you can see",
  success: { status: 200, schema: z.array(ApiKey) },
});

export const createApiKey = endpoint({
  id: "createApiKey",
  method: "POST",
  path: "/settings/api-keys",
  tag,
  auth: "bearer",
  permission: "api_keys:write",
  summary: "Create an API key; the full key is shown only once",
  body: CreateApiKey,
  success: { status: 201, schema: ApiKeyCreated },
  errors: ["CONFLICT", "UNPROCESSABLE", "REAUTHENTICATION_REQUIRED"],
});

export const getApiKey = endpoint({
  id: "getApiKey",
  method: "GET",
  path: "/settings/api-keys/:id",
  tag,
  auth: "bearer",
  permission: "api_keys:read",
  summary: "Get an API key",
  params,
  success: { status: 200, schema: ApiKey },
  errors: ["NOT_FOUND"],
});

export const getApiKeyUsage = endpoint({
  id: "getApiKeyUsage",
  method: "GET",
  path: "/settings/api-keys/:id/usage",
  tag,
  auth: "bearer",
  permission: "api_keys:read",
  summary: "When and from where an API key was used",
  params,
  success: { status: 200, schema: ApiKeyUsage },
  errors: ["NOT_FOUND"],
});

export const updateApiKey = endpoint({
  id: "updateApiKey",
  method: "PATCH",
  path: "/settings/api-keys/:id",
  tag,
  auth: "bearer",
  permission: "api_keys:write",
  summary: "Update an API key, never beyond your own permissions",
  params,
  body: UpdateApiKey,
  success: { status: 200, schema: ApiKey },
  errors: ["NOT_FOUND", "UNPROCESSABLE", "REAUTHENTICATION_REQUIRED"],
});

export const rotateApiKey = endpoint({
  id: "rotateApiKey",
  method: "POST",
  path: "/settings/api-keys/:id/rotate",
  tag,
  auth: "bearer",
  permission: "api_keys:write",
  summary: "Rotate an API key; the old one keeps working for a grace period",
  params,
  body: RotateApiKey.optional(),
  success: { status: 201, schema: ApiKeyCreated },
  errors: ["NOT_FOUND", "CONFLICT", "UNPROCESSABLE", "REAUTHENTICATION_REQUIRED"],
});

export const revokeApiKey = endpoint({
  id: "revokeApiKey",
  method: "DELETE",
  path: "/settings/api-keys/:id",
  tag,
  auth: "bearer",
  permission: "api_keys:write",
  summary: "Revoke an API key; it stays in the list",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});
