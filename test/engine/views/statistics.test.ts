import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyMeter } from '../../../src/engine/ledger/latency.ts';
import { statistics } from '../../../src/engine/views/statistics.ts';
import { LAB_PERM_PARTIAL } from '../../../src/uapi/selftest.ts';
import { ofType, rig } from '../fixture.ts';

const SUCCESS = { rules: [{ then: 'success' as const }] };

describe('latency buckets', () => {
  it('end at 1-2-5 from 1 µs, and an answer is in the first that is long enough', () => {
    const meter = new LatencyMeter();
    for (const ns of [0, 1_000, 1_001, 2_000, 4_999, 5_001]) meter.add(ns);
    meter.add(40_000, 3);
    expect(meter.buckets()).toEqual([
      { toNs: 1_000, count: 2 },
      { toNs: 2_000, count: 2 },
      { toNs: 5_000, count: 1 },
      { toNs: 10_000, count: 1 },
      { toNs: 20_000, count: 0 },
      { toNs: 50_000, count: 3 },
    ]);
  });

  it('have a place for a group that waited for days', () => {
    const meter = new LatencyMeter();
    meter.add(3 * 86_400e9);
    expect(meter.buckets().at(-1)).toEqual({ toNs: 500_000e9, count: 1 });
  });

  it('are empty before the first answer', () => {
    expect(statistics(rig().session.state).latency).toEqual([]);
  });
});

describe('hot pages', () => {
  it.each([
    ['answered at once', SUCCESS],
    ['pending', {}],
  ])('are exact on a small workload, %s', (_, options) => {
    const { session, fault } = rig(options);
    const counted = new Map<string, number>();
    for (let i = 0; i < 300; i++) {
      const addr = 0xffff_8000_0000_0000n + BigInt((i * i) % 37) * 4096n;
      fault(1, null, addr + BigInt(i));
      const page = `0x${addr.toString(16)}`;
      counted.set(page, (counted.get(page) ?? 0) + 1);
    }
    const { pages } = statistics(session.state);
    expect(Object.fromEntries(pages.map(({ page, faults }) => [page, faults]))).toEqual(Object.fromEntries(counted));
    expect(pages.map((p) => p.faults)).toEqual(pages.map((p) => p.faults).sort((a, b) => b - a));
    for (const { faults, repeats } of pages) expect(repeats).toBe(faults - 1);
  });

  it('are 50 at most, and name the device and PASID', () => {
    const { session, fault, devId } = rig({ ...SUCCESS, devices: [{ pasid: true, pasids: [4] }] });
    fault(80);
    fault(1, 4, 0x7000n);
    fault(1, 4, 0x7000n);
    const { pages } = statistics(session.state);
    expect(pages).toHaveLength(50);
    expect(pages[0]).toEqual({ devId: devId(), device: 'mock0', pasid: 4, page: '0x7000', faults: 2, repeats: 1 });
  });

  it('goes on counting a page that others have crowded out of the table', () => {
    const { session, fault } = rig({ ...SUCCESS, history: 200_000 });
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 10; i++) fault(1, null, 0x5000n);
      for (let i = 0; i < 40; i++) fault(1_000, null, 0x1_0000_0000n * BigInt(round + 1) + BigInt(i) * 0x40_0000n);
    }
    expect(statistics(session.state).pages[0]).toMatchObject({ page: '0x5000', faults: 30 });
  });
});

describe('sources', () => {
  it('count groups, faults, repeats and permissions by device and PASID', () => {
    const { session, devId, kernel } = rig({ ...SUCCESS, devices: [{ pasid: true, pasids: [4] }, {}] });
    const { source } = session.state;
    const raise = (device: number, pasid: number | null, perm: number, addr: bigint) =>
      source.triggering?.trigger({ devId: devId(device), pasid, grpid: 1, perm, addr });
    raise(0, 4, 1, 0x1000n);
    raise(0, null, 2, 0x1000n);
    raise(0, 4, 3, 0x1000n);
    raise(1, null, 12, 0x1000n);
    session.step(0);
    expect(kernel.name).toBe('sim');
    const common = { device: 'mock0', devId: devId(), repeated: 0, read: 0, write: 0, exec: 0, priv: 0 };
    expect(statistics(session.state)).toMatchObject({
      otherGroups: 0,
      sources: [
        { ...common, pasid: 4, groups: 2, faults: 2, repeated: 1, read: 2, write: 1 },
        { ...common, pasid: null, groups: 1, faults: 1, write: 1 },
        { ...common, device: 'mock1', devId: devId(1), pasid: null, groups: 1, faults: 1, exec: 1, priv: 1 },
      ],
    });
  });

  it.each([
    ['answered at once', SUCCESS],
    ['pending', {}],
  ])('count the permissions of every fault of a group, %s', (_, options) => {
    const { session, devId } = rig(options);
    const raise = (perm: number, more: boolean, grpid: number) => {
      const bits = more ? (perm | LAB_PERM_PARTIAL) >>> 0 : perm;
      session.state.source.triggering?.trigger({ devId: devId(), pasid: null, grpid, perm: bits, addr: 0x1000n });
    };
    raise(1, false, 1);
    raise(1, false, 2);
    raise(2, true, 3);
    raise(4, true, 3);
    raise(1, false, 3);
    raise(1, false, 4);
    session.step(0);
    expect(statistics(session.state).sources).toMatchObject([
      { groups: 4, faults: 6, read: 4, write: 1, exec: 1, priv: 0, repeated: 3 },
    ]);
  });

  it('add up to the counters, answered at once or not', () => {
    const faults = fc.array(
      fc.record({ device: fc.integer({ min: 0, max: 1 }), page: fc.integer({ min: 0, max: 3 }) }),
    );
    fc.assert(
      fc.property(faults, fc.boolean(), (list, held) => {
        const { session, devId } = rig({ ...(held ? {} : SUCCESS), devices: [{}, {}] });
        list.forEach(({ device, page }, grpid) => {
          const addr = BigInt(page) * 4096n;
          session.state.source.triggering?.trigger({ devId: devId(device), pasid: null, grpid, perm: 1, addr });
          if (grpid % 3 === 0) session.step(0);
        });
        session.step(0);
        const { sources } = statistics(session.state);
        const total = (field: 'groups' | 'faults' | 'repeated') => sources.reduce((sum, s) => sum + s[field], 0);
        const { counters, devices } = session.snapshot();
        expect([total('groups'), total('faults'), total('repeated')]).toEqual([
          counters.groups,
          counters.faults,
          counters.repeated,
        ]);
        expect(devices.reduce((sum, d) => sum + d.faults, 0)).toBe(counters.faults);
      }),
    );
  });
});

describe('statistics', () => {
  it('come with a snapshot only where they are asked for', () => {
    const { session, events } = rig();
    session.command({ cmd: 'snapshot' }, 'script');
    session.command({ cmd: 'snapshot', statistics: true }, 'script');
    expect(ofType(events, 'snapshot').map((s) => s.statistics !== undefined)).toEqual([false, true]);
  });
});
