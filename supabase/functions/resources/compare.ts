/** Compares snapshots with the resources and baselines they meet: pure, between the two calls of an import. */
import { z } from "zod";
import { assess, safeCounterpart } from "../../../shared/drift/assess.ts";
import {
  type Captured,
  detectDrifts,
  type DetectedDrift,
  fingerprintOf,
} from "../../../shared/drift/detect.ts";
import { isRecord, type JsonRecord } from "../../../shared/drift/json.ts";
import type { ImportedSnapshot } from "../../../shared/drift/mask_import.ts";

const Contents = z.custom<JsonRecord>(isRecord).nullable();
const Tags = z.record(z.string(), z.string());

/** What `plan_import` says of a resource that is known already. */
export const MetResource = z.object({
  id: z.int(),
  external_id: z.string(),
  status: z.string(),
  revision: z.int(),
  tags: Tags,
  /** Only where it was asked for. */
  configuration: Contents,
  /** Its content is left out where the snapshot has its fingerprint. */
  baseline: z.object({
    id: z.int(),
    fingerprint: z.string().nullable(),
    configuration: Contents,
    tags: Tags.nullable(),
  }).nullable(),
});
export type MetResource = z.infer<typeof MetResource>;

/** A snapshot as `apply_import` takes it. */
export interface ComparedSnapshot extends Omit<ImportedSnapshot, "expected" | "is_deleted"> {
  resource_id: number | null;
  baseline_id: number | null;
  /** Set where the comparison rests on the resource's last capture. */
  revision: number | null;
  /** Null where nothing has been captured of the resource yet. */
  fingerprint: string | null;
  /** The baseline of a resource that is new, where it is not the capture itself. */
  expected?: Captured & { fingerprint: string };
}

/** Most new resources that one request looks through for risks: more would not leave it time for anything else. */
const MOST_ASSESSED = 1_000;

export type FoundDrift = DetectedDrift & { external_id: string };

export interface ComparedImport {
  snapshots: ComparedSnapshot[];
  found: FoundDrift[];
  /** External ids of what the document says is gone, and was not known to be. */
  deleted: string[];
  /** Dangerous settings that became part of a baseline; `null` where there was too much that is new to look at. */
  risks: number | null;
}

/** What `plan_import` must know of a snapshot. */
export function needsOf(snapshot: ImportedSnapshot) {
  const captured = completeCapture(snapshot);
  return {
    external_id: snapshot.external_id,
    fingerprint: captured ? fingerprintOf(snapshot.resource_type, captured) : null,
    needs_configuration: snapshot.configuration === undefined,
  };
}

/**
 * Puts each snapshot beside what it meets, and finds how it differs from the baseline.
 * @param isSourceKnown true where what is new appeared in a picture that was there before: its dangers are drift
 */
export function compareSnapshots(
  snapshots: readonly ImportedSnapshot[],
  met: readonly MetResource[],
  isSourceKnown: boolean,
): ComparedImport {
  const known = new Map(met.map((resource) => [resource.external_id, resource]));
  const isAssessed = snapshots.filter(({ external_id }) => !known.has(external_id)).length <= MOST_ASSESSED;
  let risks = 0;
  const result: Omit<ComparedImport, "risks"> = { snapshots: [], found: [], deleted: [] };
  for (const { expected, is_deleted, ...snapshot } of snapshots) {
    const { external_id, resource_type } = snapshot;
    const resource = known.get(external_id);
    if (is_deleted) {
      // It stays as it was when it went.
      if (resource?.status === "deleted") continue;
      result.deleted.push(external_id);
    }
    const baseline = resource?.baseline ?? null;
    const captured = captureOf(snapshot, resource);
    const fingerprint = captured ? fingerprintOf(resource_type, captured) : null;
    const compared: ComparedSnapshot = {
      ...snapshot,
      resource_id: resource?.id ?? null,
      baseline_id: baseline?.id ?? null,
      revision: resource && !completeCapture(snapshot) ? resource.revision : null,
      fingerprint,
    };
    result.snapshots.push(compared);
    if (captured === undefined) continue;
    let should: Captured | undefined;
    if (baseline === null) {
      should = expected ??
        (isSourceKnown && resource === undefined ? safeState(resource_type, captured) : undefined);
      if (should === undefined) risks += isAssessed ? assess(resource_type, captured).length : 0;
      else compared.expected = { ...should, fingerprint: fingerprintOf(resource_type, should) };
    } else if (baseline.fingerprint !== fingerprint) {
      should = { configuration: baseline.configuration ?? {}, tags: baseline.tags ?? {} };
    }
    if (should === undefined || is_deleted) continue;
    for (const drift of detectDrifts(resource_type, should, captured)) {
      result.found.push({ ...drift, external_id });
    }
  }
  return { ...result, risks: isAssessed ? risks : null };
}

function safeState(type: string, captured: Captured): Captured | undefined {
  const configuration = safeCounterpart(type, captured);
  return configuration && { configuration, tags: captured.tags };
}

/** What a snapshot says by itself, or `undefined` where part of it stays as it was. */
function completeCapture({ configuration, tags }: ImportedSnapshot): Captured | undefined {
  if (configuration === undefined || tags === undefined) return undefined;
  return { configuration: configuration as JsonRecord, tags };
}

/** The resource's state once the snapshot is written; `undefined` where no configuration is known. */
function captureOf(snapshot: ImportedSnapshot, resource: MetResource | undefined): Captured | undefined {
  const tags = snapshot.tags ?? resource?.tags ?? {};
  if (snapshot.configuration !== undefined) {
    return { configuration: snapshot.configuration as JsonRecord, tags };
  }
  // Without a baseline nothing was ever captured: an empty configuration is not one.
  if (!resource?.baseline || !resource.configuration) return undefined;
  return { configuration: resource.configuration, tags };
}
