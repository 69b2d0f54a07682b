/** Tells once a day that there is a newer release: to people only, never in CI, and never at the cost of waiting. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { defaultConfigPath } from "./config/config_path.ts";
import type { Environment } from "./config/settings.ts";

const DAY_MS = 86_400_000;
const PATIENCE_MS = 1_000;
/** Variables that say a machine runs this. */
const MACHINES = [
  "CI",
  "GITHUB_ACTIONS",
  "GITLAB_CI",
  "BUILD_NUMBER",
  "TF_BUILD",
  "INFRAUDIT_NO_UPDATE_NOTICE",
];

export interface UpdateFacts {
  version: string;
  /** `owner/name` of the releases; without it there is nothing to ask. */
  repository: string | undefined;
  env: Environment;
  /** Whether a person reads standard error. */
  isTalkTty: boolean;
}

/**
 * Begins to ask for the newest release, where that is due.
 * @returns gives the line to say, if there is one by the time the command is done
 */
export function startUpdateCheck(facts: UpdateFacts, ask = fetch): () => Promise<string | undefined> {
  const { env, isTalkTty, repository } = facts;
  if (!repository || !isTalkTty || MACHINES.some((name) => env[name])) {
    return () => Promise.resolve(undefined);
  }
  let line: string | undefined;
  const left = new AbortController();
  void check(facts, repository, ask, left.signal).then((found) => line = found, () => {});
  return () => {
    left.abort();
    return Promise.resolve(line);
  };
}

async function check(
  { version, env }: UpdateFacts,
  repository: string,
  ask: typeof fetch,
  signal: AbortSignal,
): Promise<string | undefined> {
  const stamp = join(dirname(defaultConfigPath(env)), "update-check");
  const last = Number(await readFile(stamp, "utf8").catch(() => "0"));
  if (Date.now() - last < DAY_MS) return undefined;
  const response = await ask(`https://api.github.com/repos/${repository}/releases/latest`, {
    headers: { accept: "application/vnd.github+json", "user-agent": `infraudit/${version}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
  });
  if (!response.ok) return undefined;
  const { tag_name } = await response.json() as { tag_name?: unknown };
  await mkdir(dirname(stamp), { recursive: true, mode: 0o700 });
  await writeFile(stamp, String(Date.now()), { mode: 0o600 });
  const newest = /^v?(\d+\.\d+\.\d+)$/.exec(String(tag_name))?.[1];
  if (!newest || !isNewer(newest, version)) return undefined;
  return `infraudit ${newest} is out (you have ${version}): https://github.com/${repository}/releases/latest`;
}

/** Compares two versions of three numbers. */
export function isNewer(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => version.split(".").map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
