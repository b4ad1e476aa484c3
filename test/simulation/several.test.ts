// A second listener beside the front end, in the whole program in simulated time: late, slow, stuck, gone and come again. One
// that only listens changes nothing; one that sends commands and asks for views hears what came of its own, and the first one
// of its own.
import { expect, test } from 'vitest';
import { playSeeds, seedsOf } from './seeds.ts';
import { simulate } from './simulation.ts';

const SEEDS = seedsOf({ steps: 80, share: 200 });

test(`${SEEDS.count} seeds: a run is the same with one more that listens`, { timeout: 3_600_000 }, async () => {
  const of = await playSeeds(SEEDS, 'several', async (seed, steps) => {
    const alone = await simulate({ seed, steps, second: 'none' });
    const beside = await simulate({ seed, steps, second: 'passive' });
    expect([seed, beside.log]).toEqual([seed, alone.log]);
    expect([seed, beside.written]).toEqual([seed, alone.written]);
    return beside;
  });
  if (SEEDS.count > 10) for (const what of ['listeners joined', 'listeners left']) expect(of(what)).not.toBe('0');
});

test(`${SEEDS.count} seeds: one more that acts and looks`, { timeout: 3_600_000 }, async () => {
  const of = await playSeeds(SEEDS, 'several', (seed, steps) => simulate({ seed, steps, second: 'active' }));
  if (SEEDS.count > 10) for (const what of ['commands of those', 'views of those']) expect(of(what)).not.toBe('0');
});
