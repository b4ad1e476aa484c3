import { describe, expect, it } from 'vitest';
import { FILTER_VARIABLES } from '../../../src/protocol/filter-variables.ts';
import { FILTERED_LISTS, type FilteredList, type View } from '../../../src/protocol/messages.ts';
import { rig } from '../fixture.ts';
import { settled, window } from './window.ts';

const seqs = (view: View) => [...view.stream.seqs];
const pending = (view: View) => view.snapshot.pending.map((row) => row.group);

describe('the stream through a filter', () => {
  it('shows the records of the groups that match, and how many there are around them', () => {
    const r = rig();
    r.fault(40);
    const odd = { stream: 'group % 2 == 1' };
    const newest = settled(r, { streamRows: 3, filters: odd });
    expect(seqs(newest)).toEqual([35, 37, 39]);
    expect(newest.stream).toMatchObject({ older: 17, newer: 0, oldest: 1, newest: 39 });
    expect([...newest.stream.groups]).toEqual([35, 37, 39]);
    expect(newest.filters.stream).toMatchObject({
      text: odd.stream,
      error: null,
      at: null,
      matched: 20,
      scanned: 40,
      total: 40,
    });
    const middle = settled(r, { streamRows: 3, streamEnd: 20, filters: odd });
    expect(seqs(middle)).toEqual([15, 17, 19]);
    expect(middle.stream).toMatchObject({ older: 7, newer: 10 });
    expect(seqs(settled(r, { streamRows: 3, streamEnd: 20, streamAhead: 1, filters: odd }))).toEqual([17, 19, 21]);
    expect(seqs(settled(r, { streamRows: 3, streamEnd: 1, filters: odd }))).toEqual([1, 3, 5]);
    expect(middle.snapshot.counters.faults).toBe(40);
  });

  it('copies the records themselves, with times and states', () => {
    const r = rig();
    r.fault(6);
    r.session.command({ cmd: 'respond', groups: [2, 4], code: 'invalid' }, 'key');
    const filtered = settled(r, { filters: { stream: 'group == 2 || group >= 4' } }).stream;
    const whole = settled(r, {}).stream;
    for (const [i, seq] of [2, 4, 5, 6].entries()) {
      const bytes = (of: typeof whole, at: number) => [...of.records.subarray(at * 40, at * 40 + 40)];
      expect(bytes(filtered, i)).toEqual(bytes(whole, seq - 1));
      expect(filtered.arrived[i]).toBe(whole.arrived[seq - 1]);
    }
    expect([...filtered.states]).toEqual([2, 2, 0, 0]);
  });

  it('follows what becomes of a group where the state decides', () => {
    const r = rig();
    r.fault(5);
    const filters = { stream: 'state == "invalid" || (state == "pending" && group > 3)' };
    expect(seqs(settled(r, { filters }))).toEqual([4, 5]);
    r.session.command({ cmd: 'respond', groups: [1, 4], code: 'invalid' }, 'key');
    r.session.command({ cmd: 'respond', group: 5, code: 'success' }, 'key');
    const after = settled(r, { filters });
    expect(seqs(after)).toEqual([1, 4]);
    expect(after.filters.stream?.matched).toBe(2);
  });

  it('counts repeats among the records held', () => {
    const r = rig({ rules: [{ then: 'success' }] });
    r.fault(3);
    r.fault(2);
    expect(seqs(settled(r, { filters: { stream: 'repeats > 0' } }))).toEqual([4, 5]);
  });

  it('empty, where nothing matches or nothing has come', () => {
    const r = rig();
    const filters = { stream: 'write' };
    expect(settled(r, { filters }).stream).toMatchObject({ oldest: 0, newest: 0, older: 0, newer: 0 });
    r.fault(3);
    expect(seqs(settled(r, { filters }))).toEqual([]);
  });
});

describe('pending groups through a filter', () => {
  it('counts the first row among those that match, and forgets what is answered', () => {
    const r = rig();
    r.fault(20);
    const filters = { pending: 'group % 3 == 0' };
    const view = settled(r, { pendingFirst: 1, pendingRows: 3, filters });
    expect(pending(view)).toEqual([6, 9, 12]);
    expect(view.snapshot.pendingFirst).toBe(1);
    expect(view.filters.pending).toMatchObject({ matched: 6, scanned: 20, total: 20 });
    r.session.command({ cmd: 'respond', groups: [3, 9, 10], code: 'success' }, 'key');
    r.fault(1);
    const after = settled(r, { filters });
    expect(pending(after)).toEqual([6, 12, 15, 18, 21]);
    expect(after.filters.pending).toMatchObject({ matched: 5, scanned: 18, total: 18 });
    expect(after.snapshot.counters.pending).toBe(18);
  });

  it('judges by age anew as time goes by', () => {
    const r = rig();
    r.fault(2);
    const filters = { pending: 'age >= 1000' };
    expect(pending(settled(r, { filters }))).toEqual([]);
    r.clock.advance(600_000_000n);
    r.fault(1);
    expect(pending(settled(r, { filters }))).toEqual([]);
    r.clock.advance(400_000_000n);
    expect(pending(settled(r, { filters }))).toEqual([1, 2]);
    r.clock.advance(600_000_000n);
    const view = settled(r, { filters });
    expect(pending(view)).toEqual([1, 2, 3]);
    expect(view.filters.pending).toMatchObject({ matched: 3, scanned: 3, total: 3 });
  });

  it('has a record where the history has none any more', () => {
    const r = rig({ history: 16_384, rules: [{ when: 'addr >= 0x20000000', then: 'success' }] });
    r.fault(2);
    for (let i = 0; i < 20; i++) r.fault(1_024, null, 0x2000_0000n);
    expect(r.session.state.ledger.history.oldest).toBeGreaterThan(2);
    expect(pending(settled(r, { filters: { pending: 'addr == 0x10001000 && state == "pending"' } }))).toEqual([2]);
  });
});

