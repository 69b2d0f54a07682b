/** Runs the steps of action/ as GitHub's runner does: one bash each, with the environment and the files that it gives. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { inherited } from "../cli/infraudit_process.ts";

const FOLDER = new URL("../../action/", import.meta.url);

interface Step {
  name: string;
  id?: string;
  if?: string;
  run: string;
  env?: Record<string, string>;
}

export interface Action {
  inputs: Record<string, { description: string; required?: boolean; default?: string }>;
  outputs: Record<string, { description: string; value: string }>;
  runs: { using: string; steps: Step[] };
}

/** The action's own description. */
export const ACTION: Action = parse(await Deno.readTextFile(new URL("action.yml", FOLDER)));

/** What a job's use of the action came to. */
export interface Used {
  /** Of the step that failed, else 0. */
  code: number;
  /** The steps' names, in order, as far as they ran. */
  ran: string[];
  outputs: Record<string, string>;
  /** What all steps printed. */
  log: string;
  summary: string;
}

/** A job on a runner: a work folder, a temporary one, and what earlier steps left for later ones. */
export class Job implements AsyncDisposable {
  readonly work = Deno.makeTempDirSync({ prefix: "job-work-" });
  readonly #temp = Deno.makeTempDirSync({ prefix: "job-temp-" });
  readonly #env: Record<string, string>;
  readonly #actionRepository: string;

  /** @param env what GitHub gives the job besides what every job has */
  constructor(actionRepository: string, env: Record<string, string>) {
    this.#actionRepository = actionRepository;
    this.#env = {
      ...inherited(),
      HOME: this.#temp,
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_REPOSITORY: "acme/infra",
      GITHUB_WORKSPACE: this.work,
      RUNNER_OS: "Linux",
      RUNNER_ARCH: "X64",
      RUNNER_TEMP: this.#temp,
      ...env,
    };
  }

  /** `uses: acme/infraudit/action` with these inputs. */
  async use(inputs: Record<string, string>): Promise<Used> {
    const given = Object.fromEntries(
      Object.entries(ACTION.inputs).map(([name, input]) => [name, inputs[name] ?? input.default ?? ""]),
    );
    const outputs: Record<string, Record<string, string>> = {};
    const used: Used = { code: 0, ran: [], outputs: {}, log: "", summary: "" };
    for (const step of ACTION.runs.steps) {
      if (step.if !== undefined && !this.#holds(step.if, given)) continue;
      used.ran.push(step.name);
      const env = Object.fromEntries(
        Object.entries(step.env ?? {}).map(([name, text]) => [name, this.#fill(text, given, outputs)]),
      );
      const done = await this.run(step.run, env);
      used.log += done.log;
      used.summary += done.summary;
      if (step.id) outputs[step.id] = done.outputs;
      used.code = done.code;
      if (done.code !== 0) break;
    }
    for (const [name, { value }] of Object.entries(ACTION.outputs)) {
      used.outputs[name] = this.#fill(value, given, outputs);
    }
    return used;
  }

  /** One step's script, as `shell: bash` runs it. */
  async run(script: string, env: Record<string, string> = {}) {
    const files = await Deno.makeTempDir({ dir: this.#temp, prefix: "files-" });
    const file = async (name: string) => {
      await Deno.writeTextFile(`${files}/${name}`, "");
      return `${files}/${name}`;
    };
    const [output, added, paths, summary] = [
      await file("output"),
      await file("env"),
      await file("path"),
      await file("summary"),
    ];
    await Deno.writeTextFile(`${files}/step.sh`, script);
    const done = await new Deno.Command("bash", {
      args: ["--noprofile", "--norc", "-eo", "pipefail", `${files}/step.sh`],
      cwd: this.work,
      clearEnv: true,
      env: {
        ...this.#env,
        ...env,
        GITHUB_ACTION_PATH: fileURLToPath(FOLDER).replace(/\/$/, ""),
        GITHUB_OUTPUT: output,
        GITHUB_ENV: added,
        GITHUB_PATH: paths,
        GITHUB_STEP_SUMMARY: summary,
      },
    }).output();
    Object.assign(this.#env, readPairs(await Deno.readTextFile(added)));
    for (const path of (await Deno.readTextFile(paths)).split("\n").filter(Boolean)) {
      this.#env.PATH = `${path}:${this.#env.PATH}`;
    }
    const text = new TextDecoder();
    return {
      code: done.code,
      log: text.decode(done.stdout) + text.decode(done.stderr),
      outputs: readPairs(await Deno.readTextFile(output)),
      summary: await Deno.readTextFile(summary),
    };
  }

  /** The few expressions that the action uses; any other is a fault of it, or of this reader. */
  #fill(
    text: string,
    inputs: Record<string, string>,
    outputs: Record<string, Record<string, string>>,
  ): string {
    return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
      const [context, ...path] = expression.split(".");
      if (context === "inputs") return inputs[path[0]!] ?? assert.fail(`no input ${expression}`);
      if (context === "steps") return outputs[path[0]!]?.[path[2]!] ?? "";
      assert.equal(expression, "github.action_repository");
      return this.#actionRepository;
    });
  }

  #holds(condition: string, inputs: Record<string, string>): boolean {
    const [, input, value] = /^inputs\.([\w-]+) != '([^']*)'$/.exec(condition) ??
      assert.fail(`not understood: ${condition}`);
    return inputs[input!] !== value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.work, { recursive: true });
    await Deno.remove(this.#temp, { recursive: true });
  }
}

function readPairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").filter(Boolean).map((line) => {
      const at = line.indexOf("=");
      assert.ok(at > 0, `not NAME=VALUE: ${line}`);
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}
