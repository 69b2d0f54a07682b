/** `infraudit version` */
import process from "node:process";
import type { Command } from "commander";
import type { App } from "../app.ts";
import { printPlain } from "../output/print.ts";
import { VERSION } from "../version.ts";

export function newVersionCommand(parent: Command, app: App, run = runVersion): void {
  parent.command("version").description("show the version and what it runs on").action(() => run(app));
}

/** Prints the version; `--quiet` the number alone. It reads no file: it must answer where one is broken. */
export async function runVersion(app: App): Promise<void> {
  const runtime = process.versions.deno ? `deno ${process.versions.deno}` : `node ${process.versions.node}`;
  const platform = `${process.platform} ${process.arch}`;
  await printPlain(app, { version: VERSION, runtime, platform }, VERSION);
}
