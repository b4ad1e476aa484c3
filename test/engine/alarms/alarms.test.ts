import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AlarmThresholds } from '../../../src/engine/options.ts';
import { wake } from '../../../src/kernel/wake.ts';
import { ofType, type Rig, rig } from '../fixture.ts';

const NEVER: AlarmThresholds = { pending: null, oldestMs: null, rate: null, refault: null, dropped: null };
const only = (thresholds: Partial<AlarmThresholds>) => ({ alarms: { ...NEVER, ...thresholds } });

const SECOND = 1_000_000_000n;

/** Waits until the session wakes by itself; returns the time. */
const sleep = ({ session, clock }: Rig): bigint => {
  session.step(Number.POSITIVE_INFINITY);
  return clock.now();
};

const told = ({ events }: Rig): string[] =>
  ofType(events, 'alarm').map(({ t, change, kind, level }) => `${t} ${change} ${kind} ${level}`);

const pass = ({ clock }: Rig, ns: bigint): void => void clock.waitUntil(clock.now() + ns);

describe('the oldest pending group', () => {
  it('raises an alarm exactly when it has waited for the threshold, and a critical one at twice it', () => {
    const r = rig(only({ oldestMs: 3_000 }));
    r.fault(2);
    expect(sleep(r)).toBe(3n * SECOND);
    expect(told(r)).toEqual(['3 raised oldest warning']);
    expect(ofType(r.events, 'alarm')[0]).toMatchObject({
      value: 3e9,
      threshold: 3e9,
      since: 3,
      devId: r.devId(),
      pasid: null,
      text: 'mock0 has waited 3.0 s for an answer to group 1',
    });
    expect(sleep(r)).toBe(6n * SECOND);
    expect(told(r).slice(1)).toEqual(['6 raised oldest critical']);
    sleep(r);
    expect(r.session.stalled).toBe(true);
  });

  it('clears it when it is answered, and the next one has its own time', () => {
    const r = rig(only({ oldestMs: 3_000 }));
    r.fault(1);
    pass(r, 2n * SECOND);
    r.fault(1);
    sleep(r);
    r.session.command({ cmd: 'respond', group: 1, code: 'success' }, 'key');
    r.session.step(0);
    expect(r.session.snapshot().alarms).toEqual([]);
    expect(told(r)).toEqual(['3 raised oldest warning', '3 cleared oldest warning']);
    expect(sleep(r)).toBe(5n * SECOND);
    expect(told(r).at(-1)).toBe('5 raised oldest warning');
  });

  it('is in the snapshot, with its age at that time', () => {
    const r = rig(only({ oldestMs: 1_000 }));
    r.fault(1);
    sleep(r);
    pass(r, 500_000_000n);
    expect(r.session.snapshot().alarms).toMatchObject([{ kind: 'oldest', level: 'warning', value: 1.5e9, since: 1 }]);
  });

  it('is told to the journal too', () => {
    const r = rig(only({ oldestMs: 1_000 }));
    r.fault(1);
    sleep(r);
    const entries = r.session.state.journal.recent.filter((e) => e.action === 'alarm');
    expect(entries).toMatchObject([{ t: 1, change: 'raised', kind: 'oldest', level: 'warning' }]);
  });
});

describe('many pending groups', () => {
  it('raise an alarm, and clear it below 80 %', () => {
    const r = rig(only({ pending: 10 }));
    r.fault(10);
    pass(r, SECOND);
    const answer = (group: number) => {
      r.session.command({ cmd: 'respond', group, code: 'success' }, 'key');
      pass(r, SECOND);
      r.session.step(0);
    };
    for (const group of [1, 2]) answer(group);
    expect(told(r)).toEqual(['0 raised pending warning']);
    answer(3);
    expect(told(r).slice(1)).toEqual(['4 cleared pending warning']);
  });

  it('are looked at ten times a second at most, and not forgotten', () => {
    const r = rig(only({ pending: 10 }));
    r.fault(1);
    r.fault(9);
    expect(told(r)).toEqual([]);
    expect(sleep(r)).toBe(SECOND / 10n);
    expect(told(r)).toEqual(['0.1 raised pending warning']);
  });
});

