import { describe, expect, it, vi } from 'vitest';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import { faultLines } from '../../src/protocol/expand.ts';
import type { FromEngine } from '../../src/protocol/messages.ts';
import { ofType, rig } from './fixture.ts';

describe('intake', () => {
  it('reads groups and holds them by default', () => {
    const { session, fault, events } = rig();
    fault(3);
    expect(session.snapshot().counters).toMatchObject({ faults: 3, groups: 3, pending: 3, success: 0 });
    expect(session.snapshot().pending.map((p) => [p.group, p.cookie, p.first])).toEqual([
      [1, 1, '0x10000000'],
      [2, 2, '0x10001000'],
      [3, 3, '0x10002000'],
    ]);
    expect(ofType(events, 'batch')[0]?.records.byteLength).toBe(120);
  });

  it('counts repeats of a device, PASID and page', () => {
    const { session, fault } = rig();
    fault(1);
    fault(1);
    expect(session.snapshot().counters.repeated).toBe(1);
    expect(session.snapshot().pending.map((p) => p.repeats)).toEqual([0, 1]);
  });

  it('drops the oldest chunk of a full history, keeps the records of pending groups, and counts both', () => {
    const { session, fault } = rig({
      history: 16_384,
      rules: [{ when: 'addr == 0x5000', then: 'hold' }, { then: 'success' }],
    });
    fault(1, null, 0x5000n);
    for (let i = 0; i < 40; i++) fault(1_000);
    const { counters, pending } = session.snapshot();
    expect(counters.evicted).toBeGreaterThan(0);
    expect(counters).toMatchObject({ groups: 40_001, success: 40_000, pending: 1 });
    expect(pending).toMatchObject([{ group: 1, first: '0x5000' }]);
    session.command({ cmd: 'respond', group: 1, code: 'invalid' }, 'script');
    expect(session.snapshot().counters).toMatchObject({ pending: 0, invalid: 1 });
  });
});

