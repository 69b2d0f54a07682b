/** The folder that keeps the local stack's data: one stack at a time, one version of the engine. */
import { StackError } from "../stack_error.ts";

/** The major version of the embedded engine, as it writes it into its data. */
const ENGINE_MAJOR = "17";

/** A data folder that this process holds. */
export interface DataFolder {
  /** The database's directory inside. */
  readonly database: string;
  /** True when there was no data, or only that of a first start that was cut short. */
  readonly isNew: boolean;
  /** Says that the first start is through: from now on the data is worth keeping. */
  settle(): Promise<void>;
  release(): void;
}

/**
 * Takes the folder, making it when missing.
 * @throws StackError when another stack has it, or another version or something else made it
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  // Keys and password hashes are in there; an older folder may have been more open.
  if (Deno.build.os !== "windows") await Deno.chmod(path, 0o700);
  const lock = await Deno.open(`${path}/lock`, { create: true, write: true, mode: 0o600 });
  try {
    if (!await lock.tryLock(true)) {
      throw new StackError(
        `Another local stack is using ${path}. Stop it, or start this one with --ephemeral or --db.`,
      );
    }
    const database = `${path}/database`;
    const unfinished = `${path}/unfinished`;
    const isCutShort = await exists(unfinished);
    const isNew = isCutShort || !await exists(database);
    if (isNew) {
      // READY was never printed, so no one's data is lost.
      await Deno.writeTextFile(unfinished, "The first start is under way or was cut short.\n");
      await Deno.remove(database, { recursive: true }).catch(missingIsFine);
    } else {
      await checkVersion(path, database);
    }
    return {
      database,
      isNew,
      settle: () => Deno.remove(unfinished).catch(missingIsFine),
      release: () => lock.close(),
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** The error for a data folder that the engine can't open. */
export function brokenFolder(path: string, cause: unknown): StackError {
  return new StackError(
    `The data in ${path} is broken: the database does not start from it. ` +
      "Put a copy back, or delete the folder to start afresh.",
    { cause },
  );
}

async function checkVersion(path: string, database: string): Promise<void> {
  const version = await Deno.readTextFile(`${database}/PG_VERSION`).catch(() => undefined);
  if (version === undefined) throw brokenFolder(path, "PG_VERSION is missing");
  if (version.trim() === ENGINE_MAJOR) return;
  throw new StackError(
    `The data in ${path} was made by another version: it is PostgreSQL ${version.trim()}'s, ` +
      `and this stack runs PostgreSQL ${ENGINE_MAJOR}. Go back to that version, or delete the folder to start afresh.`,
  );
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
}

function missingIsFine(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
