import { describe, expect, it } from 'vitest';
import { parseRanges } from '../../../src/engine/journal/answer-finder.ts';
import { ranges } from '../../../src/engine/journal/journal.ts';
import { arrive, settle } from '../filter/arrivals.ts';
import { window } from '../filter/window.ts';
import { type Rig, rig } from '../fixture.ts';

const detail = (r: Rig, group: number, from = 0, rows = 512) =>
  r.session.view(window({ detail: { group, from, rows } })).detail;

describe('the detail of a group', () => {
  it('that is pending', () => {
    const r = rig();
    r.fault(2);
    r.clock.advance(5_000_000n);
    r.fault(1);
    const found = detail(r, 3);
    expect(found).toMatchObject({ group: 3, found: 'held', queue: 0, faults: 1, from: 0, seq: 3, state: 'pending' });
    expect(found).toMatchObject({ arrived: 0.005, repeats: 1, answer: null });
    expect(found?.records).toEqual(r.session.state.ledger.history.copy(3, 3).records);
  });

  it('that was answered: by what, when, and how long after it was read', () => {
    const r = rig({ rules: [{ name: 'nine', when: 'group == 1', then: 'success' }] });
    r.fault(4);
    r.clock.advance(7_000_000n);
    r.session.command({ cmd: 'respond', groups: [2, 4], code: 'invalid' }, 'key');
    expect(detail(r, 1)).toMatchObject({ state: 'success', answer: { cause: 'rule', rule: 'nine', latencyNs: 0 } });
    const answer = { t: 0.007, cause: 'key', rule: null, latencyNs: 7_000_000 };
    expect(detail(r, 4)).toMatchObject({ state: 'invalid', found: 'held', answer });
    expect(detail(r, 3)).toMatchObject({ state: 'pending', answer: null });
    r.session.command({ cmd: 'detach', devId: r.devId() }, 'script');
    expect(detail(r, 3)).toMatchObject({ state: 'auto', answer: { cause: 'script', rule: null } });
  });

  it('a part of its records', () => {
    const r = rig();
    arrive(r.session.state, [3, 1_200, 2]);
    const { history } = r.session.state.ledger;
    expect(detail(r, 2, 1_000)).toMatchObject({ faults: 1_200, from: 1_000, seq: 4 });
    expect(detail(r, 2, 1_000)?.records).toEqual(history.copy(1_004, 1_203).records);
    expect(detail(r, 2, 0, 5_000)?.records.byteLength).toBe(512 * 40);
    expect(detail(r, 2, 9_999)).toMatchObject({ from: 1_200, records: new Uint8Array(0) });
    settle(r.session.state, 3, 'success');
    expect(detail(r, 3)).toMatchObject({ faults: 2, seq: 1_204, state: 'success', answer: null });
  });

  it('with its queue, among many reads, groups and chunks', () => {
    const r = rig();
    const { state } = r.session;
    for (let read = 0; read < 40; read++) arrive(state, new Array(700).fill(2), read % 2);
    for (const group of [1, 700, 701, 8_191, 8_192, 8_193, 16_400, 28_000]) {
      settle(state, group, 'success');
      expect(detail(r, group)).toMatchObject({ seq: 2 * group - 1, queue: Math.floor((group - 1) / 700) % 2 });
      const { groups } = state.ledger.history.copy(2 * group - 1, 2 * group);
      expect([...groups]).toEqual([group, group]);
    }
    const group = 5_827;
    settle(state, group, 'success');
    // The page comes again every 97 groups; its device is that of every second one, and it has no PASID.
    const before = Array.from({ length: group - 1 }, (_, i) => i + 1);
    const same = before.filter((n) => (group - n) % 97 === 0 && n % 2 === group % 2 && n % 3 !== 0);
    expect(detail(r, group)?.repeats).toBe(same.length);
  });

  it('that is evicted, or was never read', () => {
    const r = rig({ history: 16_384 });
    const { state } = r.session;
    r.fault(2);
    r.clock.advance(3_000_000n);
    r.session.command({ cmd: 'respond', group: 1, code: 'success' }, 'key');
    for (let i = 0; i < 20; i++) arrive(state, new Array(1_000).fill(1));
    expect(state.ledger.history.oldest).toBeGreaterThan(2);
    const none = { queue: -1, faults: 0, from: 0, seq: 0, arrived: 0, repeats: 0, records: new Uint8Array(0) };
    const answer = { t: 0.003, cause: 'key', rule: null, latencyNs: null };
    expect(detail(r, 1)).toEqual({ group: 1, found: 'evicted', ...none, state: 'success', answer });
    expect(detail(r, 2)).toMatchObject({ found: 'held', state: 'pending', faults: 1, seq: 2 });
    settle(state, 2, 'success');
    expect(detail(r, 2)).toEqual({ group: 2, found: 'evicted', ...none, state: null, answer: null });
    for (const group of [0, -1, 1.5, state.ledger.totals.groups + 1]) {
      expect(detail(r, group)).toEqual({ group, found: 'unknown', ...none, state: null, answer: null });
    }
  });

  it('finds an answer that comes after the first look', () => {
    const r = rig({ rules: [{ then: 'success', afterMs: 5 }] });
    r.fault(1);
    expect(detail(r, 1)?.answer).toBeNull();
    r.session.step(1e9);
    r.session.step(1e9);
    expect(detail(r, 1)?.answer).toMatchObject({ cause: 'rule', latencyNs: 5_000_000 });
  });
});

describe('ranges', () => {
  it('are read as they are written', () => {
    expect([...parseRanges(ranges([1, 2, 3, 7, 9, 10]))]).toEqual([1, 3, 7, 7, 9, 10]);
    expect([...parseRanges('')]).toEqual([]);
  });
});
