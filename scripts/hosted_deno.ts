/** The Deno version that hosted functions run on, from the npm registry. */

export const HOSTED_DENO = "2.1.4";

let found: Promise<string> | undefined;

/**
 * Installs it where it isn't yet.
 * @returns the program's path: a process started by `npx` would outlive the `npx` that is ended
 */
export function findHostedDeno(): Promise<string> {
  return found ??= askNpx();
}

async function askNpx(): Promise<string> {
  const { stdout, stderr } = await new Deno.Command("npx", {
    args: ["-y", `deno@${HOSTED_DENO}`, "eval", "console.log(Deno.execPath())"],
    // Away from the repository, whose lock file is too new for it.
    cwd: "/",
    env: { NO_COLOR: "1", DENO_TLS_CA_STORE: "system" },
  }).output();
  const path = new TextDecoder().decode(stdout).trim();
  if (!path) throw new Error(new TextDecoder().decode(stderr));
  return path;
}
