// Queues that others opened, on both kernels: the giver's objects, descriptors of ours for them, and a session on those.
import { beforeEach, describe, expect, it } from 'vitest';
import type { FaultQueue } from '../../src/iommufd/fault-queue.ts';
import { type Hwpt, Iommufd } from '../../src/iommufd/iommufd.ts';
import { VfioDevice } from '../../src/iommufd/vfio-device.ts';

import type { Kernel } from '../../src/kernel/kernel.ts';
import { HandedSource } from '../../src/sources/handed/handed-source.ts';
import { openHandedOn } from '../../src/sources/handed/open.ts';
import type { Given } from '../../src/sources/listen/given.ts';
import type { Fd } from '../../src/uapi/ids.ts';
import { ofType, type Rig, rig } from '../engine/fixture.ts';
import { type Linked, withLinks } from '../helpers/links.ts';
import { kernelUnderTest } from './kernel-under-test.ts';

const QUEUE = 'anon_inode:[iommufd-pgfault]';
let kernel: Kernel;
let another: Linked['another'];

interface Giver {
  readonly iommufd: Iommufd;
  readonly device: VfioDevice;
  readonly queue: FaultQueue;
  readonly hwpt: Hwpt;
  fault(count: number): void;
  /** Closes all of it, and says whether the kernel let it go. */
  close(): void;
}

/** A VMM with one device, which faults with that PASID. */
function giver(pasid: number | null = null): Giver {
  const iommufd = Iommufd.open(kernel);
  const device = VfioDevice.open(iommufd, `/dev/vfio/devices/vfio${pasid === null ? 0 : 1}`);
  const ioasId = iommufd.allocIoas();
  const queue = iommufd.allocFaultQueue();
  const hwpt = iommufd.allocPagingHwpt({ devId: device.devId, ioasId, faultId: queue.id, pasid: pasid !== null });
  device.attach(null, hwpt.id);
  if (pasid !== null) device.attach(pasid, hwpt.id);
  let grpid = 0;
  return {
    iommufd,
    device,
    queue,
    hwpt,
    fault(count) {
      const by = pasid === null ? {} : { pasid };
      for (let i = 0; i < count; i++)
        device.trigger({ ...by, grpid: grpid++, perm: 1, addr: 0x1000_0000n + 0x1000n * BigInt(grpid) });
    },
    close() {
      if (pasid !== null) device.detach(pasid);
      device.release();
      queue.closeFd();
      iommufd.destroy(hwpt.id);
      iommufd.destroy(queue.id);
      iommufd.destroy(ioasId);
      iommufd.close();
    },
  };
}

function handed({ queue, iommufd, device }: Giver, { withDevice = true, times = 1 } = {}): Rig {
  const faultFds = Array.from({ length: times }, () => another(queue.fd, QUEUE));
  const source = openHandedOn(kernel, {
    kind: 'handed',
    faultFds,
    iommufd: withDevice ? another(iommufd.fd, '/dev/iommu') : null,
    deviceFds: withDevice ? [{ fd: another(device.fd, '/dev/vfio/devices/vfio0'), devId: device.devId }] : [],
    listen: null,
  });
  return rig({ on: source });
}

beforeEach(async () => {
  ({ kernel, another } = withLinks(await kernelUnderTest()));
});

