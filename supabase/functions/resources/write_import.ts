/** Writes snapshots: what they meet is asked for, compared, and written in one transaction that refuses when it has moved. */
import { z } from "zod";
import { ImportResult } from "../../../shared/contracts/imports.ts";
import { Resource } from "../../../shared/contracts/resources.ts";
import type { CallerDatabase } from "../../../shared/db/client.ts";
import { toJson } from "../../../shared/db/json.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import type { ImportedSnapshot } from "../../../shared/drift/mask_import.ts";
import { VANISHED_BY_TYPE } from "../../../shared/drift/rules/vanished.ts";
import type { ReportedDrift } from "../../../shared/drift/terraform_log.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import { compareSnapshots, MetResource, needsOf } from "./compare.ts";
import { findReported } from "./reported.ts";

const MAX_ATTEMPTS = 4;

const Plan = z.object({
  answer: ImportResult.nullable(),
  is_source_known: z.boolean(),
  resources: z.array(MetResource),
  addressed: z.array(z.object({
    address: z.string(),
    external_id: z.string(),
    name: z.string(),
    resource_type: z.string(),
    provider: z.string(),
  })),
});

const Written = z.object({ answer: ImportResult, resource: Resource.optional() });

export interface ImportOptions {
  source?: string;
  full?: boolean;
  /** RFC 3339: what any import has seen since then is not missing from this full one. */
  seen_since?: string;
  allow_mass_delete?: boolean;
  dry_run?: boolean;
  /** Answer what happened to which resource. */
  detail?: boolean;
  idempotencyKey?: string;
  requestHash?: string;
  /** Resources of which only an address is known, and that they have drifted. */
  reported?: readonly ReportedDrift[];
}

/**
 * Writes snapshots, all or nothing, with the drift they bring to light.
 * @returns the counts, and the resource itself where there was one snapshot
 * @throws ApiError FORBIDDEN as Postgres decides, UNPROCESSABLE for too much that is missing or an address that
 *   nothing has, UNAVAILABLE when others kept changing the same resources
 */
export async function importSnapshots(
  db: CallerDatabase,
  snapshots: readonly ImportedSnapshot[],
  options: ImportOptions = {},
): Promise<z.infer<typeof Written>> {
  const { source, full = false, allow_mass_delete = false, dry_run = false, detail = false } = options;
  const { reported = [], idempotencyKey, requestHash } = options;
  const plan = async (planned: readonly ImportedSnapshot[]) =>
    Plan.parse(unwrap(
      await db.rpc("plan_import", {
        p_snapshots: toJson(planned.map(needsOf)),
        p_idempotency_key: idempotencyKey,
        p_request_hash: requestHash,
        p_source: source,
        p_addresses: reported.map(({ address }) => address),
      }),
    ));
  for (let attempt = 1;; attempt++) {
    let met = await plan(snapshots);
    if (met.answer !== null) return { answer: met.answer };
    let all = snapshots;
    if (reported.length > 0) {
      all = snapshotsAt(reported, met.addressed);
      met = await plan(all);
    }
    const compared = compareSnapshots(all, met.resources, met.is_source_known);
    const found = [...compared.found, ...findReported(reported, met.addressed, compared.found)];
    const hasNew = compared.snapshots.some(({ resource_id }) => resource_id === null);
    const result = await db.rpc("apply_import", {
      p_snapshots: toJson(compared.snapshots),
      p_found: toJson(found),
      p_options: toJson({
        source: source ?? null,
        full,
        seen_since: options.seen_since,
        allow_mass_delete,
        dry_run,
        detail,
        deleted: compared.deleted,
        vanished: full || compared.deleted.length > 0 ? VANISHED_BY_TYPE : [],
        ...(hasNew && compared.risks !== null ? { risks: compared.risks } : {}),
      }),
      p_idempotency_key: idempotencyKey,
      p_request_hash: requestHash,
    });
    // Somebody changed the same resources between the two calls: look again.
    if (result.error?.code === "40001" && attempt < MAX_ATTEMPTS) continue;
    return Written.parse(unwrap(result));
  }
}

type Addressed = z.infer<typeof Plan>["addressed"];

/** Snapshots that say nothing of a resource but that it is there, or gone. */
function snapshotsAt(reported: readonly ReportedDrift[], addressed: Addressed): ImportedSnapshot[] {
  const known = new Map(addressed.map((resource) => [resource.address, resource]));
  const unknown = reported.filter(({ address }) => !known.has(address));
  if (unknown.length > 0) {
    throw new ApiError(
      "UNPROCESSABLE",
      `The log names ${unknown.length} of ${reported.length} resources that are not known here, such as ` +
        `${unknown[0]!.address}. Import the state first: \`terraform show -json\`.`,
    );
  }
  return reported.map(({ address, action }) => {
    const { external_id, name, resource_type, provider } = known.get(address)!;
    return {
      external_id,
      name,
      resource_type,
      provider,
      ...(action === "delete" ? { is_deleted: true } : {}),
    };
  });
}
