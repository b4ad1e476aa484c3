import { expect, it } from 'vitest';
import { RealClock, VirtualClock } from '../../../src/kernel/sim/clock.ts';

it('a virtual clock moves with waits only, and never back', () => {
  const clock = new VirtualClock(100n);
  clock.waitUntil(50n);
  clock.waitUntil(undefined);
  expect(clock.now()).toBe(100n);
  clock.waitUntil(150n);
  clock.advance(5n);
  expect(clock.now()).toBe(155n);
});

it('a real clock does not wait for what is past, nor where it was woken already', () => {
  const clock = new RealClock();
  const cell = new Int32Array(new SharedArrayBuffer(4));
  cell[0] = 1;
  clock.waitUntil(undefined, cell);
  clock.waitUntil(0n);
  expect(clock.now()).toBeGreaterThan(0n);
});
