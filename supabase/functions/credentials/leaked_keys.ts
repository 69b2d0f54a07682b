/** Revokes keys that were found where they should not be, and has the owner's audit log tell of it. */
import { z } from "zod";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { parseApiKey } from "../../../shared/auth/api_key.ts";
import { hashWithLivePeppers } from "../../../shared/auth/api_key_hash.ts";
import { withFacts } from "../../../shared/auth/audit_record.ts";
import type { RequestFacts } from "../../../shared/auth/key_token.ts";

export interface LeakedText {
  readonly text: string;
  /** Where it was found, when that is known. */
  readonly url?: string | undefined;
}

export interface LeakReport {
  readonly source: "report" | "github";
  /** Of the reporting request. */
  readonly facts: RequestFacts;
  /** Null counts nothing. */
  readonly reportsPerMinute: number | null;
}

const KEYS_PER_CALL = 1000;

const Answer = z.union([
  z.object({ found: z.array(z.int()) }),
  z.object({ retry_after_seconds: z.int() }),
]);

/**
 * Revokes every key among the texts whose secret is right; what is no key is passed over.
 * @returns the texts that are keys of ours, dead or alive
 * @throws ApiError RATE_LIMITED by the reporter's address; UNAVAILABLE when counting is impossible
 */
export async function revokeLeakedKeys(
  deps: Pick<Deps, "service" | "env">,
  texts: readonly LeakedText[],
  report: LeakReport,
): Promise<Set<string>> {
  // By the whole text: a forged twin with a real key's prefix must not stand in for it.
  const urls = new Map(texts.map(({ text, url }) => [text, url]));
  const keys = [...urls].flatMap(([text, url]) => {
    const key = parseApiKey(text);
    return key ? [{ text, prefix: key.prefix, url }] : [];
  });
  const found = new Set<string>();
  // Also without any key: junk costs the reporter as much as the real thing.
  for (let start = 0; start === 0 || start < keys.length; start += KEYS_PER_CALL) {
    const asked = keys.slice(start, start + KEYS_PER_CALL).map(({ text, prefix, url }, id) => ({
      id: start + id,
      prefix,
      hashes: hashWithLivePeppers(text, deps.env.pepper),
      ...(url !== undefined && { url }),
    }));
    for (const id of await revoke(deps, asked, report)) found.add(keys[id]!.text);
  }
  return found;
}

async function revoke(
  deps: Pick<Deps, "service">,
  keys: { id: number; prefix: string; hashes: Record<string, string> }[],
  report: LeakReport,
): Promise<number[]> {
  // Service key: the reporter of a key has no rights on it.
  const call = deps.service.rpc("revoke_leaked_api_keys", {
    p_keys: keys,
    p_source: report.source,
    p_address: report.facts.address ?? undefined,
    p_rate_limit: report.reportsPerMinute ?? undefined,
  });
  const result = await withFacts(call, report.facts);
  if (result.error) {
    throw new ApiError("UNAVAILABLE", "Reports can't be processed right now.", {
      cause: result.error,
      retryAfterSeconds: 5,
    });
  }
  const answer = Answer.parse(result.data);
  if ("found" in answer) return answer.found;
  const seconds = answer.retry_after_seconds;
  throw new ApiError("RATE_LIMITED", `Too many reports; try again in ${seconds} seconds.`, {
    retryAfterSeconds: seconds,
  });
}
