/** `infraudit auth register`: a new account, signed in at once unless its email must be confirmed first. */
import { ConfirmationPending, register, Session } from "../../shared/contracts/session.ts";
import type { App } from "../app.ts";
import { assertWritable } from "../config/config_file.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printDone } from "../output/print.ts";
import { askSecret, askText } from "../terminal/prompt.ts";
import type { RegisterOptions } from "./auth.ts";
import { keepSession, passwordFrom, warnOfEnvironment } from "./auth_login.ts";

/** Registers; a password from the prompt is asked for twice. */
export async function runRegister(app: App, options: RegisterOptions): Promise<void> {
  app.secrets.add(options.password);
  const { config } = await app.settings();
  await assertWritable(config.path);
  const email = options.email ?? await askText(app.terminal, "--email", "Email");
  const password = await passwordFrom(app, options);
  if (options.password === undefined && !options.passwordStdin) {
    const again = await askSecret(app.terminal, "--password-stdin", "Password again");
    if (again !== password) throw new CliFailure(EXIT.USAGE, "The two passwords are different.");
  }
  const client = await app.anonymousClient();
  const body = { email, password, full_name: options.name, organization_name: options.organization };
  const answer = await client.exchange(register, { body }, { signal: app.signal });
  if (answer.status === 202) {
    const pending = ConfirmationPending.loose().parse(answer.body);
    const said = `${pending.message}\n  next: infraudit login --email ${email}`;
    return await printDone(app, { email, signed_in: false, message: pending.message }, said);
  }
  const session = Session.loose().parse(answer.body);
  await keepSession(app, session);
  const { email: signedIn, role } = session.user;
  await printDone(
    app,
    { email: signedIn, role, signed_in: true, stored_in: config.path },
    `Registered and signed in as ${signedIn}; stored in ${config.path}.`,
  );
  await warnOfEnvironment(app);
}
