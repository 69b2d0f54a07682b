/** Importing many snapshots of resources at once: all of them or none. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { text, Timestamp } from "./fields.ts";

export const MAX_IMPORT_BYTES = 8 * 1024 * 1024;
export const MAX_IMPORT_RESOURCES = 5_000;

/** Any JSON as far as this schema goes: the reader of imports names the place of every fault. */
export const ImportBody = z.unknown().meta({
  id: "ImportBody",
  description:
    "A JSON array of snapshots (as ResourceInput); `terraform show -json` of a state or a plan; the lines of " +
    "`terraform plan -refresh-only -json`; a raw terraform.tfstate of version 4; `pulumi stack export`; " +
    "`aws cloudformation describe-stack-resource-drifts`; an AWS Config snapshot; `kubectl get -o json`. UTF-8 or " +
    `UTF-16, at most ${MAX_IMPORT_RESOURCES} resources. Send an Idempotency-Key header to be able to repeat the ` +
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
  source: text(256).optional().meta({
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
});

const count = z.int().nonnegative();

export const ImportResult = z.strictObject({
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
