// Floods on whichever kernel: groups are queued first, then a session begins to read.
import { expect } from 'vitest';
import type { Kernel } from '../../src/kernel/kernel.ts';
import type { Rule } from '../../src/protocol/messages.ts';
import { type MockDeviceSpec, mockSource } from '../../src/sources/owned/device-source.ts';
import { OwnedSource } from '../../src/sources/owned/owned-source.ts';
import { PgfaultPerm } from '../../src/uapi/perm.ts';
import { LAB_PERM_PARTIAL } from '../../src/uapi/selftest.ts';
import { INFO, type Rig, rig } from '../engine/fixture.ts';

export function sourceOn(kernel: Kernel, devices: Partial<MockDeviceSpec>[] = [{}]): OwnedSource {
  const specs = devices.map(
    (more, i): MockDeviceSpec => ({ name: `mock${i}`, pasid: false, hwpt: 'paging', pasids: [], ...more }),
  );
  return new OwnedSource({ kernel, info: INFO, devices: specs.map(mockSource) });
}

/** Triggers groups of `faults` faults at one page after another. */
export function queue(source: OwnedSource, groups: number, faults = 1): void {
  const { devId } = source.devices[0] as { devId: number };
  for (let group = 0; group < groups; group++) {
    for (let fault = 1; fault <= faults; fault++) {
      const perm = (PgfaultPerm.READ | (fault < faults ? LAB_PERM_PARTIAL : 0)) >>> 0;
      source.triggering?.trigger({
        devId,
        pasid: null,
        grpid: group & 0x1ff,
        perm,
        addr: BigInt(group * faults + fault) << 12n,
      });
    }
  }
}

/** A session over it, which has read all that waits. */
export function readAll(source: OwnedSource, rules: Rule[] = []): Rig {
  const run = rig({ on: source, rules, history: 100_000, events: false });
  while (run.session.step(0) > 0);
  return run;
}

/** All that came was counted, and each group is answered or pending. */
export function allThere({ session }: Rig, groups: number, faults: number): void {
  const { counters } = session.snapshot(0, 0);
  expect(counters).toMatchObject({ groups, faults });
  expect(counters.success + counters.invalid + counters.auto + counters.pending).toBe(groups);
}

/** Bytes of the heap and of buffers in use. */
export function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