describe('a queue that was left open for us', () => {
  it('is read and answered; its device appears with its first fault', () => {
    const vmm = giver();
    const r = handed(vmm, { withDevice: false });
    expect(r.session.snapshot().devices).toEqual([]);
    vmm.fault(3);
    r.session.step(0);
    const { devices, pending } = r.session.snapshot();
    expect(devices).toMatchObject([{ devId: vmm.device.devId, name: `device ${vmm.device.devId}`, pending: 3 }]);
    expect(pending).toHaveLength(3);
    r.session.command({ cmd: 'respond', all: true, code: 'success' }, 'key');
    expect(r.session.snapshot().counters).toMatchObject({ success: 3, pending: 0 });
    r.session.close();
    vmm.close();
  });

  it('what we have read is answered INVALID when we leave, what waits stays for its owner', () => {
    const vmm = giver();
    const r = handed(vmm, { withDevice: false });
    vmm.fault(2);
    r.session.step(0);
    vmm.fault(1);
    const summary = r.session.close();
    expect(summary.outstanding).toEqual({ groups: 2, plan: 'invalid', answered: 2 });
    expect(vmm.queue.readable()).toBe(true);
    vmm.queue.invalidateAll();
    vmm.close();
  });

  it('without its device it can be answered and no more', () => {
    const vmm = giver();
    const r = handed(vmm, { withDevice: false });
    vmm.fault(1);
    r.session.step(0);
    const { devId } = vmm.device;
    r.session.command({ cmd: 'replace', devId, hwpt: 'new-paging' }, 'key');
    r.session.command({ cmd: 'trigger', devId }, 'key');
    r.session.step(0);
    r.session.command({ cmd: 'respond', group: 1, code: 'map' }, 'key');
    r.session.command({ cmd: 'attach', devId: 99, hwpt: 'new-paging' }, 'key');
    const answered = 'can only be answered: its descriptor was not handed over';
    expect(ofType(r.events, 'error').map(({ message }) => message)).toEqual([
      `device ${devId} ${answered}`,
      expect.stringContaining('cannot be made to fault'),
      expect.stringContaining('a page table that iopftop does not know'),
      expect.stringContaining('99'),
    ]);
    r.session.close();
    vmm.close();
  });
});

describe('with the iommufd and the device', () => {
  it('its HWPT is replaced by one of ours, whose faults come to a queue of ours', () => {
    const vmm = giver();
    const r = handed(vmm);
    const { devId } = vmm.device;
    vmm.fault(2);
    r.session.step(0);
    r.session.command({ cmd: 'replace', devId, hwpt: 'new-paging' }, 'key');
    expect(ofType(r.events, 'error')).toEqual([]);
    expect(ofType(r.events, 'auto-responded')).toMatchObject([{ groups: [1, 2], reason: 'replace' }]);
    vmm.fault(1);
    expect(vmm.queue.readable()).toBe(false);
    r.session.step(0);
    expect(r.session.snapshot().pending).toMatchObject([{ group: 3, queue: 1 }]);
    r.session.command({ cmd: 'respond', group: 3, code: 'map' }, 'key');
    expect(r.session.snapshot().counters).toMatchObject({ success: 1, pending: 0 });
    r.session.close();
    // Nobody has told what it was attached to: it stays detached, and says so.
    expect(ofType(r.events, 'error')).toMatchObject([{ message: expect.stringContaining('stays detached') }]);
    vmm.close();
  });

  it('detach, attach, and a PASID that the device has not', () => {
    const vmm = giver();
    const r = handed(vmm);
    const { devId } = vmm.device;
    r.session.command({ cmd: 'detach', devId }, 'key');
    expect(r.session.snapshot().devices[0]?.attachments).toEqual([]);
    r.session.command({ cmd: 'attach', devId, hwpt: 'new-paging' }, 'key');
    expect(r.session.snapshot().devices[0]?.attachments).toMatchObject([{ hwptKind: 'paging', handler: 'us' }]);
    r.session.command({ cmd: 'attach', devId, hwpt: 'new-paging' }, 'key');
    r.session.command({ cmd: 'replace', devId, hwpt: 12_345 }, 'key');
    r.session.command({ cmd: 'attach', devId, pasid: 5, hwpt: 'new-paging' }, 'key');
    expect(ofType(r.events, 'error').map(({ kind }) => kind)).toEqual(['refused', 'gone', 'kernel']);
    r.session.close();
    vmm.close();
  });

  it('what came through a PASID that its owner has attached is not taken for answered when the device is detached', () => {
    const vmm = giver(3);
    const r = handed(vmm);
    vmm.fault(2);
    r.session.step(0);
    r.session.command({ cmd: 'detach', devId: vmm.device.devId }, 'key');
    expect(r.session.snapshot().counters).toMatchObject({ auto: 0, pending: 2 });
    r.session.command({ cmd: 'respond', all: true, code: 'success' }, 'key');
    expect(r.session.snapshot().counters).toMatchObject({ success: 2, auto: 0, pending: 0 });
    expect(ofType(r.events, 'error')).toEqual([]);
    r.session.close();
    vmm.close();
  });

  it('what the kernel has answered for its owner is gone at the end, not unanswered', () => {
    const vmm = giver();
    const r = handed(vmm, { withDevice: false });
    vmm.fault(2);
    r.session.step(0);
    vmm.device.detach(null);
    const { outstanding, counters } = r.session.close();
    expect(outstanding).toEqual({ groups: 2, plan: 'invalid', answered: 0, gone: 2 });
    expect(counters).toMatchObject({ auto: 2, invalid: 0, pending: 0 });
    vmm.close();
  });

  it('goes back to the HWPT that it had; where that is gone it is detached, and that is said', () => {
    const vmm = giver();
    const { device, hwpt } = vmm;
    const source = new HandedSource(kernel, 'test');
    const context = source.openContext('vmm');
    const given = (): Given => ({
      queues: [],
      iommufd: { fd: another(vmm.iommufd.fd, '/dev/iommu'), what: 'iommufd' },
      devices: [
        {
          fd: another(device.fd, '/dev/vfio/devices/vfio0'),
          devId: device.devId,
          name: null,
          hwptId: hwpt.id,
          ioasId: hwpt.ioasId,
          what: 'devices[0]',
        },
      ],
    });
    source.take(context, given());
    source.replace(device.devId, null, 'new-paging');
    expect(context.close()).toEqual([]);
    vmm.fault(1);
    expect(vmm.queue.readable()).toBe(true);
    vmm.queue.invalidateAll();

    const second = source.openContext('vmm');
    source.take(second, given());
    source.replace(device.devId + second.shift, null, 'new-paging');
    vmm.iommufd.destroy(hwpt.id);
    expect(second.close().map(({ message }) => message)).toEqual([expect.stringContaining('ENOENT')]);
    device.release();
    vmm.queue.closeFd();
    vmm.iommufd.destroy(vmm.queue.id);
    vmm.iommufd.destroy(hwpt.ioasId);
    vmm.iommufd.close();
  });

  it('leaves nothing in the iommufd: the giver can take all of it apart', () => {
    const vmm = giver();
    const r = handed(vmm);
    r.session.command({ cmd: 'replace', devId: vmm.device.devId, hwpt: 'new-nested' }, 'key');
    r.session.command({ cmd: 'trigger', devId: vmm.device.devId, count: 3 }, 'key');
    r.session.step(0);
    expect(r.session.snapshot().counters.pending).toBe(3);
    r.session.close();
    expect(() => vmm.close()).not.toThrow();
  });
});

