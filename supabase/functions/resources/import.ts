/** Imports over HTTP: reads the body, finds what drifted in between two calls to Postgres, which decides and writes. */
import { createHash, createHmac } from "node:crypto";
import { importResources, type ImportResult } from "../../../shared/contracts/imports.ts";
import type { Resource, ResourceInput } from "../../../shared/contracts/resources.ts";
import type { CallerDatabase } from "../../../shared/db/client.ts";
import type { Json } from "../../../shared/db/types.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { InputError } from "../../../shared/drift/input_error.ts";
import { createKeyedHash, type KeyedHash } from "../../../shared/drift/keyed_hash.ts";
import { type ImportedResources, readImport } from "../../../shared/drift/read_import.ts";
import { VANISHED_BY_TYPE } from "../../../shared/drift/rules/vanished.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { App } from "../../../shared/http/base_app.ts";
import { MAX_BODY_BYTES, readJsonText } from "../../../shared/http/body.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";
import { compareSnapshots, type MetResource, needsOf } from "./compare.ts";

const MAX_ATTEMPTS = 4;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

export function addImportRoute(app: App, deps: Deps): void {
  route(app, deps, importResources, async ({ db, query, request, principal }) => {
    const idempotencyKey = readIdempotencyKey(request);
    const text = await readJsonText(request, importResources.maxBodyBytes ?? MAX_BODY_BYTES);
    const hash = sensitiveHash(deps, (await principal()).organization_id);
    const read = readBody(text, hash);
    const source = query.source ?? read.lineage ?? undefined;
    if (query.full && source === undefined) {
      throw invalid("query.full", "needs a source: what is the import a full picture of?");
    }
    const full = query.full ?? (source !== undefined && read.format !== "snapshots");
    const { answer } = await importSnapshots(db, read.snapshots, {
      source,
      full,
      idempotencyKey,
      requestHash: createHash("sha256").update(JSON.stringify([source, full, text])).digest("hex"),
    });
    return answer;
  });
}

/**
 * The keyed hash that stands for an organization's sensitive values. It must outlive pepper rotation, or every
 * secret would look changed: hence a key of its own where one is set.
 */
export function sensitiveHash(deps: Deps, organizationId: number | null): KeyedHash {
  const secret = deps.env.sensitiveValuesKey;
  return createKeyedHash(createHmac("sha256", secret).update(`sensitive-values:${organizationId}`).digest());
}

export interface ImportOptions {
  source?: string;
  full?: boolean;
  idempotencyKey?: string;
  requestHash?: string;
}

/**
 * Writes snapshots, all or nothing, with the drift they bring to light.
 * @returns the counts, and the resource itself where there was one snapshot
 * @throws ApiError FORBIDDEN as Postgres decides, UNAVAILABLE when others kept changing the same resources
 */
export async function importSnapshots(
  db: CallerDatabase,
  snapshots: readonly ResourceInput[],
  { source, full = false, idempotencyKey, requestHash }: ImportOptions = {},
): Promise<{ answer: ImportResult; resource?: Resource }> {
  for (let attempt = 1;; attempt++) {
    const plan = unwrap(
      await db.rpc("plan_import", {
        p_snapshots: snapshots.map(needsOf) as unknown as Json,
        p_idempotency_key: idempotencyKey,
        p_request_hash: requestHash,
      }),
    ) as unknown as { answer: ImportResult | null; resources: MetResource[] };
    if (plan.answer !== null) return { answer: plan.answer };
    const compared = compareSnapshots(snapshots, plan.resources);
    const result = await db.rpc("apply_import", {
      p_snapshots: compared.snapshots as unknown as Json,
      p_found: compared.found as unknown as Json,
      p_source: source,
      p_full: full,
      p_idempotency_key: idempotencyKey,
      p_request_hash: requestHash,
      p_vanished: full ? VANISHED_BY_TYPE : undefined,
    });
    // Somebody changed the same resources between the two calls: look again.
    if (result.error?.code === "40001" && attempt < MAX_ATTEMPTS) continue;
    return unwrap(result) as unknown as { answer: ImportResult; resource?: Resource };
  }
}

function readBody(text: string, hash: KeyedHash): ImportedResources {
  try {
    return readImport(text, hash);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const issues = error.issues.map(({ path, message }) => ({ path, message }));
    const isSyntax = issues[0]!.path === "body";
    throw new ApiError(
      isSyntax ? "INVALID_REQUEST" : "VALIDATION_FAILED",
      `The import is not valid: ${issues[0]!.path} ${issues[0]!.message}.`,
      { details: { issues } },
    );
  }
}

function readIdempotencyKey(request: Request): string | undefined {
  const key = request.headers.get("idempotency-key") ?? undefined;
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    throw invalid("headers.Idempotency-Key", "must be 1 to 255 visible ASCII characters");
  }
  return key;
}

function invalid(path: string, message: string): ApiError {
  return new ApiError("VALIDATION_FAILED", "The request has invalid values.", {
    details: { issues: [{ path, message }] },
  });
}
