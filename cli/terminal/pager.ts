/** Long output through the pager that the person chose, as git and gh do it. */
import { spawn } from "node:child_process";

type Variables = Record<string, string | undefined>;

/**
 * Shows a text in the pager and waits until it is left.
 * @param env `INFRAUDIT_PAGER`, else `PAGER`, else `less`; `cat` or an empty one means none
 * @returns false where there is no pager: the caller then prints the text itself
 */
export function pageThrough(text: string, env: Variables): Promise<boolean> {
  const command = (env.INFRAUDIT_PAGER ?? env.PAGER ?? "less").trim();
  if (command === "" || command === "cat") return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ["pipe", "inherit", "ignore"],
      // Colours as they are, nothing kept on the screen that fits on it: git's own defaults.
      env: { ...env, LESS: env.LESS ?? "FRX", LESSCHARSET: env.LESSCHARSET ?? "utf-8", LV: env.LV ?? "-c" },
    });
    child.on("error", () => resolve(false));
    // 127: the shell has no such program; nothing has been shown then.
    child.on("exit", (code) => resolve(code !== 127));
    // A pager that is left early closes its end: that is no fault.
    child.stdin.on("error", () => {});
    child.stdin.end(text);
  });
}
