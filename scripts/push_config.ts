/** Brings supabase/config.toml to a hosted project: push_config.ts diff|push [flags of the CLI]. */
// deno-lint-ignore-file no-console
import { z } from "zod";
import { fileURLToPath } from "node:url";
import { SUPABASE_CLI } from "./supabase_cli.ts";

const public_ = (host: string) => !/^(?:localhost|\[?::1\]?|127\.|10\.|192\.168\.)/.test(host);

/** What stands as env(…) in supabase/config.toml: the CLI would push the bare word where one is missing. */
const Variables = z.object({
  WEB_BASE_URL: z.url({ protocol: /^https$/, error: "must be https://… without a path" })
    .refine((url) => {
      const { pathname, search, hostname } = new URL(url);
      return pathname === "/" && !search && !url.endsWith("/") && public_(hostname);
    }, "must be a public https://… without a path"),
  SMTP_HOST: z.string().min(1).refine(public_, "must be a public mail server"),
  SMTP_USER: z.string().min(1),
  SMTP_PASS: z.string().min(1),
  SMTP_FROM: z.email("must be an address"),
});

/**
 * What is missing or wrong among the variables of the configuration, without any value.
 * @param variables as `Deno.env.toObject()` gives them
 */
export function faultsOf(variables: Record<string, string | undefined>): string[] {
  const { error } = Variables.safeParse(variables);
  return (error?.issues ?? []).map(({ path, code, message }) => {
    const [name = ""] = path as string[];
    return `${name} ${variables[name] && code !== "invalid_type" ? message : "is missing"}`;
  });
}

if (import.meta.main) {
  const [step = "", ...flags] = Deno.args;
  const faults = faultsOf(Deno.env.toObject());
  if (step !== "diff" && step !== "push") faults.unshift("say diff or push");
  if (faults.length > 0) {
    console.error(`Nothing was changed: ${faults.join("; ")}. See docs/deploying.md.`);
    Deno.exit(1);
  }
  const { code } = await new Deno.Command("npx", {
    args: ["-y", SUPABASE_CLI, "config", step, ...flags],
    cwd: fileURLToPath(new URL("../", import.meta.url)),
    env: { SUPABASE_TELEMETRY_DISABLED: "1" },
  }).spawn().status;
  Deno.exit(code);
}
