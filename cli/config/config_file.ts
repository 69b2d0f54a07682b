/** The configuration file: read whole, changed under a lock, comments and unknown keys kept. */
import { readFile, stat } from "node:fs/promises";
import process from "node:process";
import { type Document, parseDocument } from "yaml";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { DEFAULT_PROFILE } from "../words.ts";
import { makePrivateFolder, probeWriting, writePrivately } from "./atomic_write.ts";
import { isOwnFolder } from "./config_path.ts";
import { ConfigFile, describeFault } from "./config_schema.ts";
import { type HeldLock, LockTimeout, withFileLock } from "./file_lock.ts";

/** The file as it was read. */
export interface LoadedConfig {
  path: string;
  exists: boolean;
  /** Whether others than the owner may read it. */
  isExposed: boolean;
  content: ConfigFile;
  document: Document;
  text: string;
}

/**
 * Reads the file; a missing one is an empty configuration.
 * @throws CliFailure naming file, line and what to do, when it can't be read or understood
 */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  let text = "";
  let exists = true;
  let isExposed = false;
  try {
    text = await readFile(path, "utf8");
    isExposed = ((await stat(path)).mode & 0o077) !== 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw unusable(path, "read", error);
    exists = false;
  }
  const document = parseDocument(text, { prettyErrors: false });
  const fault = document.errors[0];
  if (fault) {
    const line = text.slice(0, fault.pos[0]).split("\n").length;
    throw corrupt(path, `line ${line} is not YAML (${fault.code})`);
  }
  const result = ConfigFile.safeParse(document.toJS() ?? {});
  if (!result.success) throw corrupt(path, describeFault(result.error));
  return { path, exists, isExposed, content: result.data, document, text };
}

/**
 * Changes the file: locks it, reads it anew, lets `change` edit the document, and writes it in one step.
 * @param change edits the document it is given; what it returns is handed on
 */
export async function changeConfig<Value>(
  path: string,
  change: (config: LoadedConfig, lock: HeldLock) => Promise<Value> | Value,
): Promise<Value> {
  return await withConfigLock(path, async (lock) => {
    const config = await loadConfig(path);
    const value = await change(config, lock);
    const text = withEndingsOf(config.text, config.document.toString({ lineWidth: 0 }));
    if (text === config.text && !config.isExposed) return value;
    if (!await lock.isHeld()) {
      throw new LockTimeout(`the lock of ${path} was lost while it was being changed`);
    }
    try {
      await writePrivately(path, text);
    } catch (error) {
      throw unusable(path, "written", error);
    }
    return value;
  });
}

/** Runs work while no other process changes the file. */
export async function withConfigLock<Value>(
  path: string,
  work: (lock: HeldLock) => Promise<Value>,
): Promise<Value> {
  let isLocked = false;
  try {
    await makePrivateFolder(path, isOwnFolder(path, process.env));
    return await withFileLock(`${path}.lock`, (lock) => {
      isLocked = true;
      return work(lock);
    });
  } catch (error) {
    if (error instanceof LockTimeout) throw new CliFailure(EXIT.USAGE, `${error.message}.`, { cause: error });
    // What fails inside `work` has words of its own.
    throw isLocked ? error : unusable(path, "written", error);
  }
}

/** Throws the failure that changing the file would end in, before anything irrevocable is done. */
export async function assertWritable(path: string): Promise<void> {
  const { text } = await loadConfig(path);
  try {
    await makePrivateFolder(path, isOwnFolder(path, process.env));
    await probeWriting(path, text);
  } catch (error) {
    throw unusable(path, "written", error);
  }
}

/** Where a profile's key is in the document: the default profile's are at its top. */
export function keyPath(profile: string, ...keys: string[]): string[] {
  return profile === DEFAULT_PROFILE ? keys : ["profiles", profile, ...keys];
}

/** A file written on Windows keeps its line endings. */
function withEndingsOf(before: string, text: string): string {
  return /\r\n/.test(before) ? text.replace(/\r?\n/g, "\r\n") : text;
}

function corrupt(path: string, fault: string): CliFailure {
  return new CliFailure(EXIT.USAGE, `The configuration file ${path} can't be used: ${fault}.`, {
    next: `correct it, or move it away: mv ${path} ${path}.broken`,
  });
}

function unusable(path: string, verb: "read" | "written", error: unknown): CliFailure {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const reasons: Record<string, string> = {
    EACCES: "no permission",
    EPERM: "no permission",
    EROFS: "the file system is read-only",
    ENOTDIR: "a file is where its folder should be",
    EEXIST: "a file is where its folder should be",
    EISDIR: "it is a folder",
    ENOSPC: "the disk is full",
    EDQUOT: "the disk quota is used up",
    EFBIG: "the file would be larger than allowed",
  };
  return new CliFailure(
    EXIT.USAGE,
    `The configuration file ${path} can't be ${verb}: ${reasons[code] ?? code}.`,
    {
      next: "name another file with --config, or use INFRAUDIT_TOKEN or INFRAUDIT_API_KEY without any file",
      cause: error,
    },
  );
}