describe('what is wrong is said before anything is read', () => {
  const refusal = (options: Partial<Parameters<typeof openHandedOn>[1]>): string => {
    try {
      openHandedOn(kernel, { kind: 'handed', faultFds: [], iommufd: null, deviceFds: [], listen: null, ...options });
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('it was taken');
  };

  it('closed, the wrong kind, and a device that is not of that iommufd', () => {
    const vmm = giver();
    vmm.fault(1);
    const queue = another(vmm.queue.fd, QUEUE);
    const iommufd = another(vmm.iommufd.fd, '/dev/iommu');
    const device = another(vmm.device.fd, '/dev/vfio/devices/vfio0');
    expect(refusal({ faultFds: [queue, 987] })).toBe('--fault-fd 987: descriptor 987 is not open');
    expect(refusal({ faultFds: [iommufd] })).toBe(
      `--fault-fd ${iommufd} is not a fault queue: descriptor ${iommufd} is an iommufd`,
    );
    expect(refusal({ faultFds: [queue], iommufd: queue })).toBe(
      `--iommufd ${queue} is not an iommufd: descriptor ${queue} is a fault queue`,
    );
    const deviceFds = (fd: number, devId: number) => [{ fd, devId }];
    expect(refusal({ faultFds: [queue], iommufd, deviceFds: deviceFds(iommufd, 1) })).toBe(
      `--device-fd ${iommufd}:1 is not a VFIO device: descriptor ${iommufd} is an iommufd`,
    );
    expect(refusal({ faultFds: [queue], iommufd, deviceFds: deviceFds(device, 4_711) })).toBe(
      `--device-fd ${device}:4711: the iommufd has no device 4711`,
    );
    expect(vmm.queue.readable()).toBe(true);
    for (const fd of [queue, iommufd, device]) kernel.close(fd as Fd);
    vmm.close();
  });
});
