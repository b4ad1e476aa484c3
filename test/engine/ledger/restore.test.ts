import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ELSEWHERE } from '../../../src/engine/ledger/ends.ts';
import { feed } from '../../../src/engine/ledger/feed.ts';
import type { GroupRule, PendingGroup } from '../../../src/engine/ledger/group.ts';
import { Ledger } from '../../../src/engine/ledger/ledger.ts';
import type { Attachment } from '../../../src/sources/source.ts';
import { type Asked, newLedger, readInto, recordsOf } from './records.ts';

const code = fc.constantFrom('success' as const, 'invalid' as const);

const asked = fc.record({
  devId: fc.integer({ min: 1, max: 3 }),
  pasid: fc.constantFrom(-1, -1, 1, 2),
  page: fc.integer({ min: 0, max: 6 }),
  faults: fc.constantFrom(1, 1, 1, 2, 5),
  cookie: fc.integer({ min: 1, max: 40 }),
});

const groups = fc.array(asked, { minLength: 1, maxLength: 12 });

/** What the caller does with what was read. */
const then = fc.constantFrom('hold', 'wait', 'broken', 'answer', 'sweep', 'half');

const move = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('read' as const), groups, queue: fc.nat({ max: 1 }), then, code }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('flood' as const), page: fc.nat({ max: 9_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('feed' as const), groups, step: fc.nat({ max: 2e6 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('answer' as const), from: fc.nat(), count: fc.nat({ max: 5 }), code }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('elsewhere' as const),
      from: fc.nat(),
      how: fc.constantFrom('auto' as const, 'success' as const, 'invalid' as const, 'unknown' as const),
      by: fc.constantFrom(...ELSEWHERE),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('attach' as const, 'detach' as const, 'replace' as const),
      from: fc.nat(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('redo' as const), afterNs: fc.nat({ max: 3e9 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lost' as const), count: fc.nat({ max: 9 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ns: fc.integer({ min: 1, max: 4e9 }) }) },
);

type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

const rule = (afterNs: number): GroupRule & { condition: () => boolean } => ({
  name: `after ${afterNs}`,
  index: 0,
  then: 'success',
  afterNs,
  // As a compiled one has it: no data.
  condition: () => true,
});

/** Somebody who does to a ledger what an engine does, by what it says of itself alone. */
class Player {
  readonly ledger: Ledger;
  nowNs: number;

  constructor(ledger: Ledger, nowNs: number) {
    this.ledger = ledger;
    this.nowNs = nowNs;
  }

  #pick(from: number, count: number): PendingGroup[] {
    const all = [...this.ledger.pending.values()];
    return all.length === 0 ? [] : all.slice(from % all.length).slice(0, count);
  }

  /** Returns what the caller is told of it. */
  play(each: Move): unknown {
    const { ledger, nowNs } = this;
    switch (each.do) {
      case 'read':
        return this.#read(each.groups, each.queue, each.then, each.code);
      case 'flood':
        return this.#read(flood(each.page), 0, 'sweep', 'success');
      case 'feed':
        this.nowNs += each.step * each.groups.length;
        return feed(ledger, recordsOf(each.groups), times(each.groups, nowNs, each.step)).map(({ group }) => group);
      case 'answer':
        return ledger.answered(this.#pick(each.from, each.count), each.code, 'key', nowNs);
      case 'elsewhere':
        return ledger.endedElsewhere(this.#pick(each.from, 2), each.how, each.by, nowNs);
      case 'redo': {
        const other = rule(each.afterNs);
        return ledger.pending.redo((g) => ({ ...g, rule: other, broken: null, dueNs: g.arrivedNs + each.afterNs }));
      }
      case 'lost':
        return ledger.lost('source', each.count, nowNs);
      case 'pass':
        this.nowNs += each.ns;
        return ledger.pending.due(this.nowNs).map(({ group }) => group);
      default:
        return this.#attach(each.do, each.from);
    }
  }

  #attach(how: 'attach' | 'detach' | 'replace', from: number): void {
    const { attached } = this.ledger.requesters;
    const id = this.ledger.totals.groups;
    const hwpt = { id, kind: 'paging', ioasId: 1, faultId: 2 } as const;
    const old = attached[from % Math.max(1, attached.length)];
    const fresh: Attachment = { devId: 1 + (from % 3), pasid: from % 2 ? 1 : null, hwpt };
    if (how === 'attach') this.ledger.attached(fresh);
    else if (old && how === 'detach') this.ledger.detached(old);
    else if (old) this.ledger.replaced(old, { ...old, hwpt });
  }

  #read(groups: readonly Asked[], queue: number, what: string, code: 'success' | 'invalid'): unknown {
    const { ledger, nowNs } = this;
    const read = readInto(ledger, groups, queue, nowNs);
    const all = Array.from({ length: read.groups }, (_, n) => ledger.group(read, n));
    const answered =
      what === 'hold' || what === 'wait' || what === 'broken' ? 0 : what === 'half' ? all.length >> 1 : all.length;
    for (const { queue: of, cookie } of all) {
      const before = ledger.pending.holder(of, cookie);
      if (before) ledger.endedElsewhere([before], 'auto', 'kernel', nowNs);
    }
    if (what === 'answer') ledger.answered(all, code, 'rule', nowNs);
    else ledger.answeredAtOnce(read, answered, code, 'rule', nowNs);
    const waits = what === 'wait' ? { rule: rule(5e8), dueNs: nowNs + 5e8 } : {};
    const broken = what === 'broken' ? { broken: { rule: rule(0), error: 'no such thing' } } : {};
    for (const group of all.slice(answered)) ledger.pending.add({ ...group, ...waits, ...broken });
    return all.map(({ group, repeats }) => [group, repeats]);
  }

  /** All that anybody can ask of it. */
  asked(): unknown {
    const { ledger, nowNs } = this;
    const { pending, requesters, history } = ledger;
    const { waiting } = pending;
    return {
      counters: ledger.counters(0),
      oldest: pending.oldest?.group,
      nextDueNs: pending.nextDueNs,
      waiting: [1, 2, 3].map((devId) => waiting.device(devId, nowNs)),
      through: requesters.attached.map((a) => waiting.attachment(a, nowNs)),
      queues: [0, 1].map((queue) => waiting.queue(queue)),
      meters: [1, 2, 3].map((devId) => [
        requesters.device(devId).faults,
        requesters.device(devId).rate.perSecond(nowNs),
      ]),
      pages: ledger.hotPages.top(ledger.pages, 20),
      loops: ledger.refaults.loops(nowNs),
      latency: [ledger.latency.read(), ledger.latency.buckets()],
      rate: ledger.rate.perSecond(nowNs),
      trend: ledger.trend.read(nowNs),
      losses: ledger.losses.lastMinute(nowNs),
      window: history.copy(history.newest - 200, history.newest),
      authors: Array.from({ length: 50 }, (_, i) => history.authorOf(history.newest - i)),
      records: [...pending.values()].map((g) => {
        const { words, from, end } = ledger.records(g);
        return words.slice(from * 10, end * 10);
      }),
    };
  }
}

/** A read() as large as they come. */
const flood = (page: number): Asked[] =>
  Array.from({ length: 2_048 }, (_, i) => ({ devId: 1, pasid: -1, page: page + i, faults: 1, cookie: 100 + i }));

function times(groups: readonly Asked[], nowNs: number, step: number): number[] {
  return groups.flatMap(({ faults }, i) => new Array<number>(faults).fill(nowNs + i * step));
}

/** Where the two differ first; null: nowhere. To print what differs would take minutes: there are megabytes of it. */
function difference(is: unknown, wanted: unknown, path = ''): string | null {
  if (isDeepStrictEqual(is, wanted)) return null;
  if (typeof is !== 'object' || typeof wanted !== 'object' || !is || !wanted) return `${path}: ${is}, not ${wanted}`;
  const entries = (of: object): [unknown, unknown][] => (of instanceof Map ? [...of] : Object.entries(of));
  const [ours, theirs] = [entries(is), entries(wanted)];
  const at = ours.findIndex(([key, value], i) => !isDeepStrictEqual([key, value], theirs[i]));
  if (at < 0 || at >= theirs.length) return `${path}: ${ours.length} entries, not ${theirs.length}`;
  return difference(ours[at]?.[1], theirs[at]?.[1], `${path}/${ours[at]?.[0]}`);
}

const expectSame = (is: unknown, wanted: unknown): void => expect(difference(is, wanted)).toBeNull();

it('goes on from its data as if nothing had been: the same counts, windows, groups and times, whatever comes after', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), fc.array(move, { maxLength: 15 }), (before, after) => {
      const one = new Player(newLedger(), 0);
      for (const each of before) one.play(each);
      const data = one.ledger.snapshot();
      const kept = structuredClone(data);
      const other = new Player(Ledger.restore(data), one.nowNs);
      expectSame(other.ledger.snapshot(), kept);
      for (const each of after) {
        expectSame(other.play(each), one.play(each));
      }
      expectSame(other.asked(), one.asked());
      expectSame(other.ledger.snapshot(), one.ledger.snapshot());
      // What was given stays what it was: there can be many that go on from it.
      expectSame(data, kept);
    }),
    { numRuns: 40, endOnFailure: true },
  );
}, 60_000);