describe('devices through a filter', () => {
  it('a device stays for itself or for one of its attachments, with those that match', () => {
    const r = rig({ devices: [{ pasid: true, pasids: [1, 2] }, {}] });
    r.fault(2);
    r.fault(1, 2);
    const rows = (devices: string) =>
      settled(r, { filters: { devices } }).devices.map(({ name, attachments }) => [
        name,
        ...attachments.map((a) => a.pasid),
      ]);
    expect(rows('pending == 0')).toEqual([
      ['mock0', 1],
      ['mock1', null],
    ]);
    expect(rows('device == "mock0" && pasid == -1 && pasids == 2')).toEqual([['mock0', null, 1, 2]]);
    expect(rows('pasid == 2 && pending == 1 && handler == "us" && kind == "paging"')).toEqual([['mock0', 2]]);
    expect(rows('hung')).toEqual([]);
    const { filters } = settled(r, { filters: { devices: 'device == "mock1"' } });
    expect(filters.devices).toMatchObject({ matched: 1, scanned: 2, total: 2 });
  });
});

describe('the journal through a filter', () => {
  it('shows the newest of those that match, or from one on', () => {
    const r = rig();
    r.fault(5);
    for (let group = 1; group <= 5; group++) {
      r.session.command({ cmd: 'respond', group, code: group % 2 ? 'success' : 'invalid' }, 'key');
    }
    const asked = (rows: number, end: number | null, ahead = 0) => ({
      journal: { rows, end, ahead },
      filters: { journal: 'action == "answer" && code == "success" && cause == "key" && count == 1' },
    });
    const newest = settled(r, asked(2, null)).journal!;
    expect(newest).toMatchObject({ older: 1, newer: 0, entries: [{ groups: '3' }, { groups: '5' }] });
    const [third, fifth] = newest.seqs as [number, number];
    expect(fifth - third).toBe(2);
    const first = { older: 0, newer: 1, entries: [{ groups: '1' }, { groups: '3' }] };
    expect(settled(r, asked(2, third)).journal).toMatchObject(first);
    expect(settled(r, asked(2, fifth - 1)).journal).toMatchObject(first);
    expect(settled(r, asked(2, 0)).journal).toMatchObject(first);
    expect(settled(r, asked(2, third, 1)).journal?.seqs).toEqual([third, fifth]);
  });

  it('keeps to the entries in memory', () => {
    const r = rig({ rules: [{ then: 'success' }] });
    for (let i = 0; i < 1_100; i++) r.fault(1, null, BigInt(i) << 12n);
    const { journal, filters } = settled(r, {
      journal: { rows: 1, end: 0 },
      filters: { journal: 'action == "answer" && result == "ok"' },
    });
    expect(journal).toMatchObject({ older: 0, newer: 999, entries: [{ groups: '101-101' }] });
    expect(filters.journal).toMatchObject({ matched: 1_000, total: 1_000 });
    expect(settled(r, { journal: { rows: 3, end: null } }).journal).toMatchObject({ older: 997, newer: 0 });
  });

  it('none where none is asked for', () => {
    expect(rig().session.view(window()).journal).toBeNull();
  });
});

describe('a wrong expression', () => {
  it.each<[FilteredList, string]>([
    ['stream', 'group > 2'],
    ['pending', 'group > 2'],
    ['devices', 'devId > 0'],
    ['journal', 'action == "start"'],
  ])('%s: is told with its place, and the last valid one stays', (list, valid) => {
    const r = rig();
    r.fault(4);
    const report = (text: string) => settled(r, { filters: { [list]: text } }).filters[list];
    const before = report(valid);
    expect(before).toMatchObject({ text: valid, error: null, at: null });
    expect(report(`${valid} && zork == 1`)).toMatchObject({
      text: valid,
      matched: before?.matched,
      error: expect.stringMatching(/^Unknown variable: zork; it can use [^\n]*$/),
      at: valid.length + 4,
    });
    expect(report(`${valid} &&`)).toMatchObject({ text: valid, at: valid.length + 3, matched: before?.matched });
    expect(report(valid)).toEqual(before);
    expect(report('1 + 1')).toMatchObject({ text: valid, error: 'it must be a bool, got int' });
    expect(report('  ')).toMatchObject({ text: '', error: null });
  });

  it('lets everything through where there was none before', () => {
    const r = rig();
    r.fault(4);
    const view = settled(r, { filters: { stream: 'x', pending: 'age' } });
    expect(view.filters.stream).toMatchObject({ text: '', matched: 4 });
    expect(view.snapshot.pending).toHaveLength(4);
    expect(settled(r, {}).filters).toEqual({});
  });

  it('age is for pending groups only', () => {
    const r = rig();
    expect(settled(r, { filters: { stream: 'age > 1' } }).filters.stream?.error).toMatch(/^Unknown variable: age/);
  });
});

describe('the variables', () => {
  it.each(FILTERED_LISTS)('of %s all have a value of their type', (list) => {
    const r = rig();
    r.fault(1);
    const of = {
      int: (n: string) => `${n} == ${n}`,
      bool: (n: string) => `(${n} || !${n})`,
      string: (n: string) => `${n} == ${n}`,
    };
    for (const { name, type } of FILTER_VARIABLES[list]) {
      const report = settled(r, { filters: { [list]: of[type](name) } }).filters[list];
      expect([name, report?.error, report?.matched]).toEqual([name, null, report?.total]);
    }
  });
});
