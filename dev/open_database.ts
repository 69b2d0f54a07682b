/** Opens the database that the options ask for, migrated and with its settings. */
import { brokenFolder, type DataFolder, openDataFolder } from "./database/data_folder.ts";
import type { Database } from "./database/database.ts";
import { openPglite } from "./database/pglite.ts";
import { openPostgres } from "./database/postgres.ts";
import { freshImage } from "./database/image.ts";
import { migrate, readSchemaSource } from "./database/migrate.ts";
import { keepSettings, type Settings } from "./auth/project_settings.ts";
import { StackError } from "./stack_error.ts";

/** Which database. */
export interface DatabaseOptions {
  databaseUrl?: string | undefined;
  ephemeral?: boolean | undefined;
  /** Where data and the cache of images are kept. */
  folder: string;
}

/**
 * @param root the repository's root, as a directory URL
 * @param issuer the `iss` of tokens, when this is the database's first start
 * @throws StackError when a person can put it right
 */
export async function openDatabase(
  options: DatabaseOptions,
  root: URL,
  issuer: string,
): Promise<{ database: Database; settings: Settings; close(): Promise<void> }> {
  const source = await readSchemaSource(root);
  const image = async () => await freshImage(source, await engineVersion(root), `${options.folder}/cache`);
  const folder = options.databaseUrl || options.ephemeral ? undefined : await openDataFolder(options.folder);
  let database: Database | undefined;
  const close = async () => {
    await database?.close();
    folder?.release();
  };
  try {
    if (options.databaseUrl) database = await reach(options.databaseUrl);
    else if (folder) database = await openKept(folder, options.folder, image);
    else database = await openPglite({ image: await image() });
    const opened = database;
    const settings = await opened.exclusively(async () => {
      await migrate(opened, source);
      return await keepSettings(opened, issuer);
    });
    await folder?.settle();
    return { database, settings, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openKept(folder: DataFolder, path: string, image: () => Promise<Blob>): Promise<Database> {
  if (folder.isNew) return await openPglite({ folder: folder.database, image: await image() });
  try {
    return await openPglite({ folder: folder.database });
  } catch (cause) {
    throw brokenFolder(path, cause);
  }
}

async function reach(url: string): Promise<Database> {
  try {
    return await openPostgres(url);
  } catch (cause) {
    const { host, pathname } = new URL(url);
    const why = cause instanceof Error && cause.message ? cause.message : "no answer";
    throw new StackError(`The database ${host}${pathname} can't be used: ${why}`, { cause });
  }
}

/** The embedded engine comes with the embedded server: its pinned version names both. */
async function engineVersion(root: URL): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  return imports["@supabase/lite"];
}
