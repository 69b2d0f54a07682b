/** What `infraudit browse` does. */
import { spawn } from "node:child_process";
import process from "node:process";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printDone, printRaw } from "../output/print.ts";
import type { BrowseOptions } from "./browse.ts";

/** Opens the page, or prints its address where there is nothing to open it with. */
export async function runBrowse(
  app: App,
  what: string | undefined,
  id: string | undefined,
  options: BrowseOptions,
): Promise<void> {
  const url = `${(await app.settings()).webUrl}${pathOf(what, id)}`;
  const isOpened = options.browser && await openInBrowser(url, app.env);
  if (isOpened) return await printDone(app, { url, opened: true }, `Opened ${url}.`, url);
  if (app.flags.quiet || !await printRaw(app, { url, opened: false })) await app.terminal.data(`${url}\n`);
}

function pathOf(what: string | undefined, id: string | undefined): string {
  if (what === undefined) return "/";
  const path = what.replace(/^\/+/, "");
  if (id === undefined && /^[a-z0-9/-]+$/i.test(path)) return `/${path}`;
  const list = { drift: "drifts", drifts: "drifts", resource: "resources", resources: "resources" }[path];
  if (list && id !== undefined && /^\d+$/.test(id)) return `/${list}/${id}`;
  throw new CliFailure(EXIT.USAGE, "There is no such page.", {
    next: "infraudit browse drifts, or: infraudit browse drift 7",
  });
}

/** By `BROWSER`, else by what each system has for it. Gives false where that can't be started. */
function openInBrowser(url: string, env: Record<string, string | undefined>): Promise<boolean> {
  const [program = "", ...args] = env.BROWSER
    ? [env.BROWSER, url]
    : process.platform === "darwin"
    ? ["open", url]
    : process.platform === "win32"
    ? ["rundll32", "url.dll,FileProtocolHandler", url]
    : ["xdg-open", url];
  return new Promise((resolve) => {
    // The address is an argument of its own, never part of a shell's line.
    const child = spawn(program, args, { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
