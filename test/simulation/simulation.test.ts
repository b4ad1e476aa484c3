// The whole program in simulated time under a seeded scheduler.
import { expect, test } from 'vitest';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { seedsOf } from './seeds.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulation.ts';

const { first: FIRST, count: SEEDS, steps: STEPS } = seedsOf({ steps: 80 });
/** Kinds of turns that are left out, with commas between them. */
const WITHOUT = (process.env.IOPFTOP_SIM_WITHOUT || '').split(',').filter((kind) => kind !== '');
/** The output of one seed in so many is checked by the schema, line by line. */
const THOROUGH = 50;

test(`${SEEDS} seeds`, { timeout: 24 * 3_600_000 }, async () => {
  const sum: Record<string, number> = {};
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const { log, broken, counts } = await simulate({
      seed,
      steps: STEPS,
      without: WITHOUT,
      thorough: SEEDS === 1 || seed % THOROUGH === 0,
    });
    if (SEEDS === 1) process.stdout.write(`${log.join('\n')}\n`);
    if (broken !== null) {
      const last = log.slice(-25).join('\n');
      const { steps, without } = await shrink({ seed, steps: STEPS, without: WITHOUT, thorough: true });
      const again = `npm run simulate -- --seed ${seed} --steps`;
      const shorter = `${again} ${steps}${without.length > 0 ? ` --without '${without.join(',')}'` : ''}`;
      expect.fail(`seed ${seed}: ${broken}\n${last}\nagain: ${again} ${STEPS}\nshorter: ${shorter}`);
    }
    for (const [what, count] of Object.entries(counts)) sum[what] = (sum[what] ?? 0) + count;
  }
  const of = (what: string) => thousands(sum[what] ?? 0);
  const figure = (what: string, value: string) =>
    tellFigure({ topic: 'The whole program, simulated', what, value, repeat: 'npm run simulate -- --seeds 10000' });
  figure(
    'seeds, no invariant broken',
    `${thousands(SEEDS)}, ${of('runs')} runs (${of('runs on a host')} on devices of a host, taken from their drivers), ${of('engine')} turns of the engine`,
  );
  figure('faults and groups', `${of('faults')} faults in ${of('groups')} groups`);
  figure(
    'ends',
    `${of('ended: orderly')} in order, ${of('ended: killed')} killed, ${of('ended: bug')} by an exception thrown in the engine`,
  );
  figure(
    'what else happened',
    `${of('type')} commands, ${of('signal')} signals, ${of('kernel fails')} times when the kernel refused, ${of('disk full')} full disks, ${of('reader goes')} readers gone, ${of('records dropped')} records and ${of('messages dropped')} other messages not delivered to readers that were too slow, each reported`,
  );
});
