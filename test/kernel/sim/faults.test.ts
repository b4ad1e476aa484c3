import { describe, expect, it } from 'vitest';
import { IOMMU_DESTROY } from '../../../src/uapi/ioctl.ts';
import { LAB_PERM_PARTIAL, TestOp } from '../../../src/uapi/selftest.ts';
import { Bench } from './bench.ts';

const PARTIAL = LAB_PERM_PARTIAL | 1;

describe('partial faults', () => {
  it('are collected by grpid, oldest first, whatever their PASID', () => {
    const bench = new Bench();
    const { idev, queue } = bench.ready();
    bench.trigger(idev, { grpid: 1, perm: PARTIAL, addr: 0x1000n });
    bench.trigger(idev, { grpid: 2, perm: PARTIAL, addr: 0x2000n });
    bench.trigger(idev, { grpid: 1, perm: PARTIAL, addr: 0x3000n });
    expect(bench.read(queue.fd)).toEqual([]);
    bench.trigger(idev, { grpid: 1, perm: 2, addr: 0x4000n });
    const group = bench.read(queue.fd);
    expect(group.map((r) => r.addr)).toEqual([0x1000n, 0x3000n, 0x4000n]);
    expect(group.map((r) => r.flags)).toEqual([0, 0, 2]);
    expect(group.map((r) => r.perm)).toEqual([1, 1, 2]);
    expect(new Set(group.map((r) => r.cookie))).toEqual(new Set([1]));
  });

  it('are lost with the last fault-capable attachment of the device', () => {
    const bench = new Bench();
    const { idev, queue, ioas, stdev, hwpt } = bench.ready();
    bench.trigger(idev, { perm: PARTIAL });
    bench.replace(stdev, ioas);
    bench.replace(stdev, hwpt);
    bench.trigger(idev);
    expect(bench.read(queue.fd)).toHaveLength(1);
  });

  it('survive a replace by another fault-capable HWPT', () => {
    const bench = new Bench();
    const { idev, queue, ioas, stdev } = bench.ready();
    bench.trigger(idev, { perm: PARTIAL });
    bench.replace(stdev, bench.hwpt({ flags: 4, devId: idev, ptId: ioas, faultId: queue.id }).outHwptId);
    bench.trigger(idev);
    expect(bench.read(queue.fd)).toHaveLength(2);
  });

  it('are ordinary faults on a kernel without the edit', () => {
    const bench = new Bench({ partialTrigger: false });
    const { idev, queue } = bench.ready();
    bench.trigger(idev, { perm: PARTIAL });
    expect(bench.read(queue.fd)).toMatchObject([{ flags: 2, perm: PARTIAL >>> 0 }]);
  });
});

describe('cookies', () => {
  it('are the lowest that are free when a group is read', () => {
    const bench = new Bench();
    const { idev, queue } = bench.ready();
    for (let i = 0; i < 4; i++) bench.trigger(idev);
    expect(bench.read(queue.fd).map((r) => r.cookie)).toEqual([1, 2, 3, 4]);
    bench.respond(queue.fd, 3);
    bench.respond(queue.fd, 1);
    for (let i = 0; i < 3; i++) bench.trigger(idev);
    expect(bench.read(queue.fd).map((r) => r.cookie)).toEqual([1, 3, 5]);
  });
});

describe('an SVA bond', () => {
  it('answers its faults in the kernel', () => {
    const bench = new Bench();
    const { idev, queue, stdev, hwpt } = bench.ready({ pasid: true });
    const answers: unknown[] = [];
    bench.kernel.attachBehaviour(idev, {
      start: () => {},
      nextDue: () => undefined,
      tick: () => {},
      onResponse: (answer) => answers.push(answer),
    });
    expect(bench.kernel.bindSva(idev, 5)).toBe(0);
    expect(bench.kernel.bindSva(idev, 5)).toBe(-16);
    bench.trigger(idev, { pasid: 5, grpid: 7 });
    expect(bench.read(queue.fd)).toEqual([]);
    expect(answers).toEqual([{ pasid: 5, grpid: 7, code: 0, now: 0n }]);
    expect(bench.pasid(TestOp.PASID_ATTACH, stdev, 5, hwpt)).toBe(-16);
    // iommufd has no attachment there: a replace is EINVAL, a detach does nothing, and the bond stays.
    expect(bench.pasid(TestOp.PASID_REPLACE, stdev, 5, hwpt)).toBe(-22);
    bench.pasid(TestOp.PASID_DETACH, stdev, 5, 0);
    expect(bench.kernel.bindSva(idev, 5)).toBe(-16);
    bench.kernel.unbindSva(idev, 5);
    expect(bench.pasid(TestOp.PASID_ATTACH, stdev, 5, hwpt)).toBe(0);
  });
});

describe('references', () => {
  it('keep objects until what needs them is gone', () => {
    const bench = new Bench();
    const { ioas, queue, hwpt, stdev, idev } = bench.ready();
    expect([ioas, queue.id, hwpt, idev].map((id) => bench.destroy(id))).toEqual([-16, -16, -16, -16]);
    expect(bench.destroy(stdev)).toBe(0);
    expect(bench.destroy(idev)).toBe(-2);
    expect(bench.destroy(queue.id)).toBe(-16);
    expect(bench.destroy(hwpt)).toBe(0);
    expect(bench.destroy(queue.id)).toBe(-16);
    expect(bench.kernel.close(queue.fd)).toBe(0);
    expect([queue.id, ioas].map((id) => bench.destroy(id))).toEqual([0, 0]);
  });

  it('of an open fault file keep the context after /dev/iommu is closed', () => {
    const bench = new Bench();
    const { idev, queue } = bench.ready();
    bench.trigger(idev);
    const answers: number[] = [];
    bench.kernel.attachBehaviour(idev, {
      start: () => {},
      nextDue: () => undefined,
      tick: () => {},
      onResponse: ({ code }) => answers.push(code),
    });
    const copy = bench.kernel.dup(queue.fd);
    bench.kernel.close(bench.fd);
    bench.kernel.close(queue.fd);
    expect(answers).toEqual([]);
    expect(bench.kernel.close(copy)).toBe(0);
    expect(answers).toEqual([1]);
    expect(bench.kernel.ioctl(bench.fd, IOMMU_DESTROY.nr, new Uint8Array(8))).toBe(-9);
  });
});
