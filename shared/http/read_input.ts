/** Reads a request's parameters, query and body against the endpoint's schemas. */
import type { Endpoint } from "../contracts/endpoint.ts";
import type { AppContext } from "./base_app.ts";
import { readForm, readJson } from "./body.ts";
import type { Input } from "./call.ts";
import { validate } from "./validate.ts";

/**
 * The validated input of one request.
 * @throws ApiError VALIDATION_FAILED; for the body also what {@link readJson} throws
 */
export async function readInput<E extends Endpoint>(c: AppContext, endpoint: E): Promise<Input<E>> {
  const params = endpoint.params && validate(endpoint.params, c.req.param(), "params");
  const query = endpoint.query &&
    validate(endpoint.query, Object.fromEntries(new URL(c.req.url).searchParams), "query");
  const body = endpoint.body && !endpoint.isBodyRaw &&
    validate(endpoint.body, await readBody(c.req.raw, endpoint), "body");
  // Each part is what its schema gave back; that these schemas are E's own is beyond what the types can follow.
  return { params, query, body } as Input<E>;
}

function readBody(request: Request, { bodyType, maxBodyBytes }: Endpoint): Promise<unknown> {
  return bodyType === "form" ? readForm(request, maxBodyBytes) : readJson(request, maxBodyBytes);
}
