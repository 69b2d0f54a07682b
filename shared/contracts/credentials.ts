/** Credentials found where they should not be, reported by anybody or by GitHub. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";

export const MAX_REVOKED_CREDENTIALS = 1000;

export const RevokeCredentials = z.strictObject({
  credentials: z.array(z.string().max(8192)).min(1).max(MAX_REVOKED_CREDENTIALS).meta({
    description: "The API keys you found; anything else is ignored.",
  }),
}).meta({ id: "RevokeCredentials", examples: [{ credentials: ["ia_live_…"] }] });

export const RevocationAccepted = z.strictObject({ message: z.string() }).meta({ id: "RevocationAccepted" });

/** What GitHub's secret scanning sends for each match; `type` is the name registered with GitHub. */
export const SecretMatch = z.looseObject({
  token: z.string(),
  type: z.string(),
  url: z.string().nullish(),
  source: z.string().nullish(),
}).meta({
  id: "SecretMatch",
  examples: [{
    token: "ia_live_…",
    type: "infraaudit_api_key",
    url: "https://github.com/acme/infrastructure",
    source: "commit",
  }],
});

export const SecretVerdict = z.strictObject({
  token_hash: z.string().meta({ description: "SHA-256 of the reported text, in hex." }),
  token_type: z.string(),
  label: z.enum(["true_positive", "false_positive"]),
}).meta({ id: "SecretVerdict" });
export type SecretVerdict = z.infer<typeof SecretVerdict>;

const tag = "Leaked credentials";

export const revokeCredentials = endpoint({
  id: "revokeCredentials",
  method: "POST",
  path: "/credentials/revoke",
  tag,
  auth: "none",
  summary: "Report leaked API keys; real ones are revoked at once, and the answer never says which",
  body: RevokeCredentials,
  success: { status: 202, schema: RevocationAccepted },
  errors: ["RATE_LIMITED"],
});

export const receiveSecretMatches = endpoint({
  id: "receiveSecretMatches",
  method: "POST",
  path: "/credentials/github",
  tag,
  auth: "none",
  summary: "Receive GitHub secret scanning reports, signed by GitHub",
  body: z.array(SecretMatch),
  isBodyRaw: true,
  maxBodyBytes: 8 * 1024 * 1024,
  success: { status: 200, schema: z.array(SecretVerdict) },
  errors: ["TOKEN_INVALID"],
});
