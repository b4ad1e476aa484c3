import { expect, it } from 'vitest';
import { WarmUp } from '../../../src/engine/intake/warm-up.ts';

it('practises when the start is over, a slice at a time, and comes to an end', () => {
  const warmUp = new WarmUp();
  warmUp.work(0.9e9);
  expect(warmUp.dueNs).toBe(1e9);
  let slices = 0;
  for (; warmUp.dueNs < Number.POSITIVE_INFINITY && slices < 1_000; slices++) warmUp.work(1e9 + slices * 20e6);
  expect(slices).toBe(40);
  expect(1e9 + slices * 20e6).toBeLessThan(2e9);
  warmUp.work(2e9);
  expect(warmUp.dueNs).toBe(Number.POSITIVE_INFINITY);
});
