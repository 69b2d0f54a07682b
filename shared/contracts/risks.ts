/** Risks: settings of a resource that are dangerous by themselves, whatever they were before. */
import { z } from "zod";
import { DriftSeverity, DriftType } from "./drifts.ts";
import { endpoint } from "./endpoint.ts";
import { Id, IdParam } from "./fields.ts";
import { anyOf, page } from "./paging.ts";
import { ResourceQuery } from "./resources.ts";

export const Risk = z.strictObject({
  field_path: z.string().meta({ examples: ["publicly_accessible"] }),
  severity: DriftSeverity,
  drift_type: DriftType,
  reason: z.string(),
  rule: z.string().nullable(),
  control: z.string().nullable(),
  value: z.unknown(),
}).meta({ id: "Risk" });
export type Risk = z.infer<typeof Risk>;

export const ResourceRisks = z.strictObject({ resource_id: Id, risks: z.array(Risk) }).meta({
  id: "ResourceRisks",
});

/** One resource in the list of all; `risks` is empty where nothing of it is dangerous. */
export const RisksOfResource = z.strictObject({
  resource_id: Id,
  resource_name: z.string(),
  resource_type: z.string(),
  risks: z.array(Risk),
}).meta({ id: "RisksOfResource" });
export type RisksOfResource = z.infer<typeof RisksOfResource>;

export const listRisks = endpoint({
  id: "listRisks",
  method: "GET",
  path: "/resources/risks",
  tag: "Resources",
  auth: "bearer",
  permission: "resources:read",
  summary: "Every resource with what is dangerous in its last captured configuration, worst first",
  query: ResourceQuery.extend({ severity: anyOf(DriftSeverity).optional() }),
  success: { status: 200, schema: page(RisksOfResource) },
});

export const listResourceRisks = endpoint({
  id: "listResourceRisks",
  method: "GET",
  path: "/resources/:id/risks",
  tag: "Resources",
  auth: "bearer",
  permission: "resources:read",
  summary: "What is dangerous in a resource's last captured configuration, worst first",
  params: z.object({ id: IdParam }),
  success: { status: 200, schema: ResourceRisks },
  errors: ["NOT_FOUND"],
});
