/** Importing many snapshots of resources at once: all of them or none. */
import { z } from "zod";
import { DriftSeverity } from "./drifts.ts";
import { endpoint } from "./endpoint.ts";
import { Id, text, Timestamp } from "./fields.ts";
import { MAX_IMPORT_RESOURCES, MAX_IMPORT_VALUES } from "./import_size.ts";
import { LIMITS } from "./limits.ts";

export const MAX_IMPORT_BYTES = 8 * 1024 * 1024;

/** Any JSON as far as this schema goes: the reader of imports names the place of every fault. */
export const ImportBody = z.unknown().meta({
  id: "ImportBody",
  description:
    "A JSON array of snapshots (as ResourceInput); `terraform show -json` of a state or a plan; the lines of " +
    "`terraform plan -refresh-only -json`; a raw terraform.tfstate of version 4; `pulumi stack export`; " +
    "`aws cloudformation describe-stack-resource-drifts`; an AWS Config snapshot; `kubectl get -o json`. UTF-8 or " +
    `UTF-16, at most ${MAX_IMPORT_RESOURCES} resources and ${MAX_IMPORT_VALUES} values. Send an Idempotency-Key header to be able to repeat the ` +
    "request safely for 24 hours.",
  examples: [[{
    external_id: "arn:aws:s3:::demo-logs",
    name: "demo-logs",
    resource_type: "aws_s3_bucket",
    provider: "aws",
    configuration: { block_public_acls: true },
  }]],
});

const flag = z.enum(["true", "false"]).transform((value) => value === "true");

export const ImportQuery = z.object({
  source: text(LIMITS.source_characters).optional().meta({
    description: "What the import shows, such as one workspace; default: a raw state's lineage.",
  }),
  full: z.union([flag, Timestamp]).optional().meta({
    description:
      "Resources of the source that are missing here are marked deleted. Needs a source. If you send an " +
      "import in several requests, send a time with the last one: then only what no import has seen since is missing.",
  }),
  allow_mass_delete: flag.optional().meta({
    description:
      "With `full`: more than half of a source (and more than 5), or all of it, may be marked deleted.",
  }),
  dry_run: flag.optional().meta({ description: "Counts what the import would do, and writes nothing." }),
  detail: flag.optional().meta({
    description: "Answers `changes` beside the counts: what happened to which resource.",
  }),
});

const count = z.int().nonnegative();

/** How many of each. */
export const ImportCounts = z.strictObject({
  created: count,
  updated: count,
  unchanged: count,
  drifted: count.meta({
    description: "Resources with open drifts that no ignore rule covers, of what was imported or is gone.",
  }),
  ignored: count.meta({ description: "Open drifts of these resources that an ignore rule covers." }),
  deleted: count.meta({ description: "Resources that are gone since the last import." }),
  risks: count.optional().meta({
    description:
      "Dangerous settings of resources seen for the first time, whose state became their baseline; absent where " +
      "there are none such, or more than 1,000.",
  }),
});

/** What an import did to one resource. */
export const ImportChange = z.strictObject({
  resource_id: Id.nullable().meta({ description: "Null for what a dry run would create." }),
  external_id: z.string(),
  name: z.string(),
  resource_type: z.string(),
  address: z.string().nullable(),
  change: z.enum(["created", "updated", "unchanged", "deleted"]),
  drifts: z.array(z.strictObject({
    severity: DriftSeverity,
    summary: z.string(),
    is_ignored: z.boolean().meta({ description: "True where an ignore rule covers it." }),
  })).meta({ description: "The drifts that are open afterwards, worst first." }),
}).meta({ id: "ImportChange" });
export type ImportChange = z.infer<typeof ImportChange>;

export const ImportResult = ImportCounts.extend({
  changes: z.array(ImportChange).optional().meta({
    description: "With `detail=true` only. What stayed as it was and has no open drift is left out.",
  }),
}).meta({ id: "ImportResult" });
export type ImportResult = z.infer<typeof ImportResult>;

export const importResources = endpoint({
  id: "importResources",
  method: "POST",
  path: "/resources/import",
  tag: "Resources",
  auth: "bearer",
  permission: "resources:write",
  summary: "Import what a tool prints of your infrastructure, all or nothing, and detect drift",
  query: ImportQuery,
  body: ImportBody,
  isBodyRaw: true,
  maxBodyBytes: MAX_IMPORT_BYTES,
  success: { status: 200, schema: ImportResult },
  errors: ["UNPROCESSABLE"],
});
