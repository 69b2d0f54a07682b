/** From a job's own identity to a key that lives minutes (RFC 8693). */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";

export const TOKEN_EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
export const ID_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:id_token";
export const JWT_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:jwt";
export const ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";

/** Unknown parameters are passed over (RFC 6749 §3.2); the values are judged by the handler, in the standard's words. */
export const TokenExchange = z.object({
  grant_type: z.string().optional().meta({ examples: [TOKEN_EXCHANGE_GRANT] }),
  subject_token: z.string().optional().meta({ description: "The OIDC id token.", examples: ["eyJ…"] }),
  subject_token_type: z.string().optional().meta({ examples: [ID_TOKEN_TYPE] }),
  audience: z.string().optional().meta({ description: "The organization's id.", examples: ["1"] }),
  scope: z.string().optional().meta({
    description: "Permissions, separated by spaces; all of the policy's if absent.",
    examples: ["resources:write drifts:read"],
  }),
}).meta({
  id: "TokenExchange",
  examples: [{
    grant_type: TOKEN_EXCHANGE_GRANT,
    subject_token: "eyJ…",
    subject_token_type: ID_TOKEN_TYPE,
    audience: "1",
  }],
});

export const ExchangedToken = z.strictObject({
  access_token: z.string().meta({ description: "An API key.", examples: ["ia_live_…"] }),
  issued_token_type: z.literal(ACCESS_TOKEN_TYPE),
  token_type: z.literal("Bearer"),
  expires_in: z.int().meta({ description: "Seconds.", examples: [900] }),
  scope: z.string().meta({ examples: ["resources:write drifts:read"] }),
}).meta({ id: "ExchangedToken" });
export type ExchangedToken = z.infer<typeof ExchangedToken>;

export const exchangeToken = endpoint({
  id: "exchangeToken",
  method: "POST",
  path: "/auth/token",
  tag: "Keyless access",
  auth: "none",
  summary: "Exchange the id token of a trusted job for a short-lived API key (RFC 8693)",
  body: TokenExchange,
  bodyType: "form",
  maxBodyBytes: 32 * 1024,
  success: { status: 200, schema: ExchangedToken },
  errors: ["RATE_LIMITED"],
});
