/** Asking before what can't be undone: a person answers, a script says --yes, anything else is refused. */
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { askYesNo } from "../terminal/prompt.ts";

export interface ConfirmOptions {
  yes?: boolean;
}

/**
 * Goes on only after a yes.
 * @param question such as `Delete resource 7 with its history?`
 * @param act the same as a demand, such as `delete resource 7`
 * @returns false after a no
 * @throws CliFailure with exit code 2 without a terminal and without `--yes`
 */
export async function isConfirmed(
  app: App,
  options: ConfirmOptions,
  question: string,
  act: string,
): Promise<boolean> {
  if (options.yes) return true;
  if (app.terminal.canAsk) return await askYesNo(app.terminal, "--yes", question);
  throw new CliFailure(EXIT.USAGE, `Without a terminal, add --yes to ${act}.`, {
    next: `infraudit ${app.commandPath.join(" ")} --help`,
  });
}
