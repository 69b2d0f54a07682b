/** The formats of an import, told by their shape, each with the reader that knows it. */
import { isConfigSnapshot, readConfigItems } from "./aws_config.ts";
import { readStackDrifts } from "./cloudformation_drift.ts";
import type { ImportedResource } from "./imported_resource.ts";
import { refuse } from "./input_error.ts";
import { isRecord, type JsonRecord, member } from "./json.ts";
import { isKubernetes, readKubernetes } from "./kubernetes_objects.ts";
import { isPulumiStack, readPulumiStack } from "./pulumi_stack.ts";
import { isPlan, readPlan } from "./terraform_plan.ts";
import { readShow } from "./terraform_show.ts";
import { readState } from "./terraform_state.ts";

export type DocumentFormat =
  | "terraform_show"
  | "terraform_plan"
  | "terraform_state"
  | "pulumi_stack"
  | "cloudformation_drift"
  | "aws_config"
  | "kubernetes";

interface Reader {
  format: DocumentFormat;
  /** Looks at no more than the members at the top. */
  knows: (document: JsonRecord) => boolean;
  read: (document: JsonRecord) => { lineage?: string | null; resources: ImportedResource[] };
}

/** In the order in which they are asked. */
const READERS: readonly Reader[] = [
  {
    format: "terraform_plan",
    knows: (document) => "format_version" in document && isPlan(document),
    read: (document) => ({ resources: readPlan(document) }),
  },
  {
    format: "terraform_show",
    knows: (document) => "format_version" in document,
    read: (document) => ({ resources: readShow(document) }),
  },
  {
    format: "pulumi_stack",
    knows: isPulumiStack,
    read: (document) => ({ resources: readPulumiStack(document) }),
  },
  {
    format: "cloudformation_drift",
    knows: (document) => Array.isArray(member(document, "StackResourceDrifts")),
    read: (document) => ({ resources: readStackDrifts(document) }),
  },
  {
    format: "aws_config",
    knows: isConfigSnapshot,
    read: (document) => ({ resources: readConfigItems(document) }),
  },
  {
    format: "kubernetes",
    knows: isKubernetes,
    read: (document) => ({ resources: readKubernetes(document) }),
  },
  { format: "terraform_state", knows: (document) => "version" in document, read: readState },
];

/** What looks like an import but can't be one, with what to send in its place. */
const REFUSED: readonly { knows: (document: JsonRecord) => boolean; place: string; words: string }[] = [
  {
    knows: (document) => "encrypted_data" in document,
    place: "encrypted_data",
    words: "is an OpenTofu state that is encrypted; send what `tofu show -json` or `tofu state pull` prints",
  },
  {
    knows: ({ checkpoint }) => isRecord(checkpoint) && "latest" in checkpoint,
    place: "checkpoint",
    words: "is a checkpoint file of Pulumi's own; send what `pulumi stack export` prints",
  },
  {
    knows: (document) => "provider_schemas" in document,
    place: "provider_schemas",
    words: "is what `terraform providers schema -json` prints; send what `terraform show -json` prints",
  },
  {
    knows: (document) => "StackDriftDetectionId" in document || "StackDriftStatus" in document,
    place: "body",
    words: "tells only whether a stack has drifted; send what " +
      "`aws cloudformation describe-stack-resource-drifts --stack-name NAME` prints",
  },
  {
    knows: (document) => "Resources" in document && "AWSTemplateFormatVersion" in document,
    place: "Resources",
    words: "is a CloudFormation template, which says how things should be; send what " +
      "`aws cloudformation describe-stack-resource-drifts --stack-name NAME` prints",
  },
];

/**
 * Reads a document that is an object.
 * @throws InputError for a shape that no reader knows, with what can be sent, and for whatever the reader refuses
 */
export function readDocument(document: JsonRecord) {
  const refused = REFUSED.find(({ knows }) => knows(document));
  if (refused !== undefined) refuse(refused.place, refused.words);
  const reader = READERS.find(({ knows }) => knows(document));
  if (reader === undefined) {
    refuse(
      "body",
      "is of no known format: neither an array of snapshots nor a Terraform or OpenTofu state or plan, a Pulumi stack " +
        "export, CloudFormation's resource drifts, an AWS Config snapshot, or what `kubectl get -o json` prints",
    );
  }
  const { lineage = null, resources } = reader.read(document);
  return { format: reader.format, lineage, resources };
}
