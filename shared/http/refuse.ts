/** What becomes of a failed request: a refusal names the missing permission, and a refused write is recorded. */
import { recordRefusal } from "../auth/audit_record.ts";
import type { Principal } from "../auth/principal.ts";
import type { Endpoint } from "../contracts/endpoint.ts";
import { ApiError } from "../errors/api_error.ts";
import type { AppContext } from "./base_app.ts";
import type { Origin } from "./call.ts";
import type { Deps } from "./deps.ts";
import { toApiError } from "./error_answer.ts";

/**
 * The error to answer with. A 403 to anything but a read leaves an audit event; if that fails, the refusal stands
 * and its log line says so.
 * @param error what the handler threw
 */
export async function refuse(
  c: AppContext,
  deps: Deps,
  endpoint: Endpoint,
  origin: Origin,
  principal: Principal,
  error: unknown,
): Promise<ApiError> {
  const refusal = namingPermission(toApiError(error), endpoint);
  if (refusal.status !== 403 || endpoint.method === "GET") return refusal;
  try {
    await recordRefusal(deps.service, principal, origin.facts, endpoint, c.req.param(), refusal);
    return refusal;
  } catch (cause) {
    const { code, message, details, headers } = refusal;
    return new ApiError(code, message, { details, headers, cause });
  }
}

/** A refusal by Postgres names the permission this endpoint is about, unless it named a better one itself. */
function namingPermission(error: ApiError, endpoint: Endpoint): ApiError {
  if (error.code !== "FORBIDDEN" || error.details !== undefined || !endpoint.permission) return error;
  return new ApiError("FORBIDDEN", error.message, {
    details: { required: endpoint.permission },
    cause: error.cause,
  });
}
