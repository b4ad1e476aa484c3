import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueQueue } from '../../../src/engine/ledger/due-queue.ts';
import type { PendingGroup } from '../../../src/engine/ledger/group.ts';
import { Pending } from '../../../src/engine/ledger/pending.ts';

const dueTime = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constant(Number.POSITIVE_INFINITY));

const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ add: dueTime }) },
  { weight: 1, arbitrary: fc.record({ answer: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ again: fc.nat(), dueNs: dueTime }) },
  { weight: 1, arbitrary: fc.record({ redo: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ nowNs: fc.integer({ min: 0, max: 100 }) }) },
);

const group = (number: number, dueNs: number): PendingGroup =>
  ({ group: number, devId: 1, queue: 0, dueNs }) as PendingGroup;

describe('what is due', () => {
  it('comes first due, first out', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (times) => {
        const queue = new DueQueue();
        for (const dueNs of times) queue.push({ dueNs });
        const out = times.map(() => queue.shift()?.dueNs);
        expect(out).toEqual(times.toSorted((a, b) => a - b));
        expect(queue.shift()).toBeUndefined();
      }),
    );
  });

  it('is what going through all groups finds, oldest first, whichever are answered, replaced or judged again', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const pending = new Pending();
        let newest = 0;
        const ask = (nowNs: number) => {
          const wanted = pending.where((g) => g.dueNs <= nowNs).map((g) => g.group);
          const due = pending.due(nowNs).map((g) => g.group);
          expect(due).toEqual(wanted);
          for (const number of due) pending.delete(number);
          for (const { dueNs } of pending.values()) expect(pending.nextDueNs).toBeLessThanOrEqual(dueNs);
        };
        for (const each of operations) {
          if ('add' in each) pending.add(group(++newest, each.add));
          else if ('answer' in each) pending.delete(1 + (each.answer % (newest + 1)));
          else if ('redo' in each) pending.redo((g) => ({ ...g, dueNs: g.dueNs + each.redo }));
          else if ('nowNs' in each) ask(each.nowNs);
          else {
            const old = pending.get(1 + (each.again % (newest + 1)));
            if (old) pending.replace({ ...old, dueNs: each.dueNs });
          }
        }
        ask(Number.MAX_VALUE);
      }),
    );
  });

  it('keeps few of those that were answered before they were due', () => {
    const pending = new Pending();
    for (let n = 1; n <= 10_000; n++) {
      pending.add(group(n, 1e6 + n));
      if (n > 10) pending.delete(n - 10);
    }
    expect(pending.waitingForTime).toBeLessThan(1_100);
    expect(pending.due(2e6).map((g) => g.group)).toEqual(Array.from({ length: 10 }, (_, i) => 9_991 + i));
  });
});
