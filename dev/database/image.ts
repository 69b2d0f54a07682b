/** A migrated and seeded database kept as a file, so that a fresh one starts in a second instead of ten. */
import { createHash } from "node:crypto";
import { openPglite } from "./pglite.ts";
import { migrate, type SchemaSource } from "./migrate.ts";

/**
 * The image of a fresh database, made once for each state of the schema and kept in `folder`.
 * Of several processes that need it at once, one makes it and the others wait.
 * @param engine what else decides the image: the engine's version
 * @param folder made when missing
 */
export async function freshImage(source: SchemaSource, engine: string, folder: string): Promise<Blob> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const state = createHash("sha256").update(JSON.stringify([engine, source])).digest("hex");
  const file = `${folder}/${state}.tar`;
  const kept = await read(file);
  if (kept) return kept;
  using lock = await Deno.open(`${folder}/lock`, { create: true, write: true, mode: 0o600 });
  await lock.lock(true);
  return await read(file) ?? await make(source, file, folder);
}

async function make(source: SchemaSource, file: string, folder: string): Promise<Blob> {
  const database = await openPglite({});
  try {
    await migrate(database, source);
    const image = await database.dump();
    const unfinished = `${folder}/${crypto.randomUUID()}.part`;
    await Deno.writeFile(unfinished, image.stream(), { mode: 0o600 });
    for await (const entry of Deno.readDir(folder)) {
      if (entry.name.endsWith(".tar")) await Deno.remove(`${folder}/${entry.name}`).catch(() => {});
    }
    await Deno.rename(unfinished, file);
    return image;
  } finally {
    await database.close();
  }
}

async function read(file: string): Promise<Blob | undefined> {
  try {
    return new Blob([await Deno.readFile(file)]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
