/** Reads what `kubectl get -o json` prints: one object, or a List of them. */
import { snakeCase } from "./attribute_names.ts";
import {
  collector,
  expectList,
  expectRecord,
  expectText,
  type ImportedResource,
  textOf,
} from "./imported_resource.ts";
import { at } from "./input_error.ts";
import { isRecord, type JsonRecord, member } from "./json.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
/** Kept by the cluster's own controllers, or told elsewhere. */
const OWN_METADATA = new Set([
  "managedFields",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "selfLink",
]);
/** Made and removed by controllers as they please: what they should be stands in their owners. */
const PASSING = new Set(["Event", "EndpointSlice", "Endpoints", "Lease", "ReplicaSet", "ControllerRevision"]);

/** True for a Kubernetes object or a list of them. */
export function isKubernetes(document: JsonRecord): boolean {
  return typeof document.apiVersion === "string" && typeof document.kind === "string";
}

/**
 * Every object but those that controllers make for themselves, in the manifest's spelling.
 * @throws InputError for a misshapen object
 */
export function readKubernetes(document: JsonRecord): ImportedResource[] {
  const found = collector();
  const isList = /List$/.test(String(document.kind)) && Object.hasOwn(document, "items");
  const items = isList ? expectList(document.items, "items") : [document];
  items.forEach((item, index) => {
    const place = isList ? at("items", index) : "body";
    // Objects of a `DeploymentList` don't repeat their kind.
    const kind = String(document.kind).replace(/List$/, "");
    const object = expectRecord(item, place);
    const whole = isList && object.kind === undefined
      ? { ...object, kind, apiVersion: document.apiVersion! }
      : object;
    const resource = readObject(whole, place);
    if (resource !== undefined) found.add(resource);
  });
  return found.all;
}

function readObject(object: JsonRecord, place: string): ImportedResource | undefined {
  const kind = expectText(object, "kind", place);
  if (PASSING.has(kind)) return undefined;
  const metadata = expectRecord(object.metadata, at(place, "metadata"));
  const owners = member(metadata, "ownerReferences");
  if (Array.isArray(owners) && owners.length > 0) return undefined;
  const name = expectText(metadata, "name", at(place, "metadata"));
  const path = [kind, textOf(metadata, "namespace"), name].filter(Boolean).join("/");
  const type = `kubernetes_${snakeCase(kind)}`;
  const { status: _status, metadata: _metadata, ...rest } = object;
  const uid = textOf(metadata, "uid");
  const { by, when } = lastManager(metadata);
  return {
    address: path,
    type,
    provider: "kubernetes",
    values: { ...rest, metadata: ownMetadata(metadata) },
    sensitive: [],
    externalId: uid === undefined ? `${type}:${path}` : `${type}:${path}@${uid}`,
    name,
    changedBy: by,
    changedAt: when,
    place,
  };
}

function ownMetadata(metadata: JsonRecord): JsonRecord {
  const kept = Object.fromEntries(Object.entries(metadata).filter(([name]) => !OWN_METADATA.has(name)));
  const annotations = member(metadata, "annotations");
  if (!isRecord(annotations)) return kept;
  // It repeats the whole object, secrets included.
  const { [LAST_APPLIED]: _repeated, ...others } = annotations;
  return { ...kept, annotations: others };
}

/** The field manager that wrote last, such as `kubectl-edit`; controllers' writes of `status` are no changes. */
function lastManager(metadata: JsonRecord): { by?: string; when?: string } {
  const fields = member(metadata, "managedFields");
  if (!Array.isArray(fields)) return {};
  const writes = fields.filter(isRecord).filter((entry) => entry.subresource !== "status")
    .toSorted((a, b) => String(a.time ?? "") < String(b.time ?? "") ? 1 : -1);
  return { by: textOf(writes[0], "manager"), when: textOf(writes[0], "time") };
}
