import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Journal, ranges } from '../../src/engine/journal/journal.ts';
import { BYTES_PER_RECORD, History } from '../../src/engine/ledger/history.ts';
import { LatencyMeter } from '../../src/engine/ledger/latency.ts';
import { PageTable } from '../../src/engine/ledger/pages.ts';
import { Rate } from '../../src/engine/ledger/rate.ts';
import { RECORD_WORDS, W } from '../../src/engine/ledger/records.ts';
import { compileCondition, compileRules, decide, type GroupFacts, RuleError } from '../../src/engine/rules/rules.ts';
import { Outbox } from '../../src/engine/thread/outbox.ts';
import { Publisher } from '../../src/engine/thread/publisher.ts';
import type { FromEngine, View, WindowRequest } from '../../src/protocol/messages.ts';
import { PgfaultFlag } from '../../src/uapi/iommufd.ts';

const FACTS: GroupFacts = {
  device: 'nic0',
  devId: 3n,
  pasid: -1n,
  grpid: 7n,
  faults: 1n,
  addr: 0xffff_ffff_8000_0000n,
  last: 0xffff_ffff_8000_0000n,
  read: true,
  write: false,
  exec: false,
  priv: false,
  repeats: 0n,
  queue: 0n,
  group: 1n,
  cookie: 1n,
};

