/** Writes private files so that a reader sees the old or the new whole, and no one else can read either. */
import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Makes the folder of a private file where it is missing.
 * @param path the file
 * @param isOwn whether the folder is the command's own, whose mode is then corrected too
 */
export async function makePrivateFolder(path: string, isOwn: boolean): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if (isOwn && ((await stat(folder)).mode & 0o777) !== FOLDER_MODE) await chmod(folder, FOLDER_MODE);
}

/**
 * Replaces a file in one step, readable by its owner only. A symbolic link keeps pointing where it did.
 * @throws the file system's own error; the old file is then untouched and nothing is left beside it
 */
export async function writePrivately(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const draft = await writeDraft(target, text);
  try {
    await rename(draft, target);
  } catch (error) {
    await unlink(draft).catch(() => {});
    throw error;
  }
}

/**
 * Finds out whether a file could be replaced by one of the same size and some more, before anything that
 * can't be undone is done.
 * @throws the file system's own error when it couldn't
 */
export async function probeWriting(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  await unlink(await writeDraft(target, text.padEnd(text.length + 8192, " ")));
}

async function writeDraft(target: string, text: string): Promise<string> {
  const draft = `${target}.${randomBytes(6).toString("hex")}.tmp`;
  // "wx" never follows what somebody else may have put there.
  const file = await open(draft, "wx", FILE_MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(draft).catch(() => {});
    throw error;
  }
  await file.close();
  return draft;
}
