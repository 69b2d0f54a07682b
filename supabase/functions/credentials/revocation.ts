/** Anybody may report leaked keys. The answer is the same for a real key and for junk, in words and in time. */
import { revokeCredentials } from "../../../shared/contracts/credentials.ts";
import { revokeLeakedKeys } from "./leaked_keys.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { onTheBeat } from "../../../shared/http/pace.ts";
import { openRoute } from "../../../shared/http/route.ts";

/** Longer than a report takes: what was found must not show in the time. */
const ANSWER_BEAT_MILLISECONDS = 500;

export function addRevocationRoute(app: App, deps: Deps): void {
  openRoute(app, deps, revokeCredentials, async ({ body, facts }) => {
    await onTheBeat(
      ANSWER_BEAT_MILLISECONDS,
      () =>
        revokeLeakedKeys(deps, body.credentials.map((text) => ({ text })), {
          source: "report",
          facts,
          reportsPerMinute: deps.env.revocationsPerMinute,
        }),
    );
    return { message: "Thank you. Any valid InfraAudit API keys among these are now revoked." };
  });
}
