/** Cloud resources and their last known configuration. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, IdParam, isStorable, JsonObject, text, Timestamp } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { anyOf, page, pagingQuery } from "./paging.ts";

export const ResourceStatus = z.enum(["active", "stopped", "deleted"]).meta({ id: "ResourceStatus" });

const Tags = z.record(text(256), z.string().max(1024).refine(isStorable, "is not storable text"))
  .refine((tags) => Object.keys(tags).length <= 100, "must have at most 100 entries");

export const Resource = z.strictObject({
  id: Id,
  external_id: z.string().meta({ examples: ["arn:aws:s3:::demo-logs"] }),
  name: z.string(),
  resource_type: z.string().meta({ examples: ["aws_s3_bucket"] }),
  provider: z.string().meta({ examples: ["aws"] }),
  region: z.string().nullable(),
  status: ResourceStatus,
  tags: z.record(z.string(), z.string()),
  source: z.string().nullable().meta({
    description: "The state or pipeline that it was last seen in; null if the import named none.",
    examples: ["production"],
  }),
  address: z.string().nullable().meta({
    description: "What your tool calls it, where the import says so.",
    examples: ["module.logs.aws_s3_bucket.this"],
  }),
  last_seen_at: Timestamp,
  created_at: Timestamp,
}).meta({ id: "Resource" });
export type Resource = z.infer<typeof Resource>;

/** What a client sends of one resource; the same fields as one snapshot of an import. */
export const ResourceInput = z.strictObject({
  external_id: text(LIMITS.external_id_characters),
  name: text(LIMITS.resource_name_characters),
  resource_type: text(LIMITS.resource_type_characters),
  provider: text(LIMITS.provider_characters),
  region: text(LIMITS.region_characters).nullable().optional(),
  status: ResourceStatus.optional(),
  tags: Tags.optional(),
  configuration: JsonObject.optional(),
  address: text(LIMITS.address_characters).optional().meta({
    description: "What your tool calls it, shown with its drifts.",
    examples: ["module.logs.aws_s3_bucket.this"],
  }),
  changed_by: text(LIMITS.changed_by_characters).optional().meta({
    description: "Who changed it last, where you know.",
  }),
  changed_at: Timestamp.optional(),
}).meta({
  id: "ResourceInput",
  examples: [{
    external_id: "arn:aws:s3:::demo-logs",
    name: "demo-logs",
    resource_type: "aws_s3_bucket",
    provider: "aws",
    configuration: { block_public_acls: true },
  }],
});
export type ResourceInput = z.infer<typeof ResourceInput>;

export const ResourcePatch = z.strictObject({
  name: text(LIMITS.resource_name_characters).optional(),
  region: text(LIMITS.region_characters).nullable().optional(),
  status: ResourceStatus.optional(),
  tags: Tags.optional(),
}).refine((value) => Object.keys(value).length > 0, "must change something").meta({
  id: "ResourcePatch",
  examples: [{ status: "stopped" }],
});
export type ResourcePatch = z.infer<typeof ResourcePatch>;

export const ResourceQuery = z.object({
  ...pagingQuery,
  provider: text(LIMITS.provider_characters).optional(),
  type: text(LIMITS.resource_type_characters).optional(),
  region: text(LIMITS.region_characters).optional(),
  source: text(LIMITS.source_characters).optional().meta({
    description: "The state or pipeline that they were last seen in.",
  }),
  status: anyOf(ResourceStatus).optional(),
  q: text(LIMITS.resource_name_characters).optional().meta({
    description: "Part of the name or external id; case doesn't matter.",
  }),
});

export const ResourceConfig = z.strictObject({
  resource_id: Id,
  configuration: z.record(z.string(), z.unknown()),
  captured_at: Timestamp,
}).meta({ id: "ResourceConfig" });
export type ResourceConfig = z.infer<typeof ResourceConfig>;

const count = z.int().nonnegative();

export const ResourceSummary = z.strictObject({
  total: count.meta({ description: "Deleted ones don't count." }),
  by_status: z.strictObject({ active: count, stopped: count, deleted: count }),
  last_seen_at: Timestamp.nullable().meta({
    description: "When an import last saw any of them; null if there are none.",
  }),
}).meta({ id: "ResourceSummary" });
export type ResourceSummary = z.infer<typeof ResourceSummary>;

export const MAX_SOURCES = 500;

export const ResourceSource = z.strictObject({
  source: z.string(),
  total: count.meta({ description: "Deleted ones don't count." }),
  last_seen_at: Timestamp,
}).meta({ id: "ResourceSource" });
export type ResourceSource = z.infer<typeof ResourceSource>;

const tag = "Resources";
const params = z.object({ id: IdParam });

export const listResources = endpoint({
  id: "listResources",
  method: "GET",
  path: "/resources",
  tag,
  auth: "bearer",
  permission: "resources:read",
  summary: "List resources",
  query: ResourceQuery,
  success: { status: 200, schema: page(Resource) },
});

export const summarizeResources = endpoint({
  id: "summarizeResources",
  method: "GET",
  path: "/resources/summary",
  tag,
  auth: "bearer",
  permission: "resources:read",
  summary: "Count resources by status, with the time one was last seen",
  success: { status: 200, schema: ResourceSummary },
});

export const listResourceSources = endpoint({
  id: "listResourceSources",
  method: "GET",
  path: "/resources/sources",
  tag,
  auth: "bearer",
  permission: "resources:read",
  summary: `List what your imports named as their source, last seen first; at most ${MAX_SOURCES}`,
  success: { status: 200, schema: z.array(ResourceSource) },
});

export const upsertResource = endpoint({
  id: "upsertResource",
  method: "POST",
  path: "/resources",
  tag,
  auth: "bearer",
  permission: "resources:write",
  summary: "Create a resource, or update the one with the same external_id",
  body: ResourceInput,
  success: { status: 201, schema: Resource },
  alternatives: [{ status: 200, schema: Resource }],
});

export const getResource = endpoint({
  id: "getResource",
  method: "GET",
  path: "/resources/:id",
  tag,
  auth: "bearer",
  permission: "resources:read",
  summary: "Get a resource",
  params,
  success: { status: 200, schema: Resource },
  errors: ["NOT_FOUND"],
});

export const updateResource = endpoint({
  id: "updateResource",
  method: "PATCH",
  path: "/resources/:id",
  tag,
  auth: "bearer",
  permission: "resources:write",
  summary: "Update a resource",
  params,
  body: ResourcePatch,
  success: { status: 200, schema: Resource },
  errors: ["NOT_FOUND"],
});

export const deleteResource = endpoint({
  id: "deleteResource",
  method: "DELETE",
  path: "/resources/:id",
  tag,
  auth: "bearer",
  permission: "resources:write",
  summary: "Delete a resource and its history",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});

export const getResourceConfig = endpoint({
  id: "getResourceConfig",
  method: "GET",
  path: "/resources/:id/config",
  tag,
  auth: "bearer",
  permission: "resources:read",
  summary: "Get a resource's last captured configuration",
  params,
  success: { status: 200, schema: ResourceConfig },
  errors: ["NOT_FOUND"],
});