describe('answers', () => {
  it('answers by a rule at once, and says which', () => {
    const { session, fault, events, kernel } = rig({ rules: [{ name: 'all', then: 'success' }] });
    fault(5);
    expect(session.snapshot().counters).toMatchObject({ pending: 0, success: 5 });
    expect(ofType(events, 'answers')).toMatchObject([{ code: 'success', cause: 'rule', rule: 'all', result: 'ok' }]);
    expect([...(ofType(events, 'answers')[0]?.groups ?? [])]).toEqual([1, 2, 3, 4, 5]);
    expect(kernel.name).toBe('sim');
  });

  it('finds out which of its answers came too late, and counts the others', () => {
    // Somebody else answers cookies 2 and 4 between the read and the write.
    class Raced extends SimKernel {
      override write(fd: number, bytes: Uint8Array, count?: number): number {
        const words = new Uint32Array(bytes.buffer, bytes.byteOffset, 2);
        if (words[0] === 1) super.write(fd, new Uint8Array(new Uint32Array([2, 1, 4, 1]).buffer));
        return super.write(fd, bytes, count);
      }
    }
    const { session, fault, events } = rig({ kernel: new Raced(), rules: [{ then: 'success' }] });
    fault(5);
    expect(session.snapshot().counters).toMatchObject({ groups: 5, success: 3, auto: 2, pending: 0 });
    const told = ofType(events, 'answers').flatMap((a) => [...a.groups].map((g) => `${g} ${a.result}`));
    expect(told.sort()).toEqual(['1 ok', '2 gone', '3 ok', '4 gone', '5 ok']);
  });

  it('decides by the first rule whose condition holds', () => {
    const { session, fault } = rig({
      rules: [
        { when: 'addr >= 0x10002000', then: 'invalid' },
        { when: 'read', then: 'success' },
      ],
    });
    fault(4);
    expect(session.snapshot().counters).toMatchObject({ success: 2, invalid: 2, pending: 0 });
    expect(session.snapshot().rules.map((r) => r.hits)).toEqual([2, 2]);
  });

  it('waits as long as the rule says, and no longer', () => {
    const { session, fault, clock } = rig({ rules: [{ then: 'invalid', afterMs: 200 }] });
    fault(2);
    expect(session.snapshot().counters.pending).toBe(2);
    const before = clock.now();
    session.step(Number.POSITIVE_INFINITY);
    expect(clock.now() - before).toBe(200_000_000n);
    expect(session.snapshot().counters).toMatchObject({ invalid: 2, pending: 0 });
  });

  it('answers by command: one group, a device, a condition', () => {
    const { session, fault, events } = rig();
    fault(4);
    session.command({ cmd: 'respond', id: 7, group: 2, code: 'success' }, 'script');
    session.command({ cmd: 'respond', when: 'addr == 0x10000000', code: 'invalid' }, 'key');
    expect(session.snapshot().pending.map((p) => p.group)).toEqual([3, 4]);
    session.command({ cmd: 'respond', all: true, code: 'success' }, 'key');
    expect(session.snapshot().counters).toMatchObject({ pending: 0, success: 3, invalid: 1 });
    expect(ofType(events, 'done').map((d) => [d.id, d.count])).toEqual([
      [7, 1],
      [null, 1],
      [null, 2],
    ]);
  });

  it('answers a group that is named twice once', () => {
    const { session, fault, events } = rig();
    fault(2);
    session.command({ cmd: 'respond', groups: [1, 2, 1, 1], code: 'success' }, 'script');
    expect(ofType(events, 'done').at(-1)).toMatchObject({ count: 2 });
    expect(session.snapshot().counters).toMatchObject({ success: 2, auto: 0, pending: 0 });
  });

  it('does not choose between two ways of naming groups', () => {
    const { session, fault, events } = rig();
    fault(2);
    session.command({ cmd: 'respond', groups: [1], when: 'false', code: 'success' }, 'script');
    session.command({ cmd: 'respond', group: 1, groups: [2], code: 'success' }, 'script');
    expect(ofType(events, 'error').map((e) => e.kind)).toEqual(['usage', 'usage']);
    expect(session.snapshot().counters.pending).toBe(2);
  });

  it('says so when the group is gone, and touches no other', () => {
    const { session, fault, events } = rig();
    fault(2);
    session.command({ cmd: 'respond', group: 1, code: 'success' }, 'script');
    session.command({ cmd: 'respond', id: 'x', group: 1, code: 'success' }, 'script');
    session.command({ cmd: 'respond', group: 99, code: 'success' }, 'script');
    expect(ofType(events, 'error').map((e) => [e.id, e.kind, e.message])).toEqual([
      ['x', 'gone', 'group 1 has already been answered, by iopftop or by the kernel'],
      [null, 'gone', 'group 99 was never read'],
    ]);
    expect(session.snapshot().counters).toMatchObject({ pending: 1, success: 1, refused: 2 });
  });

  it('answers those that are left of several, and says how many are not', () => {
    const { session, fault, events } = rig();
    fault(3);
    session.command({ cmd: 'respond', group: 2, code: 'invalid' }, 'script');
    session.command({ cmd: 'respond', id: 'some', groups: [1, 2, 3, 3], code: 'success' }, 'script');
    session.command({ cmd: 'respond', id: 'none', groups: [1, 2], code: 'success' }, 'script');
    expect(ofType(events, 'done').at(-1)).toMatchObject({ id: 'some', count: 2, gone: 1 });
    expect(ofType(events, 'error').map((e) => [e.id, e.message])).toEqual([
      ['none', 'group 1 has already been answered, by iopftop or by the kernel, and none of the 2 groups is pending'],
    ]);
    expect(session.snapshot().counters).toMatchObject({ pending: 0, success: 2, invalid: 1 });
  });

  it('maps memory at the page and then answers success', () => {
    const { session, fault, events } = rig();
    fault(1, null, 0x1000_0000n);
    session.command({ cmd: 'respond', group: 1, code: 'map' }, 'key');
    expect(ofType(events, 'error')).toEqual([]);
    expect(session.snapshot().counters).toMatchObject({ success: 1, pending: 0 });
  });

  it('says of an answer that memory was mapped for it, and of no other', () => {
    const { session, clock, fault, events } = rig({
      rules: [
        { name: 'fill', when: 'addr == 0x20000000', then: 'map' },
        { name: 'late', when: 'addr == 0x30000000', then: 'map', afterMs: 10 },
        { name: 'take', when: 'addr == 0x40000000', then: 'success' },
      ],
    });
    fault(2);
    session.command({ cmd: 'respond', group: 1, code: 'map' }, 'key');
    session.command({ cmd: 'respond', group: 2, code: 'success' }, 'key');
    for (const addr of [0x2000_0000n, 0x3000_0000n, 0x4000_0000n]) fault(1, null, addr);
    clock.advance(10_000_000n);
    session.step(0);
    const said = ofType(events, 'answers').map(({ groups, rule, mapped }) => [...groups, rule, mapped]);
    expect(said).toEqual([
      [1, null, true],
      [2, null, undefined],
      [3, 'fill', true],
      [5, 'take', undefined],
      [4, 'late', true],
    ]);
    const written = session.state.journal.recent.filter(({ action }) => action === 'answer');
    expect(written.map(({ groups, mapped }) => [groups, mapped])).toEqual([
      ['1', true],
      ['2', undefined],
      ['3', true],
      ['5', undefined],
      ['4', true],
    ]);
    expect(Object.keys(written[1] ?? {})).not.toContain('mapped');
  });

  it('holds a group whose page cannot be mapped, and says why', () => {
    // The mock IOMMU addresses 16 MiB to 2 GiB.
    const { session, fault, events } = rig();
    fault(1, null, 0x1000n);
    session.command({ cmd: 'respond', group: 1, code: 'map' }, 'key');
    expect(ofType(events, 'error')[0]).toMatchObject({ kind: 'kernel', operation: 'IOMMU_IOAS_MAP', errno: 'EINVAL' });
    expect(session.snapshot().counters).toMatchObject({ success: 0, pending: 1 });
  });
});

