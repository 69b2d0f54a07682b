/** `infraudit auth register`: a new account, signed in at once unless its e-mail must be confirmed first. */
import { ConfirmationPending, register, Session } from "../../shared/contracts/session.ts";
import type { App } from "../app.ts";
import { assertWritable } from "../config/config_file.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { askSecret, askText } from "../terminal/prompt.ts";
import { keepSession, passwordFrom, warnOfEnvironment } from "./auth_login.ts";

export interface RegisterOptions {
  email?: string;
  password?: string;
  passwordStdin?: boolean;
  name?: string;
  organization?: string;
}

/** Registers; a typed password is asked for twice. */
export async function runRegister(app: App, options: RegisterOptions): Promise<void> {
  app.secrets.add(options.password);
  const { config } = await app.settings();
  await assertWritable(config.path);
  const email = options.email ?? await askText(app.terminal, "--email", "E-mail");
  const password = await passwordFrom(app, options);
  if (options.password === undefined && !options.passwordStdin) {
    const again = await askSecret(app.terminal, "--password-stdin", "Password again");
    if (again !== password) throw new CliFailure(EXIT.USAGE, "The two passwords are not the same.");
  }
  const client = await app.anonymousClient();
  const body = { email, password, full_name: options.name, organization_name: options.organization };
  const answer = await client.exchange(register, { body }, { signal: app.signal });
  if (answer.status === 202) {
    const pending = ConfirmationPending.loose().parse(answer.body);
    await app.note(`${pending.message}\n  next: infraudit auth login --email ${email}`);
    return;
  }
  const session = Session.loose().parse(answer.body);
  await keepSession(app, session);
  await app.note(`Registered and signed in as ${session.user.email}; stored in ${config.path}.`);
  await warnOfEnvironment(app);
}
