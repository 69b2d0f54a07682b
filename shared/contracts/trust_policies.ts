/** Trust policies: which jobs of which identity provider may become a short-lived key. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, IdParam, isStorable, text, Timestamp } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { Permission } from "./permissions.ts";

export const DEFAULT_TRUST_SECONDS = 900;
/** What a workflow asks its provider to put into the token, where nothing else is agreed. */
export const DEFAULT_AUDIENCE = "infraaudit";

/** Known providers: where their tokens come from, and claims to begin a policy with. */
export const TRUST_PRESETS = {
  github: {
    name: "GitHub Actions",
    issuer: "https://token.actions.githubusercontent.com",
    conditions: { repository: "acme/infrastructure", ref: "refs/heads/main" },
  },
  gitlab: {
    name: "GitLab CI",
    issuer: "https://gitlab.com",
    conditions: { project_path: "acme/infrastructure", ref: "main", ref_type: "branch" },
  },
  terraform: {
    name: "HCP Terraform",
    issuer: "https://app.terraform.io",
    conditions: { sub: "organization:acme:project:*:workspace:production:run_phase:*" },
  },
  circleci: {
    name: "CircleCI",
    issuer: "https://oidc.circleci.com/org/00000000-0000-0000-0000-000000000000",
    conditions: { "oidc.circleci.com/project-id": "00000000-0000-0000-0000-000000000000" },
  },
  buildkite: {
    name: "Buildkite",
    issuer: "https://agent.buildkite.com",
    conditions: { organization_slug: "acme", pipeline_slug: "infrastructure", build_branch: "main" },
  },
} as const;

const scopes = z.array(Permission).min(1).max(9).refine(
  (list) => new Set(list).size === list.length,
  "must not name a permission twice",
);
const issuer = z.string().trim().max(LIMITS.issuer_characters).regex(
  /^(?:https:\/\/[^/?#@\s]+|http:\/\/127\.0\.0\.1:\d+)(?:\/[^?#\s]*)?$/,
  "must be the issuer's https URL, written as in its tokens",
).meta({
  description: "Must equal the token's `iss` exactly.",
  examples: [TRUST_PRESETS.github.issuer],
});
const conditions = z.record(
  z.string().max(LIMITS.claim_characters),
  z.string().max(LIMITS.condition_characters).refine(isStorable, "can't be stored"),
)
  .meta({
    description: "Claim → exact value, or a pattern where `*` matches anything. All must match. " +
      "A policy without a real condition is refused: it would trust every job of the provider.",
    examples: [TRUST_PRESETS.github.conditions],
  });
const audience = text(LIMITS.audience_characters).meta({
  description: "One of the token's `aud`.",
  examples: [DEFAULT_AUDIENCE],
});
const maxSeconds = z.int().min(LIMITS.trusted_key_min_seconds).max(LIMITS.trusted_key_seconds).meta({
  description: `How long a key lives; default ${DEFAULT_TRUST_SECONDS}.`,
  examples: [DEFAULT_TRUST_SECONDS],
});

export const TrustPolicy = z.strictObject({
  id: Id,
  name: z.string().meta({ examples: ["Deploys of main"] }),
  issuer: z.string().meta({ examples: [TRUST_PRESETS.github.issuer] }),
  audience: z.string().meta({ examples: [DEFAULT_AUDIENCE] }),
  conditions: z.record(z.string(), z.string()).meta({ examples: [TRUST_PRESETS.github.conditions] }),
  scopes: z.array(Permission),
  max_seconds: z.int(),
  created_by: z.strictObject({ id: Id, email: z.string() }).nullable(),
  created_at: Timestamp,
  last_used_at: Timestamp.nullable(),
}).meta({ id: "TrustPolicy" });
export type TrustPolicy = z.infer<typeof TrustPolicy>;

export const CreateTrustPolicy = z.strictObject({
  name: text(LIMITS.label_characters),
  issuer,
  audience: audience.default(DEFAULT_AUDIENCE),
  conditions,
  scopes,
  max_seconds: maxSeconds.default(DEFAULT_TRUST_SECONDS),
}).meta({
  id: "CreateTrustPolicy",
  examples: [{
    name: "Deploys of main",
    issuer: TRUST_PRESETS.github.issuer,
    conditions: TRUST_PRESETS.github.conditions,
    scopes: ["resources:read", "resources:write", "drifts:read"],
  }],
});

export const UpdateTrustPolicy = z.strictObject({
  name: text(LIMITS.label_characters).optional(),
  issuer: issuer.optional(),
  audience: audience.optional(),
  conditions: conditions.optional(),
  scopes: scopes.optional(),
  max_seconds: maxSeconds.optional(),
}).refine((value) => Object.keys(value).length > 0, "must change something").meta({
  id: "UpdateTrustPolicy",
  examples: [{ max_seconds: 600 }],
});

const tag = "Keyless access";
const path = "/settings/trust-policies";
const params = z.object({ id: IdParam });

export const listTrustPolicies = endpoint({
  id: "listTrustPolicies",
  method: "GET",
  path,
  tag,
  auth: "bearer",
  permission: "api_keys:read",
  summary: "List the trust policies you can see",
  success: { status: 200, schema: z.array(TrustPolicy) },
});

export const createTrustPolicy = endpoint({
  id: "createTrustPolicy",
  method: "POST",
  path,
  tag,
  auth: "bearer",
  permission: "api_keys:write",
  summary: "Create a trust policy: trust jobs of an identity provider that meet your conditions",
  body: CreateTrustPolicy,
  success: { status: 201, schema: TrustPolicy },
  errors: ["CONFLICT", "REAUTHENTICATION_REQUIRED"],
});

export const getTrustPolicy = endpoint({
  id: "getTrustPolicy",
  method: "GET",
  path: `${path}/:id`,
  tag,
  auth: "bearer",
  permission: "api_keys:read",
  summary: "Get a trust policy",
  params,
  success: { status: 200, schema: TrustPolicy },
  errors: ["NOT_FOUND"],
});

export const updateTrustPolicy = endpoint({
  id: "updateTrustPolicy",
  method: "PATCH",
  path: `${path}/:id`,
  tag,
  auth: "bearer",
  permission: "api_keys:write",
  summary: "Update a trust policy; its keys die unless only the name changes",
  params,
  body: UpdateTrustPolicy,
  success: { status: 200, schema: TrustPolicy },
  errors: ["NOT_FOUND", "CONFLICT", "REAUTHENTICATION_REQUIRED"],
});

export const deleteTrustPolicy = endpoint({
  id: "deleteTrustPolicy",
  method: "DELETE",
  path: `${path}/:id`,
  tag,
  auth: "bearer",
  permission: "api_keys:write",
  summary: "Delete a trust policy and end every key it issued",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});