describe('attachments', () => {
  it('replace: the kernel answers what was outstanding, read or not, and it is told', () => {
    const { session, fault, events, devId } = rig();
    fault(3);
    session.command({ cmd: 'replace', devId: devId(), hwpt: 'new-paging' }, 'key');
    expect(session.snapshot().counters).toMatchObject({ pending: 0, auto: 3 });
    expect(ofType(events, 'auto-responded')).toMatchObject([{ groups: [1, 2, 3], reason: 'replace' }]);
    expect(ofType(events, 'attachment')).toMatchObject([{ change: 'replaced', invalidated: 3 }]);
    fault(1);
    expect(session.snapshot().pending.map((p) => p.group)).toEqual([4]);
    expect(session.snapshot().pending[0]?.cookie).toBe(1);
  });

  it('replace by the IOAS leaves the device without a fault queue', () => {
    const { session, devId, fault } = rig();
    session.command({ cmd: 'replace', devId: devId(), hwpt: 1 }, 'key');
    expect(session.snapshot().devices[0]?.attachments).toMatchObject([{ hwptKind: 'auto', handler: 'nobody' }]);
    fault(1);
    expect(session.snapshot().counters.groups).toBe(0);
  });

  it('PASIDs: attach, fault, detach', () => {
    const { session, fault, devId, events } = rig({ devices: [{ pasid: true }] });
    const hwpt = session.snapshot().hwpts[0]?.hwptId as number;
    fault(1, 5);
    expect(session.snapshot().counters.groups).toBe(0);
    session.command({ cmd: 'attach', devId: devId(), pasid: 5, hwpt }, 'key');
    fault(1, 5);
    fault(1);
    expect(session.snapshot().devices[0]?.attachments.map((a) => [a.pasid, a.pending])).toEqual([
      [null, 1],
      [5, 1],
    ]);
    session.command({ cmd: 'detach', devId: devId(), pasid: 5 }, 'key');
    expect(ofType(events, 'auto-responded')).toMatchObject([{ groups: [1], pasid: 5, reason: 'detach' }]);
    expect(session.snapshot().counters).toMatchObject({ pending: 1, auto: 1 });
  });

  it('detach of a device and attach again', () => {
    const { session, devId, events } = rig({ devices: [{}, {}] });
    const first = devId();
    session.command({ cmd: 'detach', devId: first }, 'key');
    expect(session.snapshot().devices[0]?.attachments).toEqual([]);
    session.command({ cmd: 'attach', devId: first, hwpt: 'new-nested' }, 'key');
    expect(ofType(events, 'error')).toEqual([]);
    const device = session.snapshot().devices.find((d) => d.name === 'mock0');
    expect(device?.attachments).toMatchObject([{ hwptKind: 'nested', handler: 'us' }]);
  });

  it('nothing is left when a HWPT cannot be attached', () => {
    const { session, devId, events } = rig({ devices: [{ pasid: false }] });
    const before = session.snapshot().hwpts.length;
    session.command({ cmd: 'attach', devId: devId(), pasid: 9, hwpt: 'new-paging' }, 'key');
    expect(ofType(events, 'error')[0]).toMatchObject({ kind: 'kernel', errno: 'EINVAL' });
    expect(session.snapshot().hwpts).toHaveLength(before);
  });
});

