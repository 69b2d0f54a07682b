/** One process at a time holds the lock; a crashed holder's lock is taken over, a live one's is not. */
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { LockTimeout, withFileLock } from "../../cli/config/file_lock.ts";
import { namesIn } from "./infraudit_process.ts";

async function inFolder(work: (lockPath: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await work(`${folder}/x.lock`);
    assert.deepEqual(await namesIn(folder), [], "nothing is left behind");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("work under one lock never overlaps", () =>
  inFolder(async (path) => {
    let inside = 0;
    let most = 0;
    await Promise.all(Array.from({ length: 8 }, () =>
      withFileLock(path, async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 2));
        inside -= 1;
      })));
    assert.equal(most, 1);
  }));

Deno.test("the lock is given back when the work throws", () =>
  inFolder(async (path) => {
    await assert.rejects(withFileLock(path, () => Promise.reject(new Error("no"))), /^Error: no$/);
    assert.equal(await withFileLock(path, () => Promise.resolve("again"), 0), "again");
  }));

Deno.test("a dead process's lock is taken over, and so is one that gave no sign for long", () =>
  inFolder(async (path) => {
    const dead = new Deno.Command("true").spawn();
    await dead.status;
    await Deno.writeTextFile(path, JSON.stringify({ pid: dead.pid, host: hostname(), id: "x" }));
    assert.equal(await withFileLock(path, (lock) => lock.isHeld(), 1000), true);
    await Deno.writeTextFile(path, JSON.stringify({ pid: Deno.pid, host: "elsewhere", id: "x" }));
    const longAgo = new Date(Date.now() - 60_000);
    await Deno.utime(path, longAgo, longAgo);
    assert.equal(await withFileLock(path, (lock) => lock.isHeld(), 1000), true);
  }));

Deno.test("a live holder's lock is waited for and then given up on", () =>
  inFolder(async (path) => {
    const owner = JSON.stringify({ pid: Deno.pid, host: hostname(), id: "x" });
    await Deno.writeTextFile(path, owner);
    await assert.rejects(withFileLock(path, () => Promise.resolve(), 100), LockTimeout);
    assert.equal(await Deno.readTextFile(path), owner);
    await Deno.remove(path);
  }));

Deno.test("a holder whose lock was taken knows, and leaves the new one alone", () =>
  inFolder(async (path) => {
    await withFileLock(path, async (lock) => {
      await Deno.writeTextFile(path, "another's");
      assert.equal(await lock.isHeld(), false);
    });
    assert.equal(await Deno.readTextFile(path), "another's");
    await Deno.remove(path);
  }));
