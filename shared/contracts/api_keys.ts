/** API keys: made once, shown once, listed without their secret. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, IdParam, text, Timestamp } from "./fields.ts";
import { Permission } from "./permissions.ts";

export const DEFAULT_KEY_LIFE_DAYS = 90;
export const MAX_KEY_LIFE_DAYS = 366;
export const MAX_GRACE_SECONDS = 7 * 24 * 3600;
export const DEFAULT_GRACE_SECONDS = 24 * 3600;

export const ApiKeyStatus = z.enum(["active", "expiring", "grace", "expired", "revoked", "disabled"])
  .meta({ id: "ApiKeyStatus" });

const scopes = z.array(Permission).min(1).max(9).refine(
  (list) => new Set(list).size === list.length,
  "must not name a permission twice",
);
/** Addresses or CIDR ranges, v4 or v6; their syntax is judged by Postgres's `cidr`/`inet`. */
const allowedIps = z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).max(50);

const keyFields = {
  id: Id,
  name: z.string(),
  prefix: z.string().meta({ examples: ["ia_live_4fQ0aZ81Kp"] }),
  scopes: z.array(Permission),
  allowed_ips: z.array(z.string()).nullable(),
  created_by: z.strictObject({ id: Id, email: z.string() }).nullable(),
  created_at: Timestamp,
  last_used_at: Timestamp.nullable(),
  expires_at: Timestamp.nullable(),
  revoked_at: Timestamp.nullable(),
  status: ApiKeyStatus,
};

export const ApiKey = z.strictObject(keyFields).meta({ id: "ApiKey" });
export type ApiKey = z.infer<typeof ApiKey>;

export const ApiKeyCreated = z.strictObject({
  ...keyFields,
  key: z.string().meta({ description: "The whole key. In this answer and nowhere else, ever." }),
}).meta({ id: "ApiKeyCreated" });
export type ApiKeyCreated = z.infer<typeof ApiKeyCreated>;

export const CreateApiKey = z.strictObject({
  name: text(100),
  scopes: scopes.optional(),
  expires_in_days: z.int().min(1).max(MAX_KEY_LIFE_DAYS).nullable().optional(),
  allowed_ips: allowedIps.optional(),
}).meta({ id: "CreateApiKey", examples: [{ name: "CI/CD Pipeline" }] });

const tag = "API keys";
const params = z.object({ id: IdParam });

export const listApiKeys = endpoint({
  id: "listApiKeys",
  method: "GET",
  path: "/settings/api-keys",
  tag,
  auth: "bearer",
  permission: "api_keys:read",
  summary: "The organization's keys, as far as one may see them",
  success: { status: 200, schema: z.array(ApiKey) },
});

export const createApiKey = endpoint({
  id: "createApiKey",
  method: "POST",
  path: "/settings/api-keys",
  tag,
  auth: "bearer",
  permission: "api_keys:write",
  summary: "Make a key; its full value is in this answer only",
  body: CreateApiKey,
  success: { status: 201, schema: ApiKeyCreated },
  errors: ["CONFLICT", "REAUTHENTICATION_REQUIRED"],
});

export const getApiKey = endpoint({
  id: "getApiKey",
  method: "GET",
  path: "/settings/api-keys/:id",
  tag,
  auth: "bearer",
  permission: "api_keys:read",
  summary: "One key",
  params,
  success: { status: 200, schema: ApiKey },
  errors: ["NOT_FOUND"],
});

export const revokeApiKey = endpoint({
  id: "revokeApiKey",
  method: "DELETE",
  path: "/settings/api-keys/:id",
  tag,
  auth: "bearer",
  permission: "api_keys:write",
  summary: "Revoke a key; it stays in the list",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});