describe('read-only', () => {
  it('refuses in the engine, and rules do not answer', () => {
    const { session, fault, events } = rig({ readOnly: true, rules: [{ then: 'success' }] });
    fault(1);
    session.command({ cmd: 'respond', group: 1, code: 'success' }, 'key');
    expect(ofType(events, 'error')).toMatchObject([{ kind: 'refused' }]);
    expect(session.snapshot().counters).toMatchObject({ pending: 1, success: 0, refused: 1 });
  });
});

describe('policy', () => {
  it('new rules decide about what is pending too', () => {
    const { session, fault, events } = rig();
    fault(3);
    session.command(
      { cmd: 'policy', rules: [{ when: 'addr < 0x10001000', then: 'invalid' }, { then: 'success' }] },
      'script',
    );
    session.step(0);
    expect(session.snapshot().counters).toMatchObject({ pending: 0, success: 2, invalid: 1 });
    session.command({ cmd: 'policy', rules: [{ when: 'nothing', then: 'success' }] }, 'script');
    expect(ofType(events, 'error')[0]?.message).toMatch(
      /^rule 1: condition "nothing" at column 1: Unknown variable: nothing;/,
    );
  });
});

describe('a journal that cannot be written', () => {
  it('is told of when it first fails and at the end, not each time', () => {
    const { session, fault, events } = rig({ journal: '/dev/full', rules: [{ then: 'success' }] });
    for (let i = 0; i < 3; i++) fault();
    session.close();
    const said = ofType(events, 'error').map((e) => e.message);
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^cannot write the journal: \/dev\/full: ENOSPC.*; \d entries lost$/);
  });
});

describe('the end', () => {
  it('comes by count, duration, or idle time', () => {
    const count = rig({ until: { groups: 2, durationMs: null, idleMs: null } });
    count.fault(3);
    expect(count.session.ended).toBe('count');
    const duration = rig({ until: { groups: null, durationMs: 1_000, idleMs: null } });
    duration.session.step(Number.POSITIVE_INFINITY);
    expect([duration.session.ended, duration.clock.now()]).toEqual(['duration', 1_000_000_000n]);
    const idle = rig({ until: { groups: null, durationMs: null, idleMs: 300 } });
    idle.fault(1);
    idle.session.step(Number.POSITIVE_INFINITY);
    expect(idle.session.ended).toBe('idle');
  });

  it.each([
    ['hold', { success: 0, invalid: 0 }, 0],
    ['invalid', { success: 0, invalid: 3 }, 3],
    ['success', { success: 3, invalid: 0 }, 3],
  ] as const)('follows the plan %s and leaves nothing open', (onExit, counters, answered) => {
    const { session, fault, kernel, events } = rig({
      onExit,
      devices: [{ pasid: true, pasids: [1, 2] }, { hwpt: 'nested' }],
    });
    fault(3);
    const summary = session.close();
    expect(ofType(events, 'error')).toEqual([]);
    const unmapped = onExit === 'success' ? { unmapped: 3 } : {};
    expect(summary.outstanding).toEqual({ groups: 3, plan: onExit, answered, ...unmapped });
    expect(summary.counters).toMatchObject(counters);
    // The lowest descriptor is free again: all were closed.
    expect(kernel.open('/dev/iommu', 2)).toBe(new SimKernel().open('/dev/iommu', 2));
  });
});

