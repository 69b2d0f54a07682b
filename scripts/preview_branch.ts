/** A Supabase branch for one pull request: preview_branch.ts up|down NAME --remote=<ref of the project>. */
// deno-lint-ignore-file no-console
import { setTimeout as delay } from "node:timers/promises";
import { type AskManagement, managementApi } from "./management_api.ts";

interface Branch {
  readonly id: string;
  readonly project_ref: string;
  readonly preview_project_status?: string;
}

const PAUSE_MS = 10_000;
const TRIES = 60;

/**
 * Makes the branch where it is not there yet, and waits until it can be used, ten minutes at most.
 * @param pauseMs between two looks
 * @returns the reference of the branch's own project
 * @throws Error when it doesn't become usable
 */
export async function openBranch(
  ask: AskManagement,
  project: string,
  name: string,
  pauseMs = PAUSE_MS,
): Promise<string> {
  const place = `/v1/projects/${project}/branches`;
  if (!await ask("GET", `${place}/${name}`)) {
    await ask("POST", place, { branch_name: name, git_branch: name });
  }
  for (let tries = 0; tries < TRIES; tries += 1) {
    const branch = await ask("GET", `${place}/${name}`) as Branch;
    if (branch.preview_project_status === "ACTIVE_HEALTHY") return branch.project_ref;
    await delay(pauseMs);
  }
  throw new Error(`The branch ${name} did not become ready.`);
}

/** Deletes the branch with all its data; one that is gone is no error. */
export async function closeBranch(ask: AskManagement, project: string, name: string): Promise<void> {
  const branch = await ask("GET", `/v1/projects/${project}/branches/${name}`) as Branch | undefined;
  if (branch) await ask("DELETE", `/v1/branches/${branch.id}`);
}

if (import.meta.main) {
  const [step, name = "", remote = ""] = Deno.args;
  try {
    const project = /^--remote=([a-z]{20})$/.exec(remote)?.[1];
    if (!project || !/^[a-z0-9-]+$/.test(name)) throw new Error("Say up|down NAME --remote=<ref>.");
    const ask = managementApi(Deno.env.toObject());
    // The reference alone: a workflow reads it.
    if (step === "up") console.log(await openBranch(ask, project, name));
    else if (step === "down") await closeBranch(ask, project, name);
    else throw new Error("Say up or down.");
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}
