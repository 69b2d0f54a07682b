/** `infraudit auth login --web`: a person approves a code in the page, and the command gets a key (RFC 8628). */
import { hostname } from "node:os";
import process from "node:process";
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiFailure } from "../../shared/client/client_failures.ts";
import {
  DEVICE_CODE_GRANT,
  requestDeviceCode,
  requestDeviceToken,
} from "../../shared/contracts/device_login.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { keepKey } from "./auth_login.ts";

/** RFC 8628 §3.5: how much slower after `slow_down`. */
const SLOW_DOWN_SECONDS = 5;

/** Signs in by the browser of this machine, or of any other. */
export async function runWebLogin(app: App): Promise<void> {
  const client = await app.anonymousClient();
  const machine = hostname().replace(/[^\x20-\x7e]/g, "?").slice(0, 60) || "an unnamed machine";
  const code = await client.call(
    requestDeviceCode,
    { body: { client_id: "infraudit", machine } },
    { signal: app.signal },
  );
  app.secrets.add(code.device_code);
  await app.terminal.talk(`Your code: ${app.terminal.talkColors.bold(code.user_code)}`);
  await app.terminal.talk(`Open ${code.verification_uri} and check that it shows this code.`);
  if (!app.env.SSH_CONNECTION) openBrowser(code.verification_uri_complete);
  await app.note("Waiting for your approval; Ctrl-C gives up.");

  let seconds = code.interval;
  const end = Date.now() + code.expires_in * 1000;
  while (Date.now() < end) {
    await sleep(seconds * 1000, undefined, { signal: app.signal });
    try {
      const body = { grant_type: DEVICE_CODE_GRANT, device_code: code.device_code, client_id: "infraudit" };
      const { access_token } = await client.call(requestDeviceToken, { body }, { signal: app.signal });
      return await keepKey(app, access_token);
    } catch (error) {
      const word = error instanceof ApiFailure && typeof error.details === "object" && error.details.error;
      if (word === "slow_down") seconds += SLOW_DOWN_SECONDS;
      else if (word === "access_denied") {
        throw new CliFailure(EXIT.SIGN_IN, "The sign-in was turned down in the page.");
      } else if (word === "expired_token") break;
      else if (word !== "authorization_pending") throw error;
    }
  }
  throw new CliFailure(EXIT.SIGN_IN, "The code was not approved in time.", {
    next: "infraudit auth login --web",
  });
}

/** Where no browser can be opened, the printed URL is enough. */
function openBrowser(url: string): void {
  const [command, ...args] = process.platform === "darwin"
    ? ["open", url]
    : process.platform === "win32"
    ? ["rundll32", "url.dll,FileProtocolHandler", url]
    : [process.env.BROWSER || "xdg-open", url];
  try {
    const child = spawn(command!, args, { stdio: "ignore", detached: true });
    child.on("error", () => {});
    child.unref();
  } catch {
    // The person has the URL.
  }
}
