// Which seeds a simulation plays. IOPFTOP_SIM_SEEDS says how many, IOPFTOP_SIM_SEED with which it begins, IOPFTOP_SIM_STEPS how
// many turns each has. `npm run simulate -- --seed N` plays one and prints its turns.
import { expect } from 'vitest';

const DEFAULT = 10_000;

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

interface Played {
  readonly log: readonly string[];
  readonly broken: string | null;
}

/** Plays them all and gives each to `done`; fails with the first in which something is broken. */
export async function playSeeds<T extends Played>(
  { first, count, steps }: Seeds,
  of: string,
  play: (seed: number, steps: number) => Promise<T>,
  done: (played: T) => void,
): Promise<void> {
  for (let seed = first; seed < first + count; seed++) {
    const played = await play(seed, steps);
    if (count === 1) process.stdout.write(`${played.log.join('\n')}\n`);
    if (played.broken === null) done(played);
    else
      expect.fail(
        `seed ${seed}: ${played.broken}\n${played.log.slice(-25).join('\n')}\nagain: npm run simulate -- --of ${of} --seed ${seed}`,
      );
  }
}
