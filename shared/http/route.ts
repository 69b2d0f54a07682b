/** Puts an endpoint of the contract on an app: admit → read input → handle → answer or refuse. */
import type { Endpoint } from "../contracts/endpoint.ts";
import { admit } from "./admit.ts";
import { answer } from "./answer.ts";
import type { App } from "./base_app.ts";
import type { Answer, Call, CallerCall } from "./call.ts";
import type { Deps } from "./deps.ts";
import { readInput } from "./read_input.ts";
import { refuse } from "./refuse.ts";
import { readOrigin } from "./request_origin.ts";

/** Serves an endpoint that needs no credential. */
export function openRoute<E extends Endpoint>(
  app: App,
  deps: Deps,
  endpoint: E,
  handle: (call: Call<E>) => Answer<E>,
): void {
  app.on(endpoint.method, endpoint.path, async (c) => {
    const input = await readInput(c, endpoint);
    return answer(c, endpoint, await handle({ ...input, ...readOrigin(c, deps) }));
  });
}

/**
 * Serves an endpoint that needs a credential. A read runs side by side with admission, and its answer leaves
 * only after the caller is admitted; anything else begins after admission.
 */
export function route<E extends Endpoint>(
  app: App,
  deps: Deps,
  endpoint: E,
  handle: (call: CallerCall<E>) => Answer<E>,
): void {
  app.on(endpoint.method, endpoint.path, async (c) => {
    const origin = readOrigin(c, deps);
    const { admitted, ...caller } = await admit(c, deps, endpoint, origin);
    if (endpoint.method !== "GET") await admitted;
    const [{ principal }, outcome] = await Promise.all([admitted, settled(work())]);
    if ("error" in outcome) throw await refuse(c, deps, endpoint, origin, principal, outcome.error);
    return answer(c, endpoint, outcome.value);

    async function work() {
      return await handle({ ...await readInput(c, endpoint), ...origin, ...caller });
    }
  });
}

/** How work ended, so that a refusal by admission comes before any error of the work. */
function settled<Value>(work: Promise<Value>): Promise<{ value: Value } | { error: unknown }> {
  return work.then((value) => ({ value }), (error) => ({ error }));
}
