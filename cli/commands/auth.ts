/** `infraudit auth`: the commands about one's own credential. */
import { type Command, Option } from "commander";
import type { App } from "../app.ts";
import { newGroup } from "./arguments.ts";
import { type LoginOptions, runLogin } from "./auth_login.ts";
import { type LogoutOptions, runLogout } from "./auth_logout.ts";
import { type RegisterOptions, runRegister } from "./auth_register.ts";
import { runAuthStatus, runToken, runWhoami, type StatusOptions } from "./auth_status.ts";

/** What each command runs; replaced to try the parsing by itself. */
export const AUTH_RUNNERS = {
  login: runLogin,
  register: runRegister,
  logout: runLogout,
  whoami: runWhoami,
  status: runAuthStatus,
  token: runToken,
};

const PASSWORD_HELP = "the password; anyone on this machine may see it for a moment: prefer the prompt";

export function newAuthCommand(parent: Command, app: App, runners = AUTH_RUNNERS): void {
  const auth = newGroup(parent, "auth", "sign in and out, and see who one is");
  auth.command("login")
    .description("sign in and store the credential in the configuration file")
    .option("--email <email>", "the e-mail address; asked for where absent")
    .addOption(new Option("--password <password>", PASSWORD_HELP))
    .addOption(new Option("--password-stdin", "read the password from standard input").conflicts("password"))
    .addOption(
      new Option("--api-key <key>", "store this API key instead of a session").conflicts([
        "email",
        "password",
        "passwordStdin",
      ]),
    )
    .addOption(
      new Option("--api-key-stdin", "read the API key from standard input").conflicts([
        "apiKey",
        "email",
        "password",
        "passwordStdin",
      ]),
    )
    .action((options: LoginOptions) => runners.login(app, options));
  auth.command("register")
    .description("create an account with an organization of its own, and sign in")
    .option("--email <email>", "the e-mail address; asked for where absent")
    .addOption(new Option("--password <password>", PASSWORD_HELP))
    .addOption(new Option("--password-stdin", "read the password from standard input").conflicts("password"))
    .option("--name <name>", "the person's full name")
    .option("--organization <name>", "the new organization's name")
    .action((options: RegisterOptions) => runners.register(app, options));
  auth.command("logout")
    .description("end the session on the server, then forget it")
    .option("--all", "end every session of the person, on all machines")
    .addOption(new Option("--local", "only forget it here, without asking the server").conflicts("all"))
    .action((options: LogoutOptions) => runners.logout(app, options));
  auth.command("whoami")
    .description("what the server says this credential is and may do")
    .action(() => runners.whoami(app));
  auth.command("status")
    .description("which credential is used, where it comes from and until when; exit 4 if none or dead")
    .option("--offline", "do not ask the server whether it is still good")
    .action((options: StatusOptions) => runners.status(app, options));
  auth.command("token")
    .description("print the access token or API key, for scripts")
    .action(() => runners.token(app));
}
