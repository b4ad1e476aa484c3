// One process plays random sequences of calls on the real kernel and on the simulated one: return values, errnos, bytes
// and poll state are the same at every step. IOPFTOP_DIFF_CALLS says how many calls, IOPFTOP_DIFF_SEED where to begin.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lab, taint } from './lab.ts';
import { type Played, play, type Step } from './play.ts';
import { sequence } from './sequences.ts';

const CALLS = Number(process.env.IOPFTOP_DIFF_CALLS || 20_000);
const SEED = Number(process.env.IOPFTOP_DIFF_SEED || 1);
const RUNS_PER_SEED = 50;

const found = await lab();
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const literal = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);
const asCode = (steps: readonly Step[]): string =>
  steps.map((step) => `  ${JSON.stringify(step, literal).replace(/"(-?\d+n)"/g, '$1')},`).join('\n');

test(`${CALLS} calls on both kernels come to the same`, { timeout: 3_600_000 }, ({ skip }) => {
  if ('missing' in found) return skip(found.missing);
  const before = taint();
  let calls = 0;
  let seed = SEED;
  for (; calls < CALLS; seed++) {
    let last: Played | undefined;
    const property = fc.property(sequence(), (steps) => {
      last = play(found.players, steps);
      calls += last.calls;
      return last.difference === undefined;
    });
    const run = fc.check(property, { seed, numRuns: RUNS_PER_SEED });
    if (!run.failed) continue;
    const steps = run.counterexample?.[0] ?? [];
    const { difference } = play(found.players, steps);
    const log =
      difference?.log.join('\n') ?? 'played again, there is none: the kernels keep something between sequences';
    expect.fail(
      `seed ${seed}, after ${run.numRuns} sequences and ${run.numShrinks} shrinks:\n${log}\n\n${asCode(steps)}`,
    );
  }
  say(`differential run: ${calls} calls, seeds ${SEED} to ${seed - 1}, no difference`);
  expect(taint()).toBe(before);
});
