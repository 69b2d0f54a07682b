/** A lock between processes beside a file, which outlives neither its holder nor a crash. */
import { randomUUID } from "node:crypto";
import { link, open, readFile, rename, stat, unlink, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import process from "node:process";

/** A holder says it is alive this often. */
const BEAT_MS = 2_000;
/** Five beats missed: the holder is gone, whatever its process id says. */
const STALE_AFTER_MS = 10_000;
const POLL_MS = 40;

/** Thrown when the lock could not be had in time. */
export class LockTimeout extends Error {
  override readonly name = "LockTimeout";
}

/** What the holder may ask while it holds the lock. */
export interface HeldLock {
  /** Whether the lock is still this process's; false after it was suspended so long that another took it. */
  isHeld(): Promise<boolean>;
}

/**
 * Runs work while no other process runs any under the same lock.
 * @param path the lock file, made and removed here
 * @param work what to do; its result is handed on
 * @param waitMs longest wait for another holder, in milliseconds
 * @throws LockTimeout, or the file system's error when no lock can be made there
 */
export async function withFileLock<Value>(
  path: string,
  work: (lock: HeldLock) => Promise<Value>,
  waitMs = 60_000,
): Promise<Value> {
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  await acquire(path, owner, performance.now() + waitMs);
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, BEAT_MS);
  const isHeld = async () => await readFile(path, "utf8").catch(() => "") === owner;
  try {
    return await work({ isHeld });
  } finally {
    clearInterval(beat);
    if (await isHeld()) await unlink(path).catch(() => {});
  }
}

async function acquire(path: string, owner: string, deadline: number): Promise<void> {
  for (;;) {
    if (await tryCreate(path, owner)) return;
    await removeIfStale(path);
    if (performance.now() > deadline) {
      throw new LockTimeout(`another infraudit process holds ${path} for too long`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS * (0.5 + Math.random())));
  }
}

/** Makes the lock file with its owner already in it: it is never seen empty. */
async function tryCreate(path: string, owner: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(owner);
    await file.close();
    await link(draft, path);
    return true;
  } catch (error) {
    await file.close().catch(() => {});
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(draft).catch(() => {});
  }
}

async function removeIfStale(path: string): Promise<void> {
  const seen = await readFile(path, "utf8").catch(() => undefined);
  if (seen === undefined || !await isStale(path, seen)) return;
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  // Between looking and moving, another process may have taken the lock over: it gets it back.
  if (await readFile(aside, "utf8").catch(() => "") !== seen) await link(aside, path).catch(() => {});
  await unlink(aside).catch(() => {});
}

async function isStale(path: string, owner: string): Promise<boolean> {
  const age = await stat(path).then((info) => Date.now() - info.mtimeMs, () => 0);
  if (age > STALE_AFTER_MS) return true;
  try {
    const { pid, host } = JSON.parse(owner) as { pid: number; host: string };
    return host === hostname() && !isRunning(pid);
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