it('what the source told is told before anything is waited for', () => {
  const { session, events } = rig();
  const told = [{ action: 'notice', what: 'disconnected', text: 'gone' }] as const;
  vi.spyOn(session.state.source, 'tick').mockReturnValueOnce([...told]);
  session.step(Number.POSITIVE_INFINITY);
  expect([session.stalled, events.at(-1)?.type]).toEqual([false, 'notice']);
  session.step(Number.POSITIVE_INFINITY);
  expect(session.stalled).toBe(true);
});

describe('rules at the end', () => {
  it('comes after what the rules decide, also those that were given together with it', () => {
    const { session, fault } = rig({ onExit: 'hold' });
    fault(3);
    session.command({ cmd: 'policy', rules: [{ then: 'invalid' }] }, 'script');
    session.command({ cmd: 'quit' }, 'script');
    expect(session.close()).toMatchObject({ counters: { invalid: 3, pending: 0 }, outstanding: { groups: 0 } });
  });

  it('does not wait for a rule that is not due', () => {
    const { session, fault } = rig({ onExit: 'hold' });
    fault(3);
    session.command({ cmd: 'policy', rules: [{ then: 'invalid', afterMs: 5 }] }, 'script');
    session.command({ cmd: 'quit' }, 'script');
    expect(session.close()).toMatchObject({ outstanding: { groups: 3, answered: 0 } });
  });
});

describe('--count', () => {
  const until = { groups: 5, durationMs: null, idleMs: null };
  const groupsOf = (events: FromEngine[]): number[] => {
    const lines = events.flatMap((event) => (event.type === 'batch' ? faultLines(event).trim().split('\n') : []));
    return [...new Set(lines.map((line) => JSON.parse(line).group as number))];
  };
  const answered = (events: FromEngine[]): number[] =>
    events.flatMap((event) => (event.type === 'answers' ? [...event.groups] : [])).sort((a, b) => a - b);
  const FIVE = [1, 2, 3, 4, 5];

  it.each([
    ['one read', [12]],
    ['two', [3, 9]],
    ['just so many', [5]],
  ])('the stream has so many groups, and the rest is answered too: %s', (_, faults) => {
    const r = rig({ until, rules: [{ then: 'success' }] });
    for (const n of faults) if (r.session.ended === null) r.fault(n);
    expect(r.session.ended).toBe('count');
    expect(r.session.state.ledger.totals.groups).toBe(5);
    const summary = r.session.close();
    const all = faults.reduce((a, b) => a + b);
    expect([groupsOf(r.events), answered(r.events)]).toEqual([FIVE, FIVE]);
    expect(summary.counters).toMatchObject({ groups: all, success: all });
    expect(summary.beyond).toEqual(all === 5 ? undefined : { groups: all - 5, faults: all - 5 });
  });

  it('the exit plan is for all, and tells of those that were asked for', () => {
    const r = rig({ until, onExit: 'invalid' });
    r.fault(12);
    const summary = r.session.close();
    expect([groupsOf(r.events), answered(r.events)]).toEqual([FIVE, FIVE]);
    expect([summary.outstanding, summary.counters.invalid]).toEqual([
      { groups: 12, plan: 'invalid', answered: 12 },
      12,
    ]);
  });
});
