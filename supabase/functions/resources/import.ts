/** Imports over HTTP: reads the body in whatever format it is, masks its secrets, and has it written. */
import { createHmac } from "node:crypto";
import { MAX_IMPORT_VALUES, valuesIn } from "../../../shared/contracts/import_size.ts";
import { importResources } from "../../../shared/contracts/imports.ts";
import { LIMITS } from "../../../shared/contracts/limits.ts";
import { InputError } from "../../../shared/drift/input_error.ts";
import { createKeyedHash, type KeyedHash } from "../../../shared/drift/keyed_hash.ts";
import { type ImportedResources, readImport } from "../../../shared/drift/read_import.ts";
import { decodeText } from "../../../shared/drift/text_encoding.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { App } from "../../../shared/http/base_app.ts";
import { type Bytes, MAX_BODY_BYTES, mediaTypeOf, readBytes } from "../../../shared/http/body.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";
import { invalidValue } from "../../../shared/http/validate.ts";
import { importSnapshots } from "./write_import.ts";

const IDEMPOTENCY_KEY = new RegExp(`^[\\x21-\\x7e]{1,${LIMITS.idempotency_key_characters}}$`);
/** One document, or one a line, as Terraform's log is. */
const MEDIA_TYPES = ["application/json", "application/x-ndjson", "application/jsonl"];

export function addImportRoute(app: App, deps: Deps): void {
  route(app, deps, importResources, async ({ db, query, request, principal }) => {
    const idempotencyKey = readIdempotencyKey(request);
    const bytes = await readBytes(request, importResources.maxBodyBytes ?? MAX_BODY_BYTES);
    checkMediaType(request, bytes);
    const hash = sensitiveHash(deps, (await principal()).organization_id);
    const { text, read } = readBody(bytes, hash);
    const source = query.source ?? read.lineage ?? undefined;
    const { allow_mass_delete = false, dry_run = false, detail = false } = query;
    const seen_since = typeof query.full === "string" ? query.full : undefined;
    const full = seen_since !== undefined || query.full === true;
    if (full && source === undefined) {
      throw invalidValue("query.full", "needs a source: what is the import a full picture of?");
    }
    if (full && read.format === "terraform_log") {
      throw invalidValue("query.full", "needs a whole picture: a plan's log only names what drifted");
    }
    const { answer } = await importSnapshots(db, read.snapshots, {
      source,
      full,
      seen_since,
      allow_mass_delete,
      dry_run,
      detail,
      reported: read.reported,
      idempotencyKey: dry_run ? undefined : idempotencyKey,
      // Keyed: the text may have secrets in it.
      requestHash: hash("request", JSON.stringify([source, query.full, allow_mass_delete, detail, text])),
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

function checkMediaType(request: Request, bytes: Bytes): void {
  if (bytes.length > 0 && !MEDIA_TYPES.includes(mediaTypeOf(request) ?? "")) {
    throw new ApiError("UNSUPPORTED_MEDIA_TYPE", "Send the body as Content-Type: application/json.");
  }
}

function readBody(bytes: Bytes, hash: KeyedHash): { text: string; read: ImportedResources } {
  try {
    const text = decodeText(bytes);
    const values = valuesIn(text);
    if (values > MAX_IMPORT_VALUES) throw tooManyValues(values);
    return { text, read: readImport(text, hash) };
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

function tooManyValues(values: number): ApiError {
  return new ApiError(
    "PAYLOAD_TOO_LARGE",
    `The import has up to ${values} values; one request takes ${MAX_IMPORT_VALUES}. Send it in parts, resource by ` +
      "resource, and `full` with the last one; `infraudit resources import` does it by itself.",
    { details: { values, limit: MAX_IMPORT_VALUES } },
  );
}

function readIdempotencyKey(request: Request): string | undefined {
  const key = request.headers.get("idempotency-key") ?? undefined;
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    throw invalidValue(
      "headers.Idempotency-Key",
      `must be 1 to ${LIMITS.idempotency_key_characters} visible ASCII characters`,
    );
  }
  return key;
}
