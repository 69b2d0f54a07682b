/** GitHub's secret-scanning partner webhook: signed reports of keys found in public places. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { importGithubKeys, isSignedByGithub } from "./github_signature.ts";
import { Jwks } from "../../../shared/auth/jwks.ts";
import { revokeLeakedKeys } from "./leaked_keys.ts";
import { receiveSecretMatches, SecretMatch } from "../../../shared/contracts/credentials.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { App } from "../../../shared/http/base_app.ts";
import { readBytes } from "../../../shared/http/body.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { openRoute } from "../../../shared/http/route.ts";
import { validate } from "../../../shared/http/validate.ts";

export function addGithubRoute(app: App, deps: Deps): void {
  const keys = new Jwks({ url: deps.env.githubKeysUrl, importKeys: importGithubKeys });

  openRoute(app, deps, receiveSecretMatches, async ({ request, facts }) => {
    const bytes = await readBytes(request, receiveSecretMatches.maxBodyBytes!);
    if (!await isSignedByGithub(request.headers, bytes, keys)) {
      throw new ApiError("TOKEN_INVALID", "The signature is not GitHub's.");
    }
    const matches = validate(z.array(SecretMatch), parseJson(bytes), "body");
    // A repeated message finds the same keys, already revoked: same answer, no second event.
    const found = await revokeLeakedKeys(
      deps,
      matches.map(({ token, url }) => ({ text: token, url: url ?? undefined })),
      { source: "github", facts, reportsPerMinute: null },
    );
    return matches.map(({ token, type }) => ({
      // By hash, so that no answer of this API repeats a key.
      token_hash: createHash("sha256").update(token).digest("hex"),
      token_type: type,
      label: found.has(token) ? "true_positive" as const : "false_positive" as const,
    }));
  });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError("INVALID_REQUEST", "The body is not valid JSON.");
  }
}
