/** Baselines: how a resource should be, with the history of what it should have been. */
import { z } from "zod";
import { DriftSeverity, DriftType } from "./drifts.ts";
import { endpoint } from "./endpoint.ts";
import { Id, IdParam, Timestamp } from "./fields.ts";
import { page, pagingQuery } from "./paging.ts";

const baselineFields = {
  id: Id,
  resource_id: Id,
  origin: z.enum(["first_snapshot", "promoted"]),
  is_current: z.boolean().meta({ description: "Drift is found against the current one." }),
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
  })).meta({ description: "From the first to the other, judged as drift would be; empty when equal." }),
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
  summary: "Baselines, newest first",
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
  summary: "Make a resource's present state its baseline; its open drifts are accepted",
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
  summary: "One baseline with its configuration",
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
  summary: "Remove a baseline; the last one of a resource stays",
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
  summary: "What changed from one baseline to another of the same resource",
  params: z.object({ id: IdParam, other: IdParam }),
  success: { status: 200, schema: BaselineComparison },
  errors: ["NOT_FOUND", "UNPROCESSABLE"],
});
