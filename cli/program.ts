/** The whole command line as one tree: global options, help, and every command. */
import { Command, Option } from "commander";
import type { App } from "./app.ts";
import { newApiCommand } from "./commands/api.ts";
import { newApiKeysCommand } from "./commands/api_keys.ts";
import { newAuditCommand } from "./commands/audit.ts";
import { parseDuration, wordList } from "./commands/arguments.ts";
import { newAuthCommand, newSignInCommands } from "./commands/auth.ts";
import { newBaselinesCommand } from "./commands/baselines.ts";
import { newBrowseCommand } from "./commands/browse.ts";
import { newCheckCommand } from "./commands/check.ts";
import { newCompletionCommand } from "./commands/completion.ts";
import { newConfigCommand, newProfileCommand } from "./commands/config.ts";
import { newDriftsCommand } from "./commands/drifts.ts";
import { newIgnoresCommand } from "./commands/ignores.ts";
import { newJobsCommand } from "./commands/jobs.ts";
import { newResourcesCommand } from "./commands/resources.ts";
import { newRisksCommand } from "./commands/risks.ts";
import { newSessionsCommand } from "./commands/sessions.ts";
import { newStatusCommand } from "./commands/status.ts";
import { newTeamCommand } from "./commands/team.ts";
import { newTrustPoliciesCommand } from "./commands/trust_policies.ts";
import { newVersionCommand } from "./commands/version.ts";
import { newWebhooksCommand } from "./commands/webhooks.ts";
import type { GlobalFlags } from "./config/settings.ts";
import { EXIT_CODE_HELP } from "./exit_codes.ts";
import { VERSION } from "./version.ts";
import { DEFAULT_SERVER_URL, OUTPUTS } from "./words.ts";

const ENVIRONMENT_HELP = `
Environment (after flags, before the file):
  INFRAUDIT_SERVER_URL  the server; ${DEFAULT_SERVER_URL} where nothing says otherwise
  INFRAUDIT_TOKEN       an access token, used as it is
  INFRAUDIT_API_KEY     an API key, used where there is no INFRAUDIT_TOKEN
  INFRAUDIT_OUTPUT      table, json or yaml
  INFRAUDIT_PROFILE     a profile of the configuration file
  INFRAUDIT_CONFIG      another configuration file
  INFRAUDIT_ORGANIZATION, INFRAUDIT_AUDIENCE, INFRAUDIT_ID_TOKEN
                        for login --oidc: the organization's id, the audience of the
                        pipeline's id token, and the token where the job has to hand it over
  INFRAUDIT_WEB_URL     the web page, where it has another address than the server
  INFRAUDIT_PAGER       the pager for long output, before PAGER; cat for none
  INFRAUDIT_CA_FILE     certificates (PEM) to trust beside the usual ones
  HTTPS_PROXY, NO_PROXY a proxy, and the hosts reached without it
  INFRAUDIT_NO_UPDATE_NOTICE=1  no word of newer releases
  NO_COLOR, FORCE_COLOR no colours, or colours even in a pipe`;

/**
 * Builds the program.
 * @param app what the commands run with
 * @param said takes what parsing and help have to say, instead of the process's outputs
 */
export function buildProgram(app: App, said: { out: string[]; err: string[] }): Command {
  const program = new Command("infraudit")
    .description("InfraAudit from the command line: configuration drift, resources, keys and people")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => said.out.push(text),
      writeErr: (text) => said.err.push(text),
      getOutHelpWidth: () => app.terminal.width,
      getErrHelpWidth: () => app.terminal.width,
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("  next: infraudit --help")
    .version(VERSION, "-v, --version", "print the version")
    .option("--config <path>", "the configuration file, read and written (default: ~/.infraudit/config.yaml)")
    .option("--profile <name>", "a named profile of the configuration file")
    .option("--server <url>", "the server's URL")
    .addOption(new Option("-o, --output <format>", "how to print data").choices(OUTPUTS))
    .option("-q, --quiet", "only the bare value or ids on standard output, no talk")
    .option("--json <fields>", "print these fields as JSON, by commas or repeated", wordList)
    .option("--jq <expression>", "print what a jq expression makes of the JSON")
    .addOption(
      new Option("--template <text>", "print the JSON through a Mustache template").conflicts("jq"),
    )
    .option("--timeout <time>", "give up after so long, such as 90s or 15m", parseDuration)
    .option("--no-pager", "print long output at once")
    .option("--no-color", "no colours")
    .option("--debug", "print requests and answers on standard error, credentials masked")
    .addHelpText("after", ENVIRONMENT_HELP + "\n" + EXIT_CODE_HELP)
    .hook("preAction", (_, action) => {
      app.flags = program.opts<GlobalFlags>();
      app.commandPath = pathOf(action).slice(1);
      if (app.flags.timeout !== undefined) app.limitTime(app.flags.timeout);
    });
  newSignInCommands(program, app);
  newAuthCommand(program, app);
  newResourcesCommand(program, app);
  newBaselinesCommand(program, app);
  newDriftsCommand(program, app);
  newIgnoresCommand(program, app);
  newRisksCommand(program, app);
  newJobsCommand(program, app);
  newCheckCommand(program, app);
  newApiKeysCommand(program, app);
  newTrustPoliciesCommand(program, app);
  newWebhooksCommand(program, app);
  newSessionsCommand(program, app);
  newTeamCommand(program, app);
  newAuditCommand(program, app);
  newStatusCommand(program, app);
  newBrowseCommand(program, app);
  newApiCommand(program, app);
  newConfigCommand(program, app);
  newProfileCommand(program, app);
  newCompletionCommand(program, app);
  newVersionCommand(program, app);
  return program;
}

function pathOf(command: Command): string[] {
  return command.parent ? [...pathOf(command.parent), command.name()] : [command.name()];
}
