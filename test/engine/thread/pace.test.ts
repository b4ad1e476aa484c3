import { expect, it } from 'vitest';
import { Pace } from '../../../src/engine/thread/pace.ts';

const MS = 1e6;

it('goes from one multiple of the interval to the next, also from in between', () => {
  const pace = new Pace(null, () => 0);
  expect(pace.nextNs(0, 10)).toBe(100 * MS);
  expect(pace.nextNs(100 * MS, 10)).toBe(200 * MS);
  expect(pace.nextNs(100.4 * MS, 10)).toBe(200 * MS);
  expect(pace.nextNs(0, 4)).toBe(250 * MS);
});

it('goes no further than the pause, and stands still there', () => {
  const pace = new Pace(1_234, () => 0);
  expect(pace.nextNs(1_200 * MS, 10)).toBe(1_234 * MS);
  expect(pace.nextNs(1_234 * MS, 10)).toBeNull();
  expect(new Pace(0, () => 0).nextNs(0, 10)).toBeNull();
});

it('keeps to the clock of whoever watches, and does not make up for a pause of it', () => {
  let now = 5_000;
  const pace = new Pace(null, () => now);
  expect(pace.waitMs(10)).toBe(0);
  pace.goOn();
  now += 30;
  expect(pace.waitMs(10)).toBe(70);
  now += 3_600_000;
  expect(pace.waitMs(10)).toBe(0);
  pace.goOn();
  expect(pace.waitMs(10)).toBe(100);
});

it('does not wait on the way to a pause', () => {
  const pace = new Pace(60_000, () => 0);
  pace.goOn();
  expect(pace.waitMs(10)).toBe(0);
});
