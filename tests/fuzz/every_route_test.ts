/** Guarantee: no request, right or broken, gets a 5xx or an answer that the OpenAPI document doesn't have. */
import assert from "node:assert/strict";
import { toFunctionPath } from "../../shared/http/public_paths.ts";
import { type Cast, gatherCast, type Person } from "../http/cast.ts";
import { findAnswerFaults } from "../http/contract.ts";
import { type FuzzRequest, makeRequests, type Sender } from "./requests.ts";

const COUNT = Number(Deno.env.get("FUZZ_REQUESTS") ?? 1500);
const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 20_261_124);
const AT_ONCE = 8;
const document = JSON.parse(await Deno.readTextFile(new URL("../../openapi.json", import.meta.url)));

const cast = await gatherCast();

Deno.test(`${COUNT} generated requests, seed ${SEED}`, async () => {
  const requests = makeRequests(document, COUNT, SEED);
  const senders = signedInSenders(cast);
  const tally: Record<string, number> = {};
  const faults: string[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < requests.length; index = next++) {
      const request = requests[index]!;
      const response = await send(cast, request, senders);
      tally[response.status] = (tally[response.status] ?? 0) + 1;
      const path = toFunctionPath(new URL(`http://x/v1${request.path}`).pathname)!;
      const isKnownMethod = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE)$/.test(request.method);
      const found = isKnownMethod ? await findAnswerFaults(request.method, path, response) : [];
      if (response.status >= 500) {
        const id = response.headers.get("x-request-id");
        found.push(`behind it: ${cast.logs.find(({ request_id }) => request_id === id)?.cause}`);
      }
      cast.logs.splice(0, cast.logs.length - 100);
      if (found.length > 0) {
        faults.push(`#${index} ${describe(request)}\n  → ${response.status} ${found.join("; ")}`);
      }
      await response.body?.cancel();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // deno-lint-ignore no-console -- the figures are the point of the long run
  console.log(`${COUNT} requests by status: ${JSON.stringify(tally)}`);
  assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`);
  // A generator that made only junk, or only what is refused at the door, would prove nothing.
  for (const status of [200, 201, 204, 400, 401, 403, 404]) {
    assert.ok((tally[status] ?? 0) > COUNT / 500, `${status}: ${JSON.stringify(tally)}`);
  }
});

/** Each sender's credential, made when it is first wanted and again when a request has ended it. */
function signedInSenders(cast: Cast): { of(sender: Sender): Promise<string>; forget(sender: Sender): void } {
  const known = new Map<Sender, Promise<string>>();
  /** Another request may end every session of a person, this new one with them: then once more. */
  const signIn = async (person: Person): Promise<string> => {
    const { token } = await cast.signIn(person).catch(() => cast.signIn(person));
    return token;
  };
  const make = async (sender: Sender): Promise<string> => {
    if (sender !== "key" && sender !== "read key") return await signIn(sender);
    const token = await signIn("owner");
    const body = { name: sender, ...sender === "read key" && { scopes: ["resources:read"] } };
    const made = await cast.callWith(token, "POST", "/v1/settings/api-keys", body);
    return made.body.key;
  };
  return {
    of(sender) {
      const credential = known.get(sender) ?? make(sender);
      known.set(sender, credential);
      return credential;
    },
    forget: (sender) => known.delete(sender),
  };
}

async function send(
  { stack }: Cast,
  request: FuzzRequest,
  senders: ReturnType<typeof signedInSenders>,
): Promise<Response> {
  const headers = new Headers(request.headers);
  const { credential } = request;
  const authorization = "sender" in credential
    ? `Bearer ${await senders.of(credential.sender)}`
    : credential.header;
  if (authorization !== undefined) headers.set("authorization", authorization);
  const response = await fetch(`${stack.url}/v1${request.path}`, {
    method: request.method,
    headers,
    body: request.body ?? null,
  });
  const isRefused = response.headers.get("www-authenticate")?.includes("invalid_token");
  if (isRefused && "sender" in credential) senders.forget(credential.sender);
  return response;
}

function describe({ method, path, credential, headers, body }: FuzzRequest): string {
  const text = body === undefined ? "" : new TextDecoder().decode(body.slice(0, 400));
  return `${method} ${path.slice(0, 300)} ${JSON.stringify(credential)} ${JSON.stringify(headers)} ${text}`;
}
