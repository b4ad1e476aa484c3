import { describe, expect, it } from 'vitest';
import { Poll } from '../../../src/kernel/kernel.ts';
import { VirtualClock } from '../../../src/kernel/sim/clock.ts';
import { SimKernel } from '../../../src/kernel/sim/sim.ts';
import { wake } from '../../../src/kernel/wake.ts';
import type { DevId } from '../../../src/uapi/ids.ts';
import { IOMMU_FAULT_QUEUE_ALLOC, IOMMU_IOAS_ALLOC, IOMMU_TEST_CMD } from '../../../src/uapi/ioctl.ts';
import { iommuFaultAlloc, iommuIoasAlloc } from '../../../src/uapi/iommufd.ts';
import { testMockDomainFlags } from '../../../src/uapi/selftest.ts';
import { Bench } from './bench.ts';

describe('kernels that lack something', () => {
  it('have no /dev/iommu, or not for us', () => {
    expect(new SimKernel({ absent: true }).open('/dev/iommu', 2)).toBe(-2);
    expect(new SimKernel({ noPermission: true }).open('/dev/iommu', 2)).toBe(-13);
    expect(new SimKernel({ vfio: false }).open('/dev/vfio/devices/vfio0', 2)).toBe(-2);
    expect(new SimKernel().open('/dev/vfio/devices/vfio2', 2)).toBe(-2);
  });

  it('have no selftest, no fault queues, or none for paging HWPTs', () => {
    const noSelftest = new Bench({ noSelftest: true });
    expect(noSelftest.call(IOMMU_TEST_CMD.nr, testMockDomainFlags, {}).rc).toBe(-25);
    const noQueue = new Bench({ noFaultQueue: true });
    expect(noQueue.call(IOMMU_FAULT_QUEUE_ALLOC.nr, iommuFaultAlloc, {}).rc).toBe(-25);
    const old = new Bench({ noPagingFault: true });
    const ioas = old.ioas();
    const { idev } = old.device(ioas);
    expect(old.hwpt({ flags: 4, devId: idev, ptId: ioas, faultId: old.queue().id }).rc).toBe(-95);
  });
});

describe('an argument', () => {
  it('is refused when it is too short, and when something that is not known is set', () => {
    const bench = new Bench();
    const alloc = (size: number, set?: number) => {
      const bytes = new Uint8Array(64);
      bytes[0] = size;
      if (set !== undefined) bytes[set] = 1;
      return bench.kernel.ioctl(bench.fd, IOMMU_IOAS_ALLOC.nr, bytes);
    };
    expect([alloc(11), alloc(12), alloc(32), alloc(32, 31), alloc(32, 32)]).toEqual([-22, 0, 0, -7, 0]);
    expect(bench.kernel.ioctl(bench.fd, IOMMU_IOAS_ALLOC.nr, new Uint8Array(2))).toBe(-14);
    expect(bench.kernel.ioctl(999, IOMMU_IOAS_ALLOC.nr, iommuIoasAlloc.encode())).toBe(-9);
  });
});

describe('poll', () => {
  it('ends at its time without waiting for it', () => {
    const bench = new Bench();
    const { queue } = bench.ready();
    const set = [{ fd: queue.fd, events: Poll.IN, revents: 0 }];
    expect(bench.kernel.poll(set, 250)).toBe(0);
    expect(bench.clock.now()).toBe(250_000_000n);
    expect(bench.kernel.poll(set, -1)).toBe(0);
  });

  it('is ready for a fault, for writing always, and says which descriptors are none', () => {
    const bench = new Bench();
    const { queue, idev } = bench.ready();
    bench.trigger(idev);
    const set = [queue.fd, 77, -1].map((fd) => ({ fd, events: Poll.IN | Poll.OUT, revents: 9 }));
    expect(bench.kernel.poll(set, -1)).toBe(2);
    expect(set.map((p) => p.revents)).toEqual([Poll.IN | Poll.OUT, Poll.NVAL, 0]);
  });

  it('is woken through the cell, until it is cleared', () => {
    const kernel = new SimKernel({ clock: new VirtualClock() });
    const wakeup = kernel.wakeup();
    const set = [{ fd: wakeup.fd, events: Poll.IN, revents: 0 }];
    expect(kernel.poll(set, 0)).toBe(0);
    wake(wakeup.handle);
    expect(kernel.poll(set, -1)).toBe(1);
    wakeup.clear();
    expect(kernel.poll(set, 0)).toBe(0);
  });

  it('lets a device act when it is due', () => {
    const bench = new Bench();
    const { idev, queue } = bench.ready();
    let due: bigint | undefined = 5_000_000n;
    const detach = bench.kernel.attachBehaviour(idev, {
      start: () => {},
      nextDue: () => due,
      tick: (_now, emit) => {
        emit({ pasid: 0, grpid: 3, perm: 1, addr: 0x1000n, last: true });
        due = undefined;
      },
      onResponse: () => {},
    });
    const set = [{ fd: queue.fd, events: Poll.IN, revents: 0 }];
    expect(bench.kernel.poll(set, 1000)).toBe(1);
    expect(bench.clock.now()).toBe(5_000_000n);
    expect(bench.read(queue.fd)).toMatchObject([{ grpid: 3, devId: idev, addr: 0x1000n }]);
    detach();
    due = 6_000_000n;
    expect(bench.kernel.poll(set, 10)).toBe(0);
  });

  it('says which device there is not', () => {
    const bench = new Bench();
    expect(() => bench.kernel.bindSva(9 as DevId, 1 as never)).toThrow('no device with id 9');
  });
});

describe('descriptors', () => {
  it('are the lowest that are free', () => {
    const bench = new Bench();
    const a = bench.kernel.dup(bench.fd);
    const b = bench.kernel.dup(bench.fd);
    bench.kernel.close(a);
    expect(bench.kernel.dup(b)).toBe(a);
    expect(bench.kernel.close(99)).toBe(-9);
    bench.kernel.closeAll();
    expect(bench.kernel.close(b)).toBe(-9);
  });

  it('of an iommufd are neither read nor written', () => {
    const { kernel, fd } = new Bench();
    const bytes = new Uint8Array(8);
    expect([kernel.read(fd, bytes), kernel.write(fd, bytes), kernel.pread(fd, bytes, 8, 0)]).toEqual([-22, -22, -22]);
    expect(kernel.read(55, bytes)).toBe(-9);
  });
});