describe('History', () => {
  /** Appends a read of `n` records in groups of three; their first word but one is their sequence number. */
  const append = (history: History, n: number, at: number, firstGroup: number): number => {
    const tail = history.tail();
    let group = firstGroup;
    for (let i = 0; i < n; i++) {
      const last = i % 3 === 2 || i === n - 1;
      tail.words.set([last ? 2 : 0, history.newest + 1 + i], (tail.count + i) * 10);
      tail.words[(tail.count + i) * 10 + 9] = group;
      if (last) group++;
    }
    history.commit(tail, n, at, firstGroup, 0);
    return group;
  };

  it('copies any window of what it holds, with times and groups, and says what it gave up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 2_048 }), { minLength: 1, maxLength: 60 }),
        fc.nat(),
        fc.integer({ min: 0, max: 5_000 }),
        (sizes, start, length) => {
          const history = new History(20_000, () => {});
          const known: [number, number, number][] = [];
          let group = 1;
          for (const [read, n] of sizes.entries()) {
            for (let i = 0; i < n; i++) known.push([known.length + 1, read, group + Math.floor(i / 3)]);
            group = append(history, n, read, group);
          }
          expect(history.newest).toBe(known.length);
          expect(history.newest - history.oldest + 1 + history.evicted).toBe(known.length);
          const first = 1 + (start % known.length);
          const { records, arrived, groups } = history.copy(first, first + length - 1);
          const words = new Uint32Array(records.buffer);
          const copied = Array.from(groups, (g, i) => [words[i * 10 + 1], arrived[i], g]);
          expect(copied).toEqual(known.slice(Math.max(first, history.oldest) - 1, first + length - 1));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('hands a chunk over before it gives it up', () => {
    const seen: number[] = [];
    const history = new History(16_384, (chunk) => seen.push(chunk.first, chunk.count));
    for (let i = 0; i < 10; i++) append(history, 2_048, 0, 1);
    expect(seen).toEqual([1, 16_384]);
  });

  it('takes a stated number of bytes for a record', () => {
    const { bytes, states, readFrom, readNs, readGroup, readQueue } = new History(20_000, () => {}).tail();
    const perRecord =
      [bytes, states, readFrom, readNs, readGroup, readQueue].reduce((sum, column) => sum + column.byteLength, 0) /
      states.length;
    expect(perRecord).toBe(BYTES_PER_RECORD);
  });
});

/** Notes a group at the page of address `high`:`low`. */
function note(table: PageTable, devId: number, pasid: number, low: number, high: number): number {
  const words = new Uint32Array(RECORD_WORDS);
  words[W.flags] = pasid < 0 ? 0 : PgfaultFlag.PASID_VALID;
  words[W.devId] = devId;
  words[W.pasid] = Math.max(0, pasid);
  words[W.addrLow] = low;
  words[W.addrHigh] = high;
  return table.note(words, 0, 1);
}

describe('PageTable', () => {
  it('tells device, PASID and page apart, and counts', () => {
    const table = new PageTable();
    expect(note(table, 1, -1, 0x1000, 0)).toBe(0);
    expect(note(table, 1, -1, 0x1fff, 0)).toBe(1);
    expect(note(table, 2, -1, 0x1000, 0)).toBe(0);
    expect(note(table, 1, 5, 0x1000, 0)).toBe(0);
    expect(note(table, 1, -1, 0x1000, 1)).toBe(0);
    expect(note(table, 1, -1, 0x2000, 0)).toBe(0);
    expect(note(table, 1, -1, 0x1000, 0)).toBe(2);
  });

  it('never counts a page that did not come', () => {
    const table = new PageTable();
    for (let page = 0; page < 100_000; page++) expect(note(table, 1, -1, page << 12, page >>> 20)).toBe(0);
  });
});

describe('rules', () => {
  it('compare addresses above 2^63 as they are', () => {
    expect(compileCondition('addr > 0x1000')(FACTS)).toEqual({ holds: true, error: null });
    expect(compileCondition('device.startsWith("nic") && pasid == -1 && !write')(FACTS)).toEqual({
      holds: true,
      error: null,
    });
  });

  it.each([
    ['addr >', /^rule 1: condition "addr >" at column 7: it ends too early: something must follow$/],
    ['adr > 1', /^rule 1: condition "adr > 1" at column 1: Unknown variable: adr; it can use device, devId/],
    ['addr', /^rule 1: condition "addr": it must be a bool, got int$/],
    ['device > 3', /types that cannot be combined: string > int/],
    [' ', /^rule 1: when is empty$/],
  ])('%s is refused in one line', (when, message) => {
    let said: unknown;
    try {
      compileRules([{ when, then: 'success' }]);
    } catch (error) {
      said = error;
    }
    expect(said).toBeInstanceOf(RuleError);
    expect((said as Error).message).toMatch(message);
    expect((said as Error).message).not.toContain('\n');
  });

  it('a verdict or a time that is none is refused', () => {
    expect(() => compileRules([{ then: 'yes' as never }])).toThrow(
      /^rule 1: then must be one of success, invalid, map, hold, got "yes"/,
    );
    expect(() => compileRules([{ then: 'hold' }, { then: 'invalid', afterMs: -1 }])).toThrow(
      /^rule 2: after must be a duration of 0 or more, got -1/,
    );
    // It would be answered when the time is over.
    expect(() => compileRules([{ then: 'hold', afterMs: 1 }])).toThrow(/^rule 1: hold cannot have after/);
  });

  it('a condition that fails at run time decides nothing, and no rule after it does', () => {
    const rules = compileRules([
      { when: 'repeats < 0', then: 'map' },
      { name: 'guard', when: '10 / repeats > 1', then: 'invalid' },
      { then: 'success' },
    ]);
    const { rule, broken } = decide(rules, () => FACTS);
    expect(rule).toBeNull();
    expect(broken).toMatchObject({ rule: { name: 'guard' }, error: 'division by zero (column 1)' });
    // What it is about makes no difference to a rule before it, or to one that is off.
    expect(decide([rules[2]!, rules[1]!], () => FACTS)).toMatchObject({ rule: { then: 'success' }, broken: null });
    expect(decide([{ ...rules[1]!, enabled: false }, rules[2]!], () => FACTS).rule?.then).toBe('success');
  });
});

describe('meters', () => {
  it('rate: of the last full second, and 0 after it', () => {
    const rate = new Rate();
    for (let ms = 0; ms < 1_000; ms += 10) rate.add(1, ms * 1e6);
    expect(rate.perSecond(1_000e6)).toBe(100);
    expect(rate.perSecond(1_500e6)).toBe(50);
    expect(rate.perSecond(9_000e6)).toBe(0);
  });

  it('latency: percentiles within the histogram’s one per cent, the maximum exact', () => {
    const meter = new LatencyMeter();
    for (let i = 1; i <= 1_000; i++) meter.add(i * 1e6);
    const { count, p50Ns, p99Ns, maxNs } = meter.read();
    expect(count).toBe(1_000);
    expect(Math.abs(p50Ns / 500e6 - 1)).toBeLessThan(0.01);
    expect(Math.abs(p99Ns / 990e6 - 1)).toBeLessThan(0.01);
    expect(maxNs).toBe(1e9);
    expect(new LatencyMeter().read()).toEqual({ count: 0, p50Ns: 0, p95Ns: 0, p99Ns: 0, maxNs: 0 });
  });
});

describe('Journal', () => {
  it('writes numbers as ranges', () => {
    expect(ranges([1, 2, 3, 7, 9, 10])).toBe('1-3,7,9-10');
    expect(ranges([])).toBe('');
  });

  it('appends whole lines', () => {
    const dir = mkdtempSync(join(tmpdir(), 'iopftop-'));
    const path = join(dir, 'journal');
    for (const t of [1, 2]) {
      const journal = new Journal(path);
      journal.write({ t, action: 'start' });
      journal.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('{"t":1,"action":"start"}\n{"t":2,"action":"start"}\n');
    rmSync(dir, { recursive: true });
  });

  it('that cannot be opened is refused in words', () => {
    expect(() => new Journal('/dev/null/journal')).toThrow('cannot open the journal /dev/null/journal (ENOTDIR)');
  });

  it('on a full disk says so, counts what is lost, and goes on', () => {
    const journal = new Journal('/dev/full');
    journal.write({ t: 1, action: 'start' });
    journal.write({ t: 2, action: 'end' });
    expect(journal.error).toMatch(/^\/dev\/full: ENOSPC.*; 2 entries lost$/);
    expect(journal.entries).toBe(2);
    expect(journal.recent).toHaveLength(2);
    journal.close();
  });
});

describe('Outbox', () => {
  const batch = (records: number): FromEngine => ({
    type: 'batch',
    t: 0,
    queue: 0,
    firstSeq: 1,
    firstGroup: 1,
    records: new Uint8Array(records * 40),
  });

  it('begins with hello and the snapshot, whatever had to be dropped behind them', () => {
    const packets: FromEngine[][] = [];
    const outbox = new Outbox(
      (p) => packets.push(p),
      () => 5,
      100,
    );
    outbox.push({ type: 'hello' } as FromEngine);
    outbox.push({ type: 'snapshot', groups: [] } as unknown as FromEngine);
    outbox.push(batch(200));
    outbox.drain();
    expect(packets.flat().map(({ type }) => type)).toEqual(['hello', 'snapshot', 'dropped']);
    outbox.push(batch(200));
    outbox.push({ type: 'end' } as unknown as FromEngine);
    outbox.drain();
    expect(packets.flat().map(({ type }) => type)).toEqual(['hello', 'snapshot', 'dropped', 'dropped', 'end']);
  });

  it('has one packet under way, in order, and none lost', () => {
    const packets: FromEngine[][] = [];
    const outbox = new Outbox(
      (p) => packets.push(p),
      () => 0,
    );
    for (let i = 0; i < 30; i++) outbox.push(batch(1_000));
    outbox.flush();
    outbox.flush();
    expect(packets).toHaveLength(1);
    for (let before = 0; before < packets.length; ) {
      before = packets.length;
      outbox.seen();
      outbox.flush();
    }
    const all = packets.flat();
    expect(all.filter((m) => m.type === 'batch')).toHaveLength(30);
    expect(all.filter((m) => m.type === 'flush')).toHaveLength(packets.length);
  });

  it('gives up the oldest batches of a reader that does not read, and says how many records', () => {
    const packets: FromEngine[][] = [];
    const outbox = new Outbox(
      (p) => packets.push(p),
      () => 5,
    );
    outbox.push({ type: 'auto-responded', t: 0, groups: [1], devId: 1, pasid: null, reason: 'detach' });
    for (let i = 0; i < 600; i++) outbox.push(batch(2_000));
    outbox.drain();
    const all = packets.flat();
    const kept = all.filter((m) => m.type === 'batch').length;
    expect(kept).toBeGreaterThan(490);
    expect([outbox.dropped, outbox.missed]).toEqual([(600 - kept) * 2_000, (600 - kept) * 2_000]);
    expect(all[0]).toEqual({ type: 'dropped', t: 0, faults: outbox.dropped, answers: 0, messages: 0 });
    expect(all.some((m) => m.type === 'auto-responded')).toBe(true);
  });

  it('gives up the oldest news only for news, says how many messages, and keeps what answers a command', () => {
    const all: FromEngine[] = [];
    const outbox = new Outbox(
      (p) => all.push(...p),
      () => 9,
      1_000,
    );
    outbox.push({ type: 'done', t: 0, id: 7, cmd: 'detach', count: 1 });
    outbox.push(batch(100));
    for (let i = 1; i <= 5_000; i++)
      outbox.push({ type: 'auto-responded', t: i, groups: [i], devId: 1, pasid: null, reason: 'detach' });
    expect(outbox.places).toBeLessThan(70_000);
    outbox.drain();
    const kept = all.flatMap((m) => (m.type === 'auto-responded' ? m.groups : []));
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 5_000 - kept.length + 1 + i));
    expect(kept.length * 17).toBeLessThanOrEqual(1_000);
    expect(all[0]).toEqual({ type: 'dropped', t: 0, faults: 0, answers: 0, messages: 5_000 - kept.length });
    expect(all.slice(1, 3).map(({ type }) => type)).toEqual(['done', 'batch']);
    expect([outbox.dropped, outbox.missed]).toEqual([0, 5_000 - kept.length]);
  });

  it('says what it gave up also where nothing is left, at the time that it is', () => {
    const all: FromEngine[] = [];
    const outbox = new Outbox(
      (p) => all.push(...p),
      () => 9,
      50,
    );
    outbox.push(batch(51));
    outbox.flush();
    expect(all).toEqual([{ type: 'dropped', t: 9, faults: 51, answers: 0, messages: 0 }, { type: 'flush' }]);
  });

  it('bounds small batches by what they cost, says which answers are left out, and is not slow at it', () => {
    const packets: FromEngine[][] = [];
    const outbox = new Outbox(
      (p) => packets.push(p),
      () => 5,
    );
    const answers = (group: number): FromEngine => ({
      type: 'answers',
      t: 0,
      queue: 0,
      code: 'success',
      cause: 'rule',
      rule: null,
      result: 'ok',
      groups: Float64Array.of(group),
      latencyNs: Float64Array.of(1),
      cookies: Uint32Array.of(1),
      devIds: Uint32Array.of(1),
      pasids: Float64Array.of(-1),
    });
    const pairs = 200_000;
    for (let i = 0; i < pairs; i++) {
      outbox.push(batch(1));
      outbox.push(answers(i));
    }
    const { dropped } = outbox;
    outbox.push({ type: 'done', t: 0, id: null, cmd: 'quit', count: 0 });
    expect(outbox.dropped).toBe(dropped);
    outbox.drain();
    const all = packets.flat();
    const kept = (type: FromEngine['type']) => all.filter((m) => m.type === type).length;
    expect(kept('batch') + kept('answers')).toBeLessThan(100_000);
    expect(all[0]).toEqual({
      type: 'dropped',
      t: 0,
      faults: pairs - kept('batch'),
      answers: pairs - kept('answers'),
      messages: 0,
    });
  });
});

describe('Publisher', () => {
  const WINDOW: WindowRequest = {
    control: 'window',
    streamRows: 1,
    streamEnd: null,
    pendingRows: 1,
    pendingFirst: 0,
    perSecond: 10,
  };
  const make = () => ({ type: 'view' }) as View;

  it('sends a view at once, then at most so many a second, one under way', () => {
    let sent = 0;
    const publisher = new Publisher(make, () => sent++);
    publisher.publish(0, 0, false);
    expect(sent).toBe(0);
    publisher.request(WINDOW);
    publisher.publish(0, 0, false);
    publisher.publish(1e9, 1, true);
    expect(sent).toBe(1);
    publisher.seen();
    publisher.publish(0.05e9, 1, true);
    expect(sent).toBe(1);
    publisher.publish(0.1e9, 1, true);
    expect(sent).toBe(2);
  });

  it('is in no hurry when nothing changes, and at once after a command', () => {
    const publisher = new Publisher(make, () => {});
    publisher.request(WINDOW);
    publisher.publish(0, 3, false);
    publisher.seen();
    expect(publisher.deadlineNs(3, false)).toBe(1e9);
    expect(publisher.deadlineNs(4, false)).toBe(0.1e9);
    publisher.hurry();
    expect(publisher.deadlineNs(3, false)).toBe(0);
  });
});
