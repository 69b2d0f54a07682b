/** Deploys with the project's own tasks and the real Supabase CLI to a Management API on the loopback. */
import { fileURLToPath } from "node:url";
import { ACCESS_TOKEN, type ManagementApi, PROJECT_REF } from "./fake_management_api.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SUPABASE = ["npx", "-y", "supabase@3.1.0"];

/** What a command ended with. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  /** Both of its outputs. */
  readonly talk: string;
}

/** Runs commands as docs/deploying.md and the workflow name them, against one Management API. */
export class Deployer implements AsyncDisposable {
  private constructor(private readonly folder: string) {}

  static async to(api: ManagementApi): Promise<Deployer> {
    const folder = await Deno.makeTempDir({ prefix: "infraaudit-deploy-" });
    const urls = ["api_url", "dashboard_url", "docs_url"].map((name) => `${name}: "${api.url}"`);
    const profile = ["name: dry", "project_host: 127.0.0.1", ...urls].join("\n");
    await Deno.writeTextFile(`${folder}/profile.yaml`, profile);
    return new Deployer(folder);
  }

  /** `deno task NAME --remote=<ref> …`, of a task that passes flags on to the CLI, with nothing in its environment but what programs need and `variables`. */
  task(name: string, variables: Record<string, string>, ...flags: string[]): Promise<Ended> {
    return this.#run([Deno.execPath(), "task", name, `--remote=${PROJECT_REF}`, ...flags], variables);
  }

  /** A command of the CLI in the repository, such as `functions deploy`. */
  supabase(...args: string[]): Promise<Ended> {
    return this.#run([...SUPABASE, ...args, `--remote=${PROJECT_REF}`, "--yes"]);
  }

  async #run([program, ...args]: string[], variables: Record<string, string> = {}): Promise<Ended> {
    const { code, stdout, stderr } = await new Deno.Command(program!, {
      args: [...args, "--profile", `${this.folder}/profile.yaml`],
      cwd: ROOT,
      clearEnv: true,
      env: {
        ...inherited(),
        NO_COLOR: "1",
        SUPABASE_TELEMETRY_DISABLED: "1",
        SUPABASE_ACCESS_TOKEN: ACCESS_TOKEN,
        ...variables,
      },
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, stdout: out!, talk: out! + err! };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** What programs need to run and to reach the package registry; nothing of the project's own. */
export function inherited(): Record<string, string> {
  const names =
    /^(?:PATH|HOME|TMPDIR|DENO_DIR|DENO_TLS_CA_STORE|DENO_CERT|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|(?:https?|no)_proxy|npm_config_\w+)$/i;
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) => names.test(name));
  return { DENO_TLS_CA_STORE: "system", DENO_NO_UPDATE_CHECK: "1", ...Object.fromEntries(kept) };
}
