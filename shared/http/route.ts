/** Puts an endpoint of the contract on an app: admit → read input → handle → answer or refuse. */
import type { Endpoint } from "../contracts/endpoint.ts";
import { admit } from "./admit.ts";
import { answer } from "./answer.ts";
import type { App } from "./base_app.ts";
import type { Answer, Call, CallerCall, Reply } from "./call.ts";
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
 * @param isJudged for reads: true for an answer that holds rows of which row-level security asked whether this
 *   credential lives and may see them. Postgres has then admitted the caller in the same statement, and where their
 *   request was taken from the limit ahead, nothing else is asked (docs/decisions/reads_admit_themselves.md)
 */
export function route<E extends Endpoint>(
  app: App,
  deps: Deps,
  endpoint: E,
  handle: (call: CallerCall<E>) => Answer<E>,
  isJudged?: (answer: Exclude<Awaited<Answer<E>>, Reply<unknown>>) => boolean,
): void {
  app.on(endpoint.method, endpoint.path, async (c) => {
    const origin = readOrigin(c, deps);
    const mayPass = isJudged !== undefined && deps.env.readLeases;
    const { admitted, ...caller } = await admit(c, deps, endpoint, origin, mayPass);
    const { pass } = caller.caller;
    if (endpoint.method !== "GET") await admitted();
    const [, outcome] = await Promise.all([pass ?? admitted(), settled(work())]);
    // `never`: only endpoints that answer rows say how to judge them, which their types can't tell here.
    if (pass && "value" in outcome && isJudged!(outcome.value as never)) {
      return answer(c, endpoint, outcome.value);
    }
    const { principal } = await admitted();
    if ("error" in outcome) throw await refuse(c, deps, endpoint, origin, principal, outcome.error);
    return answer(c, endpoint, outcome.value);

    async function work() {
      return await handle({ ...await readInput(c, endpoint), ...origin, ...caller });
    }
  });
}

/** For {@link route}: what the handler answers is a row, or made of one; without it the handler throws. */
export const isOfARow = (): boolean => true;

/** How work ended, so that a refusal by admission comes before any error of the work. */
function settled<Value>(work: Promise<Value>): Promise<{ value: Value } | { error: unknown }> {
  return work.then((value) => ({ value }), (error) => ({ error }));
}
