/** Ends with 1 when openapi.json would break a client of another commit's: compare_openapi.ts [COMMIT] */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { findBreakingChanges } from "./openapi_changes.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const commit = Deno.args[0] ?? "main";

const { success, stdout, stderr } = await new Deno.Command("git", {
  args: ["show", `${commit}:openapi.json`],
  cwd: ROOT,
}).output();
if (!success) {
  console.error(new TextDecoder().decode(stderr));
  Deno.exit(2);
}
const base = JSON.parse(new TextDecoder().decode(stdout));
const next = JSON.parse(await Deno.readTextFile(`${ROOT}openapi.json`));
const changes = findBreakingChanges(base, next);
const [before, after] = [base, next].map(({ info }) => info.version.split(".")[0]);
for (const change of changes) console.log(change);
console.log(
  `${changes.length} breaking changes since ${commit}, version ${base.info.version} → ${next.info.version}`,
);
// A new first number says that the break is meant.
if (changes.length > 0 && before === after) Deno.exit(1);
