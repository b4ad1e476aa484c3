import { describe, expect, it } from 'vitest';
import { ofType, rig } from './fixture.ts';

const nested = () => rig({ rules: [{ name: 'fill', then: 'map' }], devices: [{ hwpt: 'nested' }] });

describe('a map rule that fails for every group', () => {
  it('is told once a second, with how many more there were, and each is counted', () => {
    const { session, events, fault, clock } = nested();
    fault(100);
    fault(50);
    const told = () => ofType(events, 'error').map(({ more }) => more);
    expect(told()).toEqual([undefined]);
    expect(session.snapshot().counters.refused).toBe(150);
    clock.advance(1_000_000_000n);
    session.step(0);
    expect(told()).toEqual([undefined, 148]);
    fault(10);
    expect(told()).toEqual([undefined, 148]);
    clock.advance(1_000_000_000n);
    fault();
    expect(told()).toEqual([undefined, 148, 10]);
  });

  it('wakes the engine to tell, and then no more', () => {
    const { session, events, fault, clock } = nested();
    fault(3);
    session.step(Number.POSITIVE_INFINITY);
    expect(Number(clock.now())).toBeGreaterThanOrEqual(1e9);
    expect(ofType(events, 'error')).toHaveLength(2);
    for (let i = 0; i < 5; i++) session.step(10e9);
    expect(ofType(events, 'error')).toHaveLength(2);
  });

  it('leaves the groups to the operator, and the journal short', () => {
    const { session, fault } = nested();
    fault(5);
    expect(session.snapshot().pending.map(({ rule }) => rule)).toEqual(Array(5).fill(null));
    session.close();
    const refused = session.state.journal.recent.filter(({ action }) => action === 'refused');
    expect(refused).toMatchObject([{ cause: 'rule', rule: 'fill', groups: '1' }, { more: 3 }]);
  });

  it('does not hide the failure of a command', () => {
    const { session, events, fault } = nested();
    fault(2);
    session.command({ cmd: 'respond', id: 1, all: true, code: 'map' }, 'key');
    session.command({ cmd: 'respond', id: 2, group: 1, code: 'map' }, 'key');
    expect(ofType(events, 'error').map(({ more }) => more)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(ofType(events, 'done').map(({ id, count }) => [id, count])).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it('tells the rest at the end', () => {
    const { session, events, fault } = nested();
    fault(5);
    session.close();
    expect(ofType(events, 'error').map(({ more }) => more)).toEqual([undefined, 3]);
  });
});
