/** The command bundled for Node, made once for all tests of a file. */
import { bundle } from "../../cli/pack.ts";
import type { Home } from "./infraudit_process.ts";
import { sayTestsSkipped } from "./skipped.ts";

/** The words that start the bundle on Node; nothing where there is no Node on this machine. */
export async function bundleForNode(home: Home): Promise<string[] | undefined> {
  try {
    await new Deno.Command("node", { args: ["--version"], stdout: "null" }).output();
  } catch {
    sayTestsSkipped("the bundle for Node, because there is no Node on this machine");
    return undefined;
  }
  const folder = `${home.path}/bundle`;
  await bundle(folder);
  return ["node", `${folder}/infraudit.mjs`];
}
