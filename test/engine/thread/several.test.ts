// Several listeners on one run: who hears what, and that nobody waits for another one.
import { describe, expect, it, vi } from 'vitest';
import type { FromEngine } from '../../../src/protocol/messages.ts';
import { ofType } from '../fixture.ts';
import { ALL, severalRig, WINDOW } from './several-rig.ts';

const types = (messages: readonly FromEngine[]): string[] => messages.map(({ type }) => type);

describe('one that joins', () => {
  it('hears hello and how things stand first, and then what happens from there on', () => {
    const { first, fault, join, turns } = severalRig();
    fault(3);
    turns(2);
    const late = join(ALL);
    // It comes in the same turn, before the engine looks for it.
    fault(2);
    turns(2);
    const [hello, snapshot, ...news] = late.take();
    expect(hello).toMatchObject({ type: 'hello', rules: [] });
    expect(snapshot).toMatchObject({ type: 'snapshot', counters: { faults: 3, pending: 3, dropped: 0 } });
    fault();
    for (let i = 0; i < 4; i++) {
      turns();
      news.push(...late.take());
    }
    const batches = ofType(news, 'batch');
    expect(batches.map(({ firstSeq }) => firstSeq)).toEqual([4, 6]);
    // What both hear is there once.
    first.take();
    turns();
    expect(ofType(first.take(), 'batch').map((batch) => batches.indexOf(batch))).toEqual([-1, 0, 1]);
  });

  it('is told of the kinds that it wants to hear, and of its own commands', () => {
    const { devId, fault, join, turns } = severalRig();
    const [notices, nothing] = [join({ hears: ['notices'] }), join({ hears: [] })];
    turns();
    for (const one of [notices, nothing]) expect(types(one.take())).toEqual(['hello', 'snapshot', 'flush']);
    fault(2);
    nothing.command({ cmd: 'detach', id: 7, devId });
    turns(3);
    expect(types(notices.take())).toEqual(['auto-responded', 'attachment', 'flush']);
    expect(nothing.take()).toEqual([
      expect.objectContaining({ type: 'done', id: 7, cmd: 'detach' }),
      { type: 'flush' },
    ]);
  });

  it('lets faults and answers be put together, where nobody wanted them before, until it leaves', () => {
    const { loop, first, fault, join, turns } = severalRig({ events: false, rules: [{ then: 'success' }] });
    const { state } = loop.session;
    fault();
    turns(2);
    expect(state.events).toBe(false);
    const late = join(ALL);
    turns();
    late.take();
    fault();
    turns(3);
    expect(types(late.take())).toEqual(['batch', 'answers', 'flush']);
    late.say({ control: 'leave' });
    turns();
    expect(state.events).toBe(false);
    expect(types(first.take())).toEqual([]);
  });

  it('hears nothing any more once it has left, also of what it has asked', () => {
    const { devId, first, join, strangers, turns } = severalRig();
    const late = join(ALL);
    turns();
    late.take();
    late.command({ cmd: 'trigger', id: 1, devId, count: 1_000 });
    turns();
    late.take();
    late.say(WINDOW);
    late.say({ control: 'leave' });
    turns(20);
    expect(late.told).toEqual([]);
    expect(strangers).toEqual([]);
    first.take();
    turns(20);
    // It was carried out all the same.
    const faults = ofType(first.told, 'batch').reduce((sum, { records }) => sum + records.byteLength / 40, 0);
    expect(faults).toBeGreaterThan(500);
  });
});

describe('a command', () => {
  it('is answered to the one who sent it, whatever id another one uses', () => {
    const { first, devId, join, turns } = severalRig();
    const late = join(ALL);
    turns(2);
    first.take();
    late.take();
    first.command({ cmd: 'snapshot', id: 1 });
    late.command({ cmd: 'respond', id: 1, group: 99, code: 'success' });
    late.command({ cmd: 'detach', id: 2, devId });
    turns(3);
    expect(types(first.take())).toEqual(['snapshot', 'attachment', 'flush']);
    expect(types(late.take())).toEqual(['error', 'attachment', 'done', 'flush']);
  });

  it('of one script does not wait for what another one has under way', () => {
    const { first, devId, join, turns, until } = severalRig();
    const late = join({ hears: [] });
    turns(2);
    late.take();
    first.take();
    first.command({ cmd: 'trigger', id: 1, devId, count: 10_000 });
    first.command({ cmd: 'trigger', id: 2, devId });
    late.command({ cmd: 'trigger', id: 3, devId });
    turns(2);
    expect(late.take()).toEqual([expect.objectContaining({ type: 'done', id: 3 }), { type: 'flush' }]);
    const replies: number[] = [];
    until(() => {
      replies.push(...ofType(first.take(), 'done').map(({ id }) => Number(id)));
      return replies.length === 2;
    });
    expect(replies).toEqual([1, 2]);
  });

  it('that strikes a bug has it told to all, and as a reply to the one who sent it only', () => {
    const { loop, first, join, turns } = severalRig();
    const late = join({ hears: [] });
    turns();
    late.take();
    const { state } = loop.session;
    state.ledger.counters = () => {
      throw new Error('no');
    };
    late.command({ cmd: 'snapshot', id: 5 });
    expect(() => turns(2)).toThrow('no');
    loop.session.fail(new Error('no'));
    expect(types(first.told)).toContain('snapshot');
    state.ledger.counters = () => ({}) as never;
    loop.close();
    expect(ofType(first.told, 'error')).toEqual([expect.objectContaining({ kind: 'bug', id: null })]);
    expect(ofType(late.told, 'error')).toEqual([expect.objectContaining({ kind: 'bug', id: 5 })]);
  });
});

