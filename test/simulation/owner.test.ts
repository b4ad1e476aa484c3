// The simulation beside another process that owns the queues. A twentieth of the seeds of a run is played here.
import { expect, test } from 'vitest';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { simulateOwner } from './owner-life.ts';
import type { OwnerTruth } from './owner-truth.ts';
import { playSeeds, seedsOf } from './seeds.ts';

const STEPS = 150;
const seeds = seedsOf({ steps: STEPS, share: 20 });

test('the queues of another process, taken over, answered and given back', { timeout: 24 * 3_600_000 }, async () => {
  const of = await playSeeds(seeds, 'owner', simulateOwner);
  tellFigure({
    topic: 'The whole program, simulated',
    what: 'beside another process that owns the queues',
    value: `${thousands(seeds.count)} seeds, ${of('groups')} groups read instead of it, ${of('freed')} answered that it had read; none was left unanswered`,
    repeat: 'npm run simulate -- --of owner --seeds 500',
  });
});

test('the same seed is the same run', async () => {
  expect(await simulateOwner(7, STEPS)).toEqual(await simulateOwner(7, STEPS));
});

/** A kernel of which one call is another one. */
function changed<K extends 'read' | 'write' | 'close'>(kernel: Kernel, name: K, by: Kernel[K]): Kernel {
  return new Proxy(kernel, { get: (_, asked: keyof Kernel) => (asked === name ? by : kernel[asked]) });
}

test.each<[string, (truth: OwnerTruth) => Kernel, RegExp]>([
  [
    'an answer that is lost',
    (truth) =>
      changed(truth.kernel, 'write', (fd, bytes, count) =>
        truth.isQueue(fd) && !truth.mayFree() ? bytes.byteLength : truth.kernel.write(fd, bytes, count),
      ),
    /counted, \d+ given/,
  ],
  [
    'what is read and forgotten',
    (truth) =>
      changed(truth.kernel, 'read', (fd, bytes, count) => {
        const read = truth.kernel.read(fd, bytes, count);
        return truth.isQueue(fd) ? 0 : read;
      }),
    /0 faults counted|0 groups counted/,
  ],
  [
    'a descriptor that stays open',
    (truth) => changed(truth.kernel, 'close', (fd) => (truth.isQueue(fd) ? 0 : truth.kernel.close(fd))),
    /descriptors of the owner are still open/,
  ],
])('%s is found', async (_, breakIt, says) => {
  let said: string | null = null;
  for (let seed = 1; seed <= 50 && said === null; seed++) said = (await simulateOwner(seed, STEPS, breakIt)).broken;
  expect(said).toMatch(says);
});
