/** One hash over everything the page's build is made from, so that an unchanged page is not built again. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";

const REPOSITORY = new URL("../", import.meta.url).pathname;

/**
 * Hashes the sources of the page.
 * @param settings whatever else the build depends on
 * @returns hex SHA-256 over file names and contents
 */
export async function hashInputs(settings: string): Promise<string> {
  const hash = createHash("sha256").update(settings);
  for (const path of (await inputs()).sort()) {
    hash.update(`\0${path}\0`).update(await readFile(REPOSITORY + path));
  }
  return hash.digest("hex");
}

async function inputs(): Promise<string[]> {
  const folders = await Promise.all(["web", "shared/client", "shared/contracts"].map(listFiles));
  // The lock file names the exact packages, and so everything else that ends up in the build.
  return ["deno.json", "deno.lock", ...folders.flat()];
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(REPOSITORY + folder, { withFileTypes: true });
  const found = await Promise.all(entries.map((entry) => {
    const path = `${folder}/${entry.name}`;
    if (/^(dist.*|node_modules)$/.test(entry.name)) return [];
    return entry.isDirectory() ? listFiles(path) : [path];
  }));
  return found.flat();
}