describe('a refault loop', () => {
  const SUCCESS = { rules: [{ then: 'success' as const }], devices: [{ pasid: true, pasids: [4] }] };
  const loop = (r: Rig, times: number): void => {
    for (let i = 0; i < times; i++) {
      r.fault(1, 4, 0x1234_5678n);
      pass(r, SECOND / 5n);
    }
  };

  it('is a page that faults again after SUCCESS so many times in a row', () => {
    const r = rig({ ...only({ refault: 3 }), ...SUCCESS });
    loop(r, 3);
    expect(told(r)).toEqual([]);
    loop(r, 1);
    expect(told(r)).toEqual(['0.6 raised refault warning']);
    expect(r.session.snapshot().alarms).toMatchObject([{ value: 3, threshold: 3, devId: r.devId(), pasid: 4 }]);
    expect(r.session.snapshot().alarms[0]?.text).toBe(
      'mock0 PASID 4 refault loop: page 0x12345000 faulted again after SUCCESS 3 times in a row',
    );
    loop(r, 3);
    expect(told(r).slice(1)).toEqual(['1.2 raised refault critical']);
  });

  it('is over when the page has been quiet for ten seconds', () => {
    const r = rig({ ...only({ refault: 3 }), ...SUCCESS });
    loop(r, 4);
    expect(sleep(r)).toBe(10n * SECOND + 600_000_000n);
    expect(told(r).slice(1)).toEqual(['10.6 cleared refault warning']);
    expect(r.session.snapshot().alarms).toEqual([]);
  });

  it('is not one when the device was told INVALID, or when nothing was answered', () => {
    const r = rig({ ...only({ refault: 1 }), rules: [] });
    r.fault(1);
    r.fault(1);
    r.session.command({ cmd: 'respond', all: true, code: 'invalid' }, 'key');
    r.fault(1);
    pass(r, SECOND);
    r.session.step(0);
    expect(told(r)).toEqual([]);
  });

  it('is seen as well where the operator answers', () => {
    const r = rig(only({ refault: 2 }));
    for (let i = 0; i < 3; i++) {
      pass(r, SECOND);
      r.fault(1);
      r.session.command({ cmd: 'respond', all: true, code: 'success' }, 'key');
    }
    expect(told(r)).toEqual(['3 raised refault warning']);
  });

  it('is one alarm for a device and PASID, of its worst page', () => {
    const r = rig({ ...only({ refault: 2 }), rules: [{ then: 'success' }] });
    for (let i = 0; i < 3; i++) {
      r.fault(3);
      pass(r, SECOND);
    }
    expect(r.session.snapshot().alarms.map((a) => a.text)).toEqual([
      'mock0 refault loop: page 0x10000000 faulted again after SUCCESS 2 times in a row; also 2 more pages',
    ]);
  });
});

describe('the rate', () => {
  it('raises an alarm when the second is over that has too many faults, and clears it when they are over', () => {
    const r = rig({ ...only({ rate: 50 }), rules: [{ then: 'success' }] });
    r.fault(60);
    while (!r.session.stalled) sleep(r);
    expect(told(r)).toEqual(['0.1 raised rate warning', '1.1 cleared rate warning']);
  });
});

describe('what was lost', () => {
  it('is an alarm for a minute', () => {
    let lost = 0;
    const r = rig({ ...only({ dropped: 1 }), dropped: () => lost });
    r.fault(1);
    lost = 3;
    pass(r, SECOND);
    r.session.step(0);
    expect(told(r)).toEqual(['1 raised dropped critical']);
    expect(r.session.snapshot().alarms[0]?.text).toBe(
      '3 stream records not delivered to a slow reader in the last minute',
    );
    expect(sleep(r)).toBe(61n * SECOND);
    expect(told(r).slice(1)).toEqual(['61 cleared dropped critical']);
  });

  it('is not what the history gives up in its order', () => {
    const r = rig({ ...only({ dropped: 1 }), history: 16_384, rules: [{ then: 'success' }] });
    for (let i = 0; i < 40; i++) r.fault(1_000);
    pass(r, SECOND);
    r.session.step(0);
    expect(r.session.snapshot().counters.evicted).toBeGreaterThan(0);
    expect(told(r)).toEqual([]);
  });

  it('counts journal entries', () => {
    const journal = join(mkdtempSync(join(tmpdir(), 'iopftop-')), 'journal');
    const r = rig({ ...only({ dropped: 2 }), journal });
    r.session.state.journal.lost = 2;
    r.session.step(0);
    expect(r.session.snapshot().alarms).toMatchObject([
      { kind: 'dropped', text: '2 journal entries not written in the last minute' },
    ]);
  });
});

describe('a message that comes while nothing happens', () => {
  it('moves no alarm: the same seed is the same run, however slow its reader is', () => {
    const times = [false, true].map((withMessage) => {
      const { session, fault, events, clock } = rig(only({ pending: 1 }));
      session.step(0);
      clock.advance(10_000_000_000n);
      if (withMessage) {
        wake(session.wakeup.handle);
        session.step(session.state.nowNs());
      }
      clock.advance(1_000_000n);
      fault();
      return ofType(events, 'alarm').map(({ t, kind }) => [kind, t]);
    });
    expect(times[0]).toEqual([['pending', 10.001]]);
    expect(times[1]).toEqual(times[0]);
  });
});
