import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Filters } from '../../../src/engine/filter/filters.ts';
import { Slice } from '../../../src/engine/filter/slice.ts';
import { compile } from '../../../src/engine/rules/expression.ts';
import type { EngineState } from '../../../src/engine/state.ts';
import { FILTER_VARIABLES } from '../../../src/protocol/filter-variables.ts';
import { RECORD_STATES } from '../../../src/protocol/messages.ts';
import type { Cookie, Grpid } from '../../../src/uapi/ids.ts';
import { rig } from '../fixture.ts';
import { arrive, settle } from './arrivals.ts';
import { factsOf } from './facts.ts';
import { window } from './window.ts';

/** So few groups a slice that a scan is never finished when the next thing happens. */
const TINY = { groups: 5, ns: Number.POSITIVE_INFINITY };
const SCARCE = { busy: TINY, idle: TINY };
const HELD = 16_384;

type Op =
  | { kind: 'arrive'; sizes: number[] }
  | { kind: 'flood' }
  | { kind: 'settle'; from: number; count: number; code: 'success' | 'invalid' | 'auto' }
  | { kind: 'work'; slices: number };

const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('arrive' as const),
      sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 60 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'flood' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      from: fc.nat(),
      count: fc.integer({ min: 1, max: 50 }),
      code: fc.constantFrom('success' as const, 'invalid' as const, 'auto' as const),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('work' as const), slices: fc.integer({ min: 1, max: 40 }) }) },
);

function perform(state: EngineState, filters: Filters, step: Op): void {
  if (step.kind === 'arrive') arrive(state, step.sizes);
  else if (step.kind === 'flood') for (let i = 0; i < 3; i++) arrive(state, new Array(250).fill(8));
  else if (step.kind === 'work') for (let i = 0; i < step.slices; i++) filters.work(true);
  else {
    const first = 1 + (step.from % (state.ledger.totals.groups + 1));
    for (let i = 0; i < step.count; i++) settle(state, first + i, step.code);
  }
}

/** Sequence numbers of the records held that the expression holds for, one decoded after the other. */
function naive(state: EngineState, text: string, start = 1, end = state.ledger.history.newest): number[] {
  const { judge } = compile(text, FILTER_VARIABLES.stream);
  const { history } = state.ledger;
  const { records, groups, states, first } = history.copy(start, end);
  const found: number[] = [];
  for (let from = 0; from < groups.length; ) {
    let next = from;
    while (next < groups.length && groups[next] === groups[from]) next++;
    const group = groups[from] as number;
    const at = { group, queue: 0, cookie: group as Cookie, devId: group % 2, pasid: group % 3 === 0 ? group % 5 : -1 };
    const facts = factsOf(
      state,
      { ...at, grpid: (group % 512) as Grpid, repeats: 0 },
      records.subarray(from * 40, next * 40),
    );
    if (judge({ ...facts, state: RECORD_STATES[states[from] as number] as string }).holds) {
      for (let i = from; i < next; i++) found.push(first + i);
    }
    from = next;
  }
  return found;
}

const EXPRESSIONS = [
  'devId == 1 && pasid < 0',
  'state == "pending"',
  'state == "success" || (state != "invalid" && faults > 2)',
  'write && last > 0x20000 && !device.startsWith("mock")',
  'grpid < 100 || pasid == 4',
  'true',
];

