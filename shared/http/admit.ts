/** Admits a request's caller, and opens their way to the data. */
import { type Admission, callerHeaders } from "../auth/admission.ts";
import type { Caller } from "../auth/authenticator.ts";
import { findCredential } from "../auth/credential.ts";
import type { RequestFacts } from "../auth/key_token.ts";
import { publicName } from "../auth/principal.ts";
import type { Endpoint } from "../contracts/endpoint.ts";
import { type CallerDatabase, createCallerDatabase } from "../db/client.ts";
import type { AppContext } from "./base_app.ts";
import type { Admitted, Origin } from "./call.ts";
import type { Deps } from "./deps.ts";

export interface Admitting extends Admitted {
  /** Settles when the database has admitted or refused the caller. Without a pass no answer may leave before. */
  readonly admitted: () => Promise<Admission>;
}

/**
 * Verifies the request's credential by its own bytes and starts its admission by the database.
 * A read leaves no trace in the audit log; any other request's token vouches for its facts.
 * @throws ApiError 401 for a credential that is none, UNAVAILABLE when that can't be known
 */
export async function admit(
  c: AppContext,
  deps: Deps,
  endpoint: Endpoint,
  origin: Origin,
  mayPass: boolean,
): Promise<Admitting> {
  const credential = findCredential(c.req.raw.headers);
  const { acceptsAal1 } = endpoint;
  const caller = await deps.authenticator.authenticate(credential, origin.address, { acceptsAal1, mayPass });
  const tell = (admission: Admission) => {
    c.set("principal", publicName(admission.principal));
    c.set("callerHeaders", callerHeaders(admission));
    return admission;
  };
  if (caller.pass) tell(caller.pass);
  return {
    admitted: async () => tell(await caller.admission()),
    caller,
    db: callerDatabase(deps, caller, endpoint.method === "GET" ? undefined : origin.facts),
    principal: async () => (await caller.admission()).principal,
  };
}

function callerDatabase(deps: Deps, caller: Caller, facts: RequestFacts | undefined): CallerDatabase {
  const { supabaseUrl, publishableKey } = deps.env;
  let token: Promise<string> | undefined;
  return createCallerDatabase(
    supabaseUrl,
    publishableKey,
    () => token ??= caller.dataToken(facts),
    caller.admission,
  );
}
