/** Serves uploaded functions under the Deno version that the platform is compatible with. */
import { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { findHostedDeno } from "../../scripts/hosted_deno.ts";
import type { UploadedFunction } from "./fake_management_api.ts";

/** Writes each function into a folder of its own, so that none can lean on another's files. */
export async function unpack(functions: readonly UploadedFunction[], folder: string): Promise<void> {
  for (const { slug, metadata, files } of functions) {
    for (const [path, content] of files) {
      const file = `${folder}/${slug}/${path}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(file, content);
    }
    await Deno.writeTextFile(`${folder}/${slug}/metadata.json`, JSON.stringify(metadata));
  }
}

/**
 * Starts them in one process that may read nothing but the uploaded files.
 * @param folder as {@link unpack} has filled it
 * @param env all that the functions find in their environment
 */
export async function serveUploads(
  folder: string,
  env: Record<string, string>,
): Promise<AsyncDisposable & { url: string }> {
  const importMap = await findImportMap(folder);
  const child = new Deno.Command(await findHostedDeno(), {
    args: [
      ...["run", "--no-config", "--no-lock", "--node-modules-dir=none", "--check"],
      ...["--allow-net", "--allow-env", `--allow-read=${folder}`, `--import-map=${importMap}`],
      new URL("serve_uploaded.ts", import.meta.url).pathname,
      folder,
    ],
    cwd: folder,
    clearEnv: true,
    env: { ...inherited(), ...env },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  // Goes on reading after the port is known, or the functions would stop at a full pipe.
  const lines = createInterface({ input: Readable.fromWeb(child.stdout as never) });
  const port = await new Promise<string>((resolve, reject) => {
    lines.on("line", (line) => {
      const port = /^PORT (\d+)$/.exec(line)?.[1];
      if (port) resolve(port);
    });
    lines.on("close", () => reject(new Error("The uploaded functions did not start.")));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await child.status;
    },
  };
}

async function findImportMap(folder: string): Promise<string> {
  for await (const { name } of Deno.readDir(folder)) {
    const { import_map_path } = JSON.parse(await Deno.readTextFile(`${folder}/${name}/metadata.json`));
    return `${folder}/${name}/${import_map_path}`;
  }
  throw new Error("Nothing was uploaded.");
}

/** What programs need to run and to reach the package registry; nothing of the project's own. */
function inherited(): Record<string, string> {
  const names =
    /^(?:PATH|HOME|TMPDIR|DENO_DIR|DENO_TLS_CA_STORE|DENO_CERT|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|(?:https?|no)_proxy|npm_config_\w+)$/i;
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) => names.test(name));
  return { DENO_TLS_CA_STORE: "system", DENO_NO_UPDATE_CHECK: "1", ...Object.fromEntries(kept) };
}
