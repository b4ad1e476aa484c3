// One set-up at a time in a clone: a lock file that names its owner, so that what a dead process left is taken over.
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from './errors.mjs';

const ABANDONED_MS = 30 * 60_000;
const POLL_MS = 200;

/** @typedef {{pid: number, host: string | undefined, age: number}} Owner */

/** @param {string} path @returns {Owner | null} */
function ownerOf(path) {
  try {
    const [pid, host] = readFileSync(path, 'utf8').trim().split(' ');
    return { pid: Number(pid), host, age: Date.now() - statSync(path).mtimeMs };
  } catch {
    return null;
  }
}

/** @param {Owner} owner */
function isAlive({ pid, host, age }) {
  // Another machine on the same network file system cannot be asked.
  if (host !== hostname()) return age < ABANDONED_MS;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Puts `own` at `path` if nothing is there. link(2) is atomic and the file has its content from the start.
 *
 * @param {string} own @param {string} path
 */
function claim(own, path) {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a lock whose owner is dead. Two waiters may see that at once: each moves the file away under a name of its
 * own, and one that moved a live lock (made between its look and its move) puts that back.
 *
 * @param {string} path @param {string} own
 */
function bury(path, own) {
  const moved = `${own}.old`;
  try {
    renameSync(path, moved);
  } catch {
    return;
  }
  const owner = ownerOf(moved);
  if (owner && isAlive(owner)) claim(moved, path);
  rmSync(moved, { force: true });
}

/**
 * Runs `action` while holding the lock at `path`; `onWait(pid)` is called once if somebody else holds it.
 *
 * @template T
 * @param {string} path @param {() => Promise<T>} action @param {(pid: number) => void} onWait
 */
export async function withLock(path, action, onWait) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${hostname()}\n`);
  try {
    for (let said = false; !claim(own, path); ) {
      const owner = ownerOf(path);
      if (owner && !isAlive(owner)) {
        bury(path, own);
        continue;
      }
      if (owner && !said) {
        onWait(owner.pid);
        said = true;
      }
      await sleep(POLL_MS);
    }
    try {
      return await action();
    } finally {
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}
