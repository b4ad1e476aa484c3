// Whether a program has come to rest: all its threads sleep, and none has run for a while. A thread that a busy machine
// keeps waiting is runnable, and does not sleep; so this is no guess at how long something takes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '../lib/errors.mjs';

/** Longer than a lone ESC is waited for to become a sequence (src/terminal/times.ts), or a key that acts for another. */
const REST_MS = 200;

/**
 * How often each thread has been put to sleep so far; null: one of them is not asleep, or has just ended.
 *
 * @param {number} pid
 */
function sleeps(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((tid) => {
      const status = readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8');
      const asleep = /^State:\s+S/m.test(status);
      return { asleep, line: `${tid} ${/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]}` };
    });
    return threads.every(({ asleep }) => asleep) ? threads.map(({ line }) => line).join('\n') : null;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}

/**
 * Resolves when process `pid` has come to rest and `output()`, the number of bytes it has written, no longer grows; or
 * when it has ended.
 *
 * @param {number} pid @param {() => number} output
 */
export async function settled(pid, output) {
  while (existsSync(`/proc/${pid}`)) {
    const before = [sleeps(pid), output()];
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    if (before[0] !== null && before[0] === sleeps(pid) && before[1] === output()) return;
  }
}
