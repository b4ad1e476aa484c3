// Plays sequences on the real kernel and on each of the modules that it is given, until there is a difference. A program of its
// own, as run.ts is. Arguments: the most calls for each, and the modules; prints one JSON line for each (`Verdict`).
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { type Kernel, KernelRefusal } from '../../src/kernel/kernel.ts';
import { LinuxKernel } from '../../src/kernel/linux/linux.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { play, player } from './play.ts';
import { sequence } from './sequences.ts';

/** Calls until the first difference; null: there was none. */
export type Verdict = number | null;

const SEED = 1;
const SEQUENCES_PER_SEED = 50;

/** A wrong kernel may throw: that is an outcome as well, and the real kernel is left tidy. */
const total = (kernel: Kernel): Kernel =>
  new Proxy(kernel, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        try {
          return Reflect.apply(value, target, args);
        } catch (error) {
          if (error instanceof KernelRefusal) throw error;
          return -Errno.EIO;
        }
      };
    },
  });

const real = player(new LinuxKernel());

/** null: it does not even start. */
function start(SimKernel: new () => Kernel): Kernel | null {
  try {
    return new SimKernel();
  } catch {
    return null;
  }
}

async function judge(path: string, most: number): Promise<Verdict> {
  const { SimKernel } = (await import(pathToFileURL(path).href)) as { SimKernel: new () => Kernel };
  let played = 0;
  for (let seed = SEED; played < most; seed++) {
    for (const steps of fc.sample(sequence(), { seed, numRuns: SEQUENCES_PER_SEED })) {
      // Its own memory, as small as it is: what a former sequence has left in a wrong kernel says nothing.
      const made = start(SimKernel);
      if (made === null) return played;
      const { calls, difference } = play([real, player(total(made))], steps);
      played += calls;
      if (difference) return played;
    }
  }
  return null;
}

const [most = '0', ...paths] = process.argv.slice(2);
for (const path of paths) process.stdout.write(`${JSON.stringify(await judge(path, Number(most)))}\n`);
