/** Ignore rules: drifts that an organization knows of and doesn't want to hear about. */
import { z } from "zod";
import { DriftSeverity } from "./drifts.ts";
import { endpoint } from "./endpoint.ts";
import { Id, IdParam, text, Timestamp } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { page, pagingQuery } from "./paging.ts";

const glob = (max: number, example: string) =>
  text(max).nullable().optional().meta({
    description: "`*` is any text, `?` any one character; null means any.",
    examples: [example],
  });

const patterns = {
  resource_type: glob(LIMITS.resource_type_characters, "aws_autoscaling_group"),
  external_id: glob(LIMITS.external_id_characters, "arn:aws:autoscaling:*:*:autoScalingGroup:*:web-*"),
  field: glob(LIMITS.ignored_field_characters, "desired_capacity"),
  severity_at_most: DriftSeverity.nullable().optional().meta({
    description:
      "The worst severity that the rule covers: a drift that gets worse is told again. Null means any.",
  }),
  until: Timestamp.nullable().optional().meta({
    description: "From then on the rule does nothing, and what it covered counts again. Null means for good.",
  }),
};

export const IgnoreRule = z.strictObject({
  id: Id,
  resource_type: z.string().nullable(),
  external_id: z.string().nullable(),
  field: z.string().nullable(),
  severity_at_most: DriftSeverity.nullable(),
  until: Timestamp.nullable(),
  reason: z.string(),
  created_by: Id.nullable(),
  created_at: Timestamp,
}).meta({ id: "IgnoreRule" });
export type IgnoreRule = z.infer<typeof IgnoreRule>;

export const IgnoreRuleInput = z.strictObject({ ...patterns, reason: text(LIMITS.ignore_reason_characters) })
  .refine(
    ({ resource_type, external_id, field }) =>
      [resource_type, external_id, field].some((glob) => typeof glob === "string"),
    "must name a resource_type, an external_id or a field",
  ).meta({
    id: "IgnoreRuleInput",
    examples: [{
      resource_type: "aws_autoscaling_group",
      field: "desired_capacity",
      reason: "Set by the autoscaler.",
    }],
  });

export const IgnoreRulePatch = z.strictObject({
  ...patterns,
  reason: text(LIMITS.ignore_reason_characters).optional(),
})
  .refine((value) => Object.keys(value).length > 0, "must change something").meta({
    id: "IgnoreRulePatch",
    examples: [{ until: "2030-12-31T00:00:00Z" }],
  });

const tag = "Ignore rules";
const params = z.object({ id: IdParam });

export const listIgnoreRules = endpoint({
  id: "listIgnoreRules",
  method: "GET",
  path: "/settings/ignore-rules",
  tag,
  auth: "bearer",
  permission: "drifts:read",
  summary: "The organization's ignore rules, also those that have ended",
  query: z.object(pagingQuery),
  success: { status: 200, schema: page(IgnoreRule) },
});

export const createIgnoreRule = endpoint({
  id: "createIgnoreRule",
  method: "POST",
  path: "/settings/ignore-rules",
  tag,
  auth: "bearer",
  permission: "drifts:write",
  summary: "Ignore the drifts that match, those that are open and those to come",
  body: IgnoreRuleInput,
  success: { status: 201, schema: IgnoreRule },
  errors: ["UNPROCESSABLE"],
});

export const getIgnoreRule = endpoint({
  id: "getIgnoreRule",
  method: "GET",
  path: "/settings/ignore-rules/:id",
  tag,
  auth: "bearer",
  permission: "drifts:read",
  summary: "One ignore rule",
  params,
  success: { status: 200, schema: IgnoreRule },
  errors: ["NOT_FOUND"],
});

export const updateIgnoreRule = endpoint({
  id: "updateIgnoreRule",
  method: "PATCH",
  path: "/settings/ignore-rules/:id",
  tag,
  auth: "bearer",
  permission: "drifts:write",
  summary: "Change an ignore rule; open drifts are held against it anew",
  params,
  body: IgnoreRulePatch,
  success: { status: 200, schema: IgnoreRule },
  errors: ["NOT_FOUND"],
});

export const deleteIgnoreRule = endpoint({
  id: "deleteIgnoreRule",
  method: "DELETE",
  path: "/settings/ignore-rules/:id",
  tag,
  auth: "bearer",
  permission: "drifts:write",
  summary: "Remove an ignore rule; what it covered counts again",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});
