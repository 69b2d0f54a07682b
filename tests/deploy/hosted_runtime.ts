/** Serves uploaded functions under the Deno version that the platform is compatible with. */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { findHostedDeno } from "../../scripts/hosted_deno.ts";
import { inherited } from "./supabase_deploy.ts";
import type { UploadedFunction } from "./fake_management_api.ts";

/** Writes each function into a folder of its own, so that none can lean on another's files. */
export async function unpack(functions: Iterable<UploadedFunction>, folder: string): Promise<void> {
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
  const child = new Deno.Command(await findHostedDeno(), {
    args: [
      // Nothing may be fetched from elsewhere: the upload is all there is.
      ...["run", "--no-config", "--no-lock", "--no-remote", "--no-npm"],
      ...["--allow-net", "--allow-env", `--allow-read=${folder}`],
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

/**
 * What the platform holds against its limit.
 * @param entrypoint an uploaded file
 * @returns bytes of it and all that it imports, as `deno info` of the hosted version counts them
 */
export async function measureBytes(entrypoint: string): Promise<number> {
  const { stdout } = await new Deno.Command(await findHostedDeno(), {
    args: ["info", "--json", "--no-config", "--no-lock", entrypoint],
    env: { DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  const { modules, npmPackages } = JSON.parse(new TextDecoder().decode(stdout));
  assert.deepEqual(npmPackages, {}, "a package was left out of the bundle");
  return modules.reduce((sum: number, { size = 0 }: { size?: number }) => sum + size, 0);
}
