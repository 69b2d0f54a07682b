/** `infraudit auth`, and its `login`, `logout` and `whoami` at the top as well: your own credential. */
import { type Command, Option } from "commander";
import type { App } from "../app.ts";
import { later, newGroup } from "./arguments.ts";

export interface LoginOptions {
  email?: string;
  password?: string;
  passwordStdin?: boolean;
  apiKey?: string;
  apiKeyStdin?: boolean;
  web?: boolean;
  oidc?: boolean;
  organization?: string;
  audience?: string;
  totp?: string;
}

export interface LogoutOptions {
  all?: boolean;
  local?: boolean;
}

export interface RegisterOptions {
  email?: string;
  password?: string;
  passwordStdin?: boolean;
  name?: string;
  organization?: string;
}

export interface StatusOptions {
  offline?: boolean;
}

const status = () => import("./auth_status.ts");

/** What each command runs; replaced to try the parsing by itself. */
export const AUTH_RUNNERS = {
  login: later(() => import("./auth_login.ts"), "runLogin"),
  register: later(() => import("./auth_register.ts"), "runRegister"),
  logout: later(() => import("./auth_logout.ts"), "runLogout"),
  whoami: later(status, "runWhoami"),
  status: later(status, "runAuthStatus"),
  token: later(status, "runToken"),
};

const TYPED_CREDENTIALS = ["email", "password", "passwordStdin", "apiKey", "apiKeyStdin", "totp"];
const PASSWORD_HELP = "the password; anyone on this machine may see it for a moment: prefer the prompt";

export function newAuthCommand(parent: Command, app: App, runners = AUTH_RUNNERS): void {
  const auth = newGroup(parent, "auth", "sign in and out, and see who you are");
  addLogin(auth, app, runners);
  auth.command("register")
    .description("create an account with an organization of its own, and sign in")
    .option("--email <email>", "the email address; asked for when missing")
    .addOption(new Option("--password <password>", PASSWORD_HELP))
    .addOption(new Option("--password-stdin", "read the password from standard input").conflicts("password"))
    .option("--name <name>", "your full name")
    .option("--organization <name>", "the new organization's name")
    .action((options: RegisterOptions) => runners.register(app, options));
  addLogout(auth, app, runners);
  addWhoami(auth, app, runners);
  auth.command("status")
    .description("show which credential is used, where it comes from and until when; exit 4 if none or dead")
    .option("--offline", "do not ask the server whether it is still good")
    .action((options: StatusOptions) => runners.status(app, options));
  auth.command("token")
    .description("print the access token or API key, for scripts")
    .action(() => runners.token(app));
}

/** The same three at the top, where people look first. */
export function newSignInCommands(program: Command, app: App, runners = AUTH_RUNNERS): void {
  addLogin(program, app, runners);
  addLogout(program, app, runners);
  addWhoami(program, app, runners);
}

function addLogin(parent: Command, app: App, runners: typeof AUTH_RUNNERS): void {
  parent.command("login")
    .description("sign in and store the credential in the configuration file")
    .option("--email <email>", "the email address; asked for when missing")
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
    .option("--totp <code>", "the code of your authenticator app; asked for when missing")
    .addOption(
      new Option("--web", "sign in with the browser").conflicts([...TYPED_CREDENTIALS, "oidc"]),
    )
    .addOption(
      new Option("--oidc", "in a pipeline: sign in by its own identity").conflicts(TYPED_CREDENTIALS),
    )
    .option("--organization <id>", "with --oidc: the organization that trusts the pipeline")
    .option("--audience <text>", "with --oidc: what the id token is for (default: infraaudit)")
    .action((options: LoginOptions) => runners.login(app, options));
}

function addLogout(parent: Command, app: App, runners: typeof AUTH_RUNNERS): void {
  parent.command("logout")
    .description("end the session on the server, then forget it")
    .option("--all", "end every session of yours, on all machines")
    .addOption(new Option("--local", "only forget it here, without asking the server").conflicts("all"))
    .action((options: LogoutOptions) => runners.logout(app, options));
}

function addWhoami(parent: Command, app: App, runners: typeof AUTH_RUNNERS): void {
  parent.command("whoami")
    .description("show what the server says this credential is and may do")
    .action(() => runners.whoami(app));
}
