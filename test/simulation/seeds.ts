// Which seeds a simulation plays. IOPFTOP_SIM_SEEDS says how many, IOPFTOP_SIM_SEED with which it begins, IOPFTOP_SIM_STEPS how
// many turns each has. `npm run simulate -- --seed N` plays one and prints its turns.
import { expect } from 'vitest';
import { thousands } from '../helpers/figures.ts';
import { LONG_TOO } from '../helpers/long.ts';

const DEFAULT = LONG_TOO ? 10_000 : 1_000;

export interface Seeds {
  readonly first: number;
  readonly count: number;
  readonly steps: number;
}

/** `share`: of the seeds of a run this one has one in so many. */
export function seedsOf({ steps, share = 1 }: { steps: number; share?: number }): Seeds {
  const { IOPFTOP_SIM_SEED, IOPFTOP_SIM_SEEDS, IOPFTOP_SIM_STEPS } = process.env;
  const count = Math.ceil(Number(IOPFTOP_SIM_SEEDS || DEFAULT) / share);
  return { first: Number(IOPFTOP_SIM_SEED || 1), count, steps: Number(IOPFTOP_SIM_STEPS || steps) };
}

export interface Played {
  readonly log: readonly string[];
  readonly broken: string | null;
  /** What there was of it. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Plays them all and returns the sum of what there was; fails with the first in which something is broken. */
export async function playSeeds<T extends Played>(
  { first, count, steps }: Seeds,
  of: string,
  play: (seed: number, steps: number) => Promise<T>,
): Promise<(what: keyof T['counts'] & string) => string> {
  const sum: Record<string, number> = {};
  for (let seed = first; seed < first + count; seed++) {
    const { log, broken, counts } = await play(seed, steps);
    if (count === 1) process.stdout.write(`${log.join('\n')}\n`);
    if (broken !== null) {
      const last = log.slice(-25).join('\n');
      expect.fail(`seed ${seed}: ${broken}\n${last}\nagain: npm run simulate -- --of ${of} --seed ${seed}`);
    }
    for (const [what, by] of Object.entries(counts)) sum[what] = (sum[what] ?? 0) + by;
  }
  return (what) => thousands(sum[what] ?? 0);
}
