/** Importing many snapshots of resources at once: all of them or none. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { text } from "./fields.ts";

export const MAX_IMPORT_BYTES = 8 * 1024 * 1024;
export const MAX_IMPORT_RESOURCES = 5_000;

/** Any JSON as far as this schema goes: the reader of imports names the place of every fault. */
export const ImportBody = z.unknown().meta({
  id: "ImportBody",
  description:
    "A JSON array of snapshots (as ResourceInput), the output of `terraform show -json`, or a raw " +
    `terraform.tfstate of version 4; at most ${MAX_IMPORT_RESOURCES} resources. Send an Idempotency-Key ` +
    "header to be able to repeat the request safely for 24 hours.",
  examples: [[{
    external_id: "arn:aws:s3:::demo-logs",
    name: "demo-logs",
    resource_type: "aws_s3_bucket",
    provider: "aws",
    configuration: { block_public_acls: true },
  }]],
});

export const ImportQuery = z.object({
  source: text(256).optional().meta({
    description: "What the import shows, such as one workspace; default: a raw state's lineage.",
  }),
  full: z.enum(["true", "false"]).transform((value) => value === "true").optional().meta({
    description: "With `source`: resources of the source that are missing here are marked deleted. " +
      "A state with a known source is always full, an array only on request.",
  }),
});

const count = z.int().nonnegative();

export const ImportResult = z.strictObject({
  created: count,
  updated: count,
  unchanged: count,
  drifted: count.meta({ description: "Resources of this import that differ from their baselines." }),
  deleted: count.meta({ description: "Resources of the source that were missing from a full import." }),
}).meta({ id: "ImportResult" });
export type ImportResult = z.infer<typeof ImportResult>;

export const importResources = endpoint({
  id: "importResources",
  method: "POST",
  path: "/resources/import",
  tag: "Resources",
  auth: "bearer",
  permission: "resources:write",
  summary: "Import snapshots or a Terraform state, all or nothing, and detect drift",
  query: ImportQuery,
  body: ImportBody,
  isBodyRaw: true,
  maxBodyBytes: MAX_IMPORT_BYTES,
  success: { status: 200, schema: ImportResult },
  errors: ["UNPROCESSABLE"],
});
