/** Baselines: how a resource should be, with the history of what it should have been. */
import { z } from "zod";
import { DriftSeverity, DriftType } from "./drifts.ts";
import { endpoint } from "./endpoint.ts";
import { Id, IdParam, Timestamp } from "./fields.ts";
import { page, pagingQuery } from "./paging.ts";

const baselineFields = {
  id: Id,
  resource_id: Id,
  origin: z.enum(["first_snapshot", "expected", "promoted"]).meta({
    description:
      "`expected`: what its document says it should be, or the safe state of what appeared dangerous.",
  }),
  is_current: z.boolean().meta({ description: "True for the baseline that drift is detected against." }),
  created_by: Id.nullable(),
  created_at: Timestamp,
};

export const Baseline = z.strictObject(baselineFields).meta({ id: "Baseline" });
export type Baseline = z.infer<typeof Baseline>;

export const BaselineDetail = z.strictObject({
  ...baselineFields,
  configuration: z.record(z.string(), z.unknown()),
  tags: z.record(z.string(), z.string()),
}).meta({ id: "BaselineDetail" });
export type BaselineDetail = z.infer<typeof BaselineDetail>;

export const BaselineComparison = z.strictObject({
  baseline_id: Id,
  other_id: Id,
  changes: z.array(z.strictObject({
    field_path: z.string(),
    drift_type: DriftType,
    severity: DriftSeverity,
    reason: z.string(),
    before: z.unknown(),
    after: z.unknown(),
  })).meta({
    description: "Changes from the first to the second, judged like drift; empty if they are equal.",
  }),
}).meta({ id: "BaselineComparison" });
export type BaselineComparison = z.infer<typeof BaselineComparison>;

const tag = "Baselines";
const params = z.object({ id: IdParam });

export const listBaselines = endpoint({
  id: "listBaselines",
  method: "GET",
  path: "/baselines",
  tag,
  auth: "bearer",
  permission: "resources:read",
  summary: "List baselines, newest first",
  query: z.object({ ...pagingQuery, resource_id: IdParam.optional() }),
  success: { status: 200, schema: page(Baseline) },
});

export const createBaseline = endpoint({
  id: "createBaseline",
  method: "POST",
  path: "/baselines",
  tag,
  auth: "bearer",
  permission: "resources:write",
  summary: "Make a resource's current state its baseline and accept its open drifts",
  body: z.strictObject({ resource_id: Id }).meta({ id: "CreateBaseline" }),
  success: { status: 201, schema: Baseline },
  errors: ["NOT_FOUND"],
});

export const getBaseline = endpoint({
  id: "getBaseline",
  method: "GET",
  path: "/baselines/:id",
  tag,
  auth: "bearer",
  permission: "resources:read",
  summary: "Get a baseline with its configuration",
  params,
  success: { status: 200, schema: BaselineDetail },
  errors: ["NOT_FOUND"],
});

export const deleteBaseline = endpoint({
  id: "deleteBaseline",
  method: "DELETE",
  path: "/baselines/:id",
  tag,
  auth: "bearer",
  permission: "resources:write",
  summary: "Delete a baseline, unless it is the resource's last one",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND", "UNPROCESSABLE"],
});

export const compareBaselines = endpoint({
  id: "compareBaselines",
  method: "GET",
  path: "/baselines/:id/compare/:other",
  tag,
  auth: "bearer",
  permission: "resources:read",
  summary: "Compare two baselines of the same resource",
  params: z.object({ id: IdParam, other: IdParam }),
  success: { status: 200, schema: BaselineComparison },
  errors: ["NOT_FOUND", "UNPROCESSABLE"],
});