describe('a scan in slices', () => {
  it('finds what going through all at once finds, whatever happens meanwhile', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...EXPRESSIONS),
        fc.array(op, { minLength: 5, maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.option(fc.nat(), { nil: null }),
        (text, steps, streamRows, place) => {
          const { state } = rig({ history: HELD }).session;
          const filters = new Filters(state, SCARCE);
          const asked = window({ streamRows, pendingRows: 30, filters: { stream: text, pending: text } });
          for (const step of steps) {
            perform(state, filters, step);
            filters.request(asked);
            const { seqs } = filters.stream(asked);
            const last = seqs.at(-1) ?? 0;
            // The first group of the part may be cut.
            const known = seqs.length === 0 ? [] : naive(state, text, Math.max(1, last - 500), last);
            for (const seq of seqs) if (seq > last - 490) expect(known).toContain(seq);
          }
          while (filters.unfinished) filters.work(true);
          const all = naive(state, text);
          const streamEnd = place === null ? null : place % (state.ledger.history.newest + 2);
          const view = filters.stream({ ...asked, streamEnd });
          const upTo = streamEnd === null ? all.length : all.filter((seq) => seq <= streamEnd).length;
          const end = Math.max(upTo, Math.min(streamRows, all.length));
          expect([...view.seqs]).toEqual(all.slice(Math.max(0, end - streamRows), end));
          expect([view.oldest, view.newest]).toEqual([all[0] ?? 0, all.at(-1) ?? 0]);
          const { stream, pending } = filters.reports(0, 0);
          expect(stream).toMatchObject({ matched: all.length, scanned: stream?.total });
          const { judge } = compile(text, FILTER_VARIABLES.pending);
          const waiting = state.ledger.pending.where((g) => {
            const { words, from, end } = state.ledger.records(g);
            const records = new Uint8Array(words.slice(from * 10, end * 10).buffer);
            return judge({ ...factsOf(state, g, records), state: 'pending', age: 0n }).holds;
          });
          expect(filters.pending(0, 30)?.map((g) => g.group)).toEqual(waiting.slice(0, 30).map((g) => g.group));
          expect(pending).toMatchObject({ matched: waiting.length, total: state.ledger.pending.size });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('shows the newest first, and says how far it has come', () => {
    const { state } = rig().session;
    for (let i = 0; i < 24; i++) arrive(state, new Array(1_000).fill(1));
    const filters = new Filters(state, { busy: { groups: 9_000, ns: Number.POSITIVE_INFINITY }, idle: TINY });
    const asked = window({ streamRows: 2, filters: { stream: 'devId == 0' } });
    filters.request(asked);
    // The newest chunk is one of 16,384 records, less than a read(): it holds 24,000 - 15,000 of them.
    const { scanned, total } = filters.reports(0, 0).stream ?? {};
    expect([scanned, total]).toEqual([9_000, 24_000]);
    expect([...filters.stream(asked).seqs]).toEqual([23_998, 24_000]);
    expect(filters.unfinished).toBe(true);
  });

  it('takes at most so many groups, and so long', () => {
    let nowNs = 0;
    const count = (groups: number, ns: number, each: number) => {
      const slice = new Slice({ groups, ns }, () => nowNs);
      let n = 0;
      for (; !slice.over; n++) {
        slice.spend();
        nowNs += each;
      }
      return n;
    };
    expect(count(100, 1e6, 0)).toBe(100);
    // The clock is looked at every 16 groups.
    expect(count(4_096, 1e6, 10_000)).toBeLessThanOrEqual(116);
    expect(count(4_096, 1e6, 10_000)).toBeGreaterThanOrEqual(84);
  });

  it('steps again at once while it has more to do, and no longer', () => {
    const source = { kind: 'mock', scenario: 'tour', seed: 1, rate: 1, virtualTime: false, pauseAtMs: null } as const;
    const r = rig({ source });
    const { state } = r.session;
    for (let i = 0; i < 40; i++) arrive(state, new Array(1_500).fill(1));
    const asked = window({ filters: { stream: 'devId == 0' } });
    expect(r.session.view(asked).filters.stream).toMatchObject({ scanned: 4_096, total: 60_000 });
    for (let scanned = 4_096; scanned < 60_000; scanned += 16_384) r.session.step(1e9);
    expect(state.nowNs()).toBe(0);
    expect(r.session.view(asked).filters.stream).toMatchObject({ scanned: 60_000, matched: 30_000 });
    r.session.step(1e9);
    expect(state.nowNs()).toBe(1e9);
  });

  it('is whole at once in simulated time', () => {
    const r = rig();
    for (let i = 0; i < 40; i++) arrive(r.session.state, new Array(1_500).fill(1));
    expect(r.session.view(window({ filters: { stream: 'true' } })).filters.stream).toMatchObject({ scanned: 60_000 });
  });
});
