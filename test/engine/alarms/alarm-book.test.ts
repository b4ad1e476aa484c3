import { describe, expect, it } from 'vitest';
import { AlarmBook, type Measure } from '../../../src/engine/alarms/alarm-book.ts';

const pending = (value: number): Measure => ({
  kind: 'pending',
  value,
  threshold: 100,
  devId: null,
  pasid: null,
  text: `${value} groups pending`,
  atOnce: false,
});

const hung = (devId: number): Measure => ({ ...pending(5), kind: 'hung', threshold: 0, devId, atOnce: true });

/** What each value of a series changes. */
const changes = (values: number[]): string[] => {
  const book = new AlarmBook();
  return values.map((value, t) =>
    book
      .update([pending(value)], t)
      .map(({ alarm, change }) => `${change} ${alarm.level}`)
      .join(),
  );
};

describe('the level of an alarm', () => {
  it('is warning at the threshold and critical at twice it', () => {
    expect(changes([99, 100, 199, 200])).toEqual(['', 'raised warning', '', 'raised critical']);
  });

  it('goes back only below 80 %', () => {
    expect(changes([200, 160, 159, 80, 79])).toEqual(['raised critical', '', 'raised warning', '', 'cleared warning']);
  });

  it('does not flap around the threshold', () => {
    expect(changes([100, 99, 100, 81, 100]).slice(1)).toEqual(['', '', '', '']);
  });

  it('is critical at once where there is no more and less', () => {
    const book = new AlarmBook();
    expect(book.update([hung(1)], 0)).toMatchObject([{ change: 'raised', alarm: { level: 'critical' } }]);
    expect(book.update([], 1)).toMatchObject([{ change: 'cleared', alarm: { devId: 1 } }]);
  });
});

describe('the list of alarms', () => {
  it('has the worst first, and each since it was raised', () => {
    const book = new AlarmBook();
    book.update([pending(100)], 1);
    book.update([pending(150), hung(2)], 2);
    book.update([pending(150), hung(2), hung(1)], 3);
    expect(book.list.map((a) => [a.kind, a.devId, a.since, a.value])).toEqual([
      ['hung', 2, 2, 5],
      ['hung', 1, 3, 5],
      ['pending', null, 1, 150],
    ]);
  });

  it('is empty when what was up is no longer measured', () => {
    const book = new AlarmBook();
    book.update([pending(500)], 1);
    expect(book.update([], 2)).toMatchObject([{ change: 'cleared' }]);
    expect(book.list).toEqual([]);
  });
});
