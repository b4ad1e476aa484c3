import { describe, expect, it } from 'vitest';
import { ELSEWHERE } from '../../../src/engine/ledger/ends.ts';
import { feed } from '../../../src/engine/ledger/feed.ts';
import type { Ledger } from '../../../src/engine/ledger/ledger.ts';
import { NO_QUEUE } from '../../../src/engine/ledger/pending.ts';
import type { Grpid } from '../../../src/uapi/ids.ts';
import { type Asked, newLedger, recordsOf } from './records.ts';

const MS = 1e6;

/** A group as a trace reports it: without a cookie. */
const report = (grpid: number, more: Partial<Asked> = {}): Asked => ({
  devId: 1,
  pasid: 5,
  page: grpid,
  faults: 1,
  cookie: 0,
  grpid,
  ...more,
});

const seen = (ledger: Ledger, grpid: number) => ledger.pending.seen(1, 5, grpid as Grpid);

describe('a feeder that has no descriptor', () => {
  it('tells groups with their own times, and who ended them: the true latency, and whose doing it was', () => {
    const ledger = newLedger();
    const reports = recordsOf([report(1), report(2), report(3), report(4)]);
    const groups = feed(ledger, reports, [1 * MS, 2 * MS, 3 * MS, 4 * MS]);
    expect(groups.map(({ group, arrivedNs, queue }) => [group, arrivedNs / MS, queue])).toEqual(
      [1, 2, 3, 4].map((n) => [n, n, NO_QUEUE]),
    );
    ledger.endedElsewhere([seen(ledger, 2) as never], 'success', 'kernel', 5 * MS);
    ledger.endedElsewhere([seen(ledger, 1) as never], 'invalid', 'process', 9 * MS);
    ledger.endedElsewhere([seen(ledger, 3) as never], 'auto', 'kernel', 9 * MS);
    expect(ledger.counters(0)).toMatchObject({ faults: 4, groups: 4, pending: 1, success: 0, invalid: 0, auto: 1 });
    expect(ledger.totals.elsewhere).toBe(2);
    expect(ledger.ends).toMatchObject({ kernel: 2, process: 1, nobody: 0, rule: 0 });
    // What the kernel did itself at a detach says nothing of how long an answer takes.
    expect(ledger.latency.read()).toMatchObject({ count: 2, maxNs: 8 * MS });
    const { history } = ledger;
    expect([1, 2, 3, 4].map((seq) => history.stateOf(seq))).toEqual([2, 1, 3, 0]);
    const authors = [1, 2, 3, 4].map((seq) => history.authorOf(seq));
    expect(authors.map((n) => (n === null ? null : ELSEWHERE[n]))).toEqual(['process', 'kernel', null, null]);
    expect(ledger.pending.oldest?.group).toBe(4);
    expect(ledger.trend.read(1e9)).toMatchObject({ faults: [4], answered: [3], pending: [1] });
  });

  it('keeps a group whole, at the time of its last record, and never goes back in time', () => {
    const ledger = newLedger();
    const records = recordsOf([report(1, { faults: 3 }), report(2)]);
    const groups = feed(ledger, records, [5 * MS, 6 * MS, 7 * MS, 6.5 * MS]);
    expect(groups.map(({ arrivedNs, faults }) => [arrivedNs / MS, faults])).toEqual([
      [7, 3],
      [7, 1],
    ]);
    expect([...ledger.history.copy(1, 4).arrived]).toEqual([7, 7, 7, 7].map((ms) => ms * MS));
  });

  it('of which a report comes again lost an end: nobody knows how the first one ended', () => {
    const ledger = newLedger();
    feed(ledger, recordsOf([report(1)]), 1 * MS);
    const [again] = feed(ledger, recordsOf([report(1)]), 3 * MS);
    expect(ledger.counters(0)).toMatchObject({ groups: 2, pending: 1, repeated: 1, auto: 0 });
    expect(ledger.ends.nobody).toBe(1);
    expect(ledger.latency.read().count).toBe(0);
    expect(seen(ledger, 1)).toBe(again);
    expect(ledger.pending.waiting.device(1, 4 * MS)).toEqual({ pending: 1, oldestNs: 1 * MS });
  });

  it('goes by cookies where it has them, as a recording does, and counts for the queue', () => {
    const ledger = newLedger();
    feed(ledger, recordsOf([report(1, { cookie: 1 }), report(1, { cookie: 2 })]), 1 * MS, 3);
    expect(ledger.pending.size).toBe(2);
    expect(ledger.queueFaults[3]).toBe(2);
    expect(ledger.pending.waiting.queue(3)).toBe(2);
  });

  it('tells losses, each kind by itself, which are forgotten after a minute and stay in the sum', () => {
    const ledger = newLedger();
    ledger.lost('source', 8_905, 1e9);
    ledger.lost('journal', 2, 30e9);
    expect(ledger.losses.lastMinute(31e9)).toEqual({ source: 8_905, stream: 0, journal: 2 });
    expect(ledger.losses.lastMinute(61e9)).toEqual({ source: 0, stream: 0, journal: 2 });
    expect(ledger.losses.nextOverNs).toBe(90e9);
    expect(ledger.losses.total).toEqual({ source: 8_905, stream: 0, journal: 2 });
  });

  it('may bring more than one read() holds, and groups that take a chunk of their own', () => {
    const ledger = newLedger();
    const many = Array.from({ length: 3_000 }, (_, i) => report(i, { devId: 2 }));
    feed(ledger, recordsOf([...many, report(9, { faults: 5_000 })]), 1 * MS);
    expect(ledger.counters(0)).toMatchObject({ faults: 8_000, groups: 3_001, pending: 3_001 });
    const { from, end } = ledger.records(ledger.pending.get(3_001) as never);
    expect(end - from).toBe(5_000);
  });
});
