/** Compares snapshots with the resources and baselines they meet: pure, between the two calls of an import. */
import type { ResourceInput } from "../../../shared/contracts/resources.ts";
import {
  type Captured,
  detectDrifts,
  type DetectedDrift,
  fingerprintOf,
} from "../../../shared/drift/detect.ts";
import type { JsonRecord } from "../../../shared/drift/json.ts";

/** What `plan_import` says of a resource that is known already. */
export interface MetResource {
  id: number;
  external_id: string;
  revision: number;
  tags: Record<string, string>;
  /** Only where it was asked for. */
  configuration: JsonRecord | null;
  /** Its content is left out where the snapshot has its fingerprint. */
  baseline: {
    id: number;
    fingerprint: string | null;
    configuration: JsonRecord | null;
    tags: Record<string, string> | null;
  } | null;
}

/** A snapshot as `apply_import` takes it. */
export interface ComparedSnapshot extends ResourceInput {
  resource_id: number | null;
  baseline_id: number | null;
  /** Set where the comparison rests on the resource's last capture. */
  revision: number | null;
  /** Null where nothing has been captured of the resource yet. */
  fingerprint: string | null;
}

export type FoundDrift = DetectedDrift & { external_id: string };

/** What `plan_import` must know of a snapshot. */
export function needsOf(snapshot: ResourceInput) {
  const captured = completeCapture(snapshot);
  return {
    external_id: snapshot.external_id,
    fingerprint: captured ? fingerprintOf(snapshot.resource_type, captured) : null,
    needs_configuration: snapshot.configuration === undefined,
  };
}

/** Puts each snapshot beside what it meets, and finds how it differs from the baseline. */
export function compareSnapshots(
  snapshots: readonly ResourceInput[],
  met: readonly MetResource[],
): { snapshots: ComparedSnapshot[]; found: FoundDrift[] } {
  const known = new Map(met.map((resource) => [resource.external_id, resource]));
  const found: FoundDrift[] = [];
  const compared = snapshots.map((snapshot): ComparedSnapshot => {
    const resource = known.get(snapshot.external_id);
    const baseline = resource?.baseline ?? null;
    const captured = captureOf(snapshot, resource);
    const fingerprint = captured ? fingerprintOf(snapshot.resource_type, captured) : null;
    if (captured && baseline !== null && baseline.fingerprint !== fingerprint) {
      const should = { configuration: baseline.configuration ?? {}, tags: baseline.tags ?? {} };
      for (const drift of detectDrifts(snapshot.resource_type, should, captured)) {
        found.push({ ...drift, external_id: snapshot.external_id });
      }
    }
    return {
      ...snapshot,
      resource_id: resource?.id ?? null,
      baseline_id: baseline?.id ?? null,
      revision: resource && !completeCapture(snapshot) ? resource.revision : null,
      fingerprint,
    };
  });
  return { snapshots: compared, found };
}

/** What a snapshot says by itself, or `undefined` where part of it stays as it was. */
function completeCapture({ configuration, tags }: ResourceInput): Captured | undefined {
  if (configuration === undefined || tags === undefined) return undefined;
  return { configuration: configuration as JsonRecord, tags };
}

/** The resource's state once the snapshot is written; `undefined` where no configuration is known. */
function captureOf(snapshot: ResourceInput, resource: MetResource | undefined): Captured | undefined {
  const tags = snapshot.tags ?? resource?.tags ?? {};
  if (snapshot.configuration !== undefined) {
    return { configuration: snapshot.configuration as JsonRecord, tags };
  }
  // Without a baseline nothing was ever captured: an empty configuration is not one.
  if (!resource?.baseline || !resource.configuration) return undefined;
  return { configuration: resource.configuration, tags };
}
