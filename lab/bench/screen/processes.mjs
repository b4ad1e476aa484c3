// What processes cost, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** Nanoseconds on a CPU so far: of one thread, or of all that a process has now. */
/** @param {number} pid @param {number | string} tid */
export const threadNs = (pid, tid) => Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0]);
/** @param {number} pid */
const processNs = (pid) => readdirSync(`/proc/${pid}/task`).reduce((sum, tid) => sum + threadNs(pid, tid), 0);

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Shares of a core that process `pid` takes during `ms`: its main thread, and all its threads.
 *
 * @param {number} pid @param {number} ms
 */
export async function shares(pid, ms) {
  const before = { at: process.hrtime.bigint(), main: threadNs(pid, pid), all: processNs(pid) };
  await sleep(ms);
  const took = Number(process.hrtime.bigint() - before.at);
  return { main: (threadNs(pid, pid) - before.main) / took, all: (processNs(pid) - before.all) / took };
}