describe('one that is stuck', () => {
  it('loses what it has no room for, is told so, and no other one is', () => {
    const { loop, first, fault, join, turns } = severalRig({ rules: [{ then: 'success' }] });
    const stuck = join({ ...ALL, room: 100 });
    turns();
    for (let i = 0; i < 50; i++) {
      fault(10);
      turns(2);
      first.take();
    }
    first.take();
    loop.close();
    const [mine, its] = [ofType(first.told, 'summary')[0], ofType(stuck.told, 'summary')[0]];
    expect(mine?.counters).toMatchObject({ faults: 500, success: 500, dropped: 0 });
    expect(its?.counters).toMatchObject({ faults: 500, success: 500 });
    expect(its?.counters.dropped).toBeGreaterThan(400);
    const lost = ofType(stuck.told, 'dropped').reduce((sum, { faults }) => sum + faults, 0);
    expect(lost).toBe(its?.counters.dropped);
    expect(ofType(first.told, 'dropped')).toEqual([]);
    // The end is not waited for: all that it had room for has been sent.
    expect(stuck.told.at(-1)?.type).toBe('summary');
  });

  it('has one packet and one view under way, while another one goes on', () => {
    const { first, fault, join, turns } = severalRig();
    const stuck = join(ALL);
    for (const one of [first, stuck]) one.say(WINDOW);
    const views: FromEngine[] = [];
    for (let i = 0; i < 100; i++) {
      fault();
      turns(2);
      views.push(...first.take().filter(({ type }) => type === 'view'));
    }
    expect(views.length).toBeGreaterThan(20);
    const packets = (type: FromEngine['type']) => types(stuck.told).filter((told) => told === type).length;
    expect([packets('flush'), packets('view')]).toEqual([1, 1]);
  });

  /** Turns from a fault until a rule's answer, and from a command until its, while as many as this want events, views and filters. */
  function turnsToAnswer(stuck: number): number[] {
    const { devId, fault, first, join, loop, turns, until } = severalRig({
      rules: [{ when: 'addr >= 0x2000000', then: 'success' }],
    });
    const { totals } = loop.session.state.ledger;
    fault(2_000);
    turns(4);
    for (let i = 0; i < stuck; i++) {
      const one = join({ ...ALL, room: 100 });
      one.say({ ...WINDOW, filters: { stream: `write || grpid == ${i}`, pending: 'age > 1' } });
    }
    const took: number[] = [];
    for (let group = 1; group <= 20; group++) {
      loop.session.command({ cmd: 'trigger', devId, addr: '0x2000000' }, 'script');
      const before = totals.success;
      took.push(until(() => totals.success > before));
      first.command({ cmd: 'respond', group, code: 'invalid' });
      took.push(until(() => totals.invalid === group));
      first.take();
    }
    return took;
  }

  it.each([1, 3, 20])('of %i, no answer waits a turn longer', (stuck) => {
    const alone = turnsToAnswer(0);
    expect(Math.max(...alone)).toBeLessThanOrEqual(2);
    expect(turnsToAnswer(stuck)).toEqual(alone);
  });
});

describe('windows', () => {
  it('of two have filters of their own, and each its own view', () => {
    const { first, devId, fault, join, loop, turns } = severalRig();
    const late = join({ hears: [] });
    fault(3_000);
    first.say({ ...WINDOW, filters: { stream: 'addr == 0x1000' } });
    late.say({ ...WINDOW, filters: { stream: 'addr >= 0x2000' }, streamRows: 3 });
    turns(20);
    const newest = () => [first, late].map((one) => ofType(one.take(), 'view').at(-1));
    let views = newest();
    for (let i = 0; i < 40; i++) {
      turns(3);
      const more = newest();
      views = views.map((view, at) => more[at] ?? view);
    }
    const [mine, its] = views;
    expect(mine?.filters.stream).toMatchObject({ asked: 'addr == 0x1000', matched: 1, scanned: 3_000 });
    expect(its?.filters.stream).toMatchObject({ asked: 'addr >= 0x2000', matched: 2_998, scanned: 3_000 });
    expect([mine?.stream.seqs.length, its?.stream.seqs.length]).toEqual([1, 3]);
    expect(loop.session.unfinished).toBe(false);
    expect(devId).toBeGreaterThan(0);
  });

  it('that nobody looks through any more cost nothing: what is answered is not followed', () => {
    const { join, loop, turns } = severalRig();
    const late = join({ hears: [] });
    const { pending } = loop.session.state.ledger;
    const [watch, unwatch] = [vi.spyOn(pending, 'watch'), vi.spyOn(pending, 'unwatch')];
    late.say({ ...WINDOW, filters: { pending: 'addr > 0' } });
    turns(3);
    expect(watch).toHaveBeenCalledTimes(1);
    late.say({ control: 'leave' });
    turns();
    expect(unwatch.mock.calls).toEqual(watch.mock.calls);
  });

  it('are shown one a turn, and everybody has one in turn', () => {
    const { first, join, turns } = severalRig();
    const others = [1, 2, 3].map(() => join({ hears: [] }));
    const all = [first, ...others];
    for (const one of all) one.say(WINDOW);
    for (let turn = 0; turn < 4; turn++) {
      turns();
      expect(all.filter(({ told }) => types(told).includes('view'))).toHaveLength(turn + 1);
    }
  });
});
