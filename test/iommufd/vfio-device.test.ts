import { describe, expect, it } from 'vitest';
import { IommufdError } from '../../src/iommufd/error.ts';
import { Iommufd } from '../../src/iommufd/iommufd.ts';
import { VfioDevice } from '../../src/iommufd/vfio-device.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import { HwInfoType } from '../../src/uapi/iommufd.ts';
import { machine } from '../sources/vfio/host-fixture.ts';

const failure = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof IommufdError) return error.message;
    throw error;
  }
  throw new Error('it did not fail');
};

/** The lab's device with PASIDs, bound. */
function bound(kernel = new SimKernel()) {
  const iommufd = Iommufd.open(kernel);
  const device = VfioDevice.open(iommufd, '/dev/vfio/devices/vfio1', 'vfio1');
  const ioasId = iommufd.allocIoas();
  const queue = iommufd.allocFaultQueue();
  const hwpt = iommufd.allocPagingHwpt({ devId: device.devId, ioasId, faultId: queue.id, pasid: true });
  const addresses = () => {
    const bytes = new Uint8Array(81_920);
    return queue.read(bytes) / 40;
  };
  return { kernel, iommufd, device, ioasId, queue, hwpt, faults: addresses };
}

const FAULT = { grpid: 1, perm: 1, addr: 0x1000n };

describe('VfioDevice', () => {
  it('attaches, replaces and detaches the device and its PASIDs', () => {
    const { device, ioasId, hwpt, faults } = bound();
    expect(device.attach(null, hwpt.id)).toBe(hwpt.id);
    device.trigger(FAULT);
    expect(faults()).toBe(1);
    expect(device.attach(7, hwpt.id)).toBe(hwpt.id);
    device.trigger({ ...FAULT, pasid: 7 });
    expect(faults()).toBe(1);
    device.detach(7);
    device.trigger({ ...FAULT, pasid: 7 });
    expect(faults()).toBe(0);
    expect(device.replace(null, ioasId)).not.toBe(hwpt.id);
    device.trigger(FAULT);
    expect(faults()).toBe(0);
    device.replace(null, hwpt.id);
    device.detach(null);
    device.trigger(FAULT);
    expect(faults()).toBe(0);
    device.release();
  });

  it('release detaches and unbinds: another can have it, and its HWPT can go', () => {
    const { kernel, iommufd, device, hwpt } = bound();
    device.attach(null, hwpt.id);
    expect(failure(() => VfioDevice.open(iommufd, '/dev/vfio/devices/vfio1', 'vfio1'))).toMatch(
      /^VFIO_DEVICE_BIND_IOMMUFD \(vfio1\): EINVAL/,
    );
    device.release();
    iommufd.destroy(hwpt.id);
    VfioDevice.open(Iommufd.open(kernel), '/dev/vfio/devices/vfio1').release();
  });

  it('a descriptor that is bound already is taken as it is', () => {
    const { iommufd, device, hwpt, faults } = bound();
    const again = new VfioDevice(iommufd, device.fd, device.devId);
    again.attach(null, hwpt.id);
    again.trigger(FAULT);
    expect(faults()).toBe(1);
    expect(failure(() => again.attach(null, 99 as never))).toBe(
      `VFIO_DEVICE_ATTACH_IOMMUFD_PT (device ${device.devId}): ENOENT, no such HWPT`,
    );
  });

  it('leaves no descriptor where it cannot be bound', () => {
    const kernel = new SimKernel();
    const iommufd = Iommufd.open(kernel);
    const lowest = () => {
      const fd = kernel.open('/dev/iommu', 2);
      kernel.close(fd);
      return fd;
    };
    const before = lowest();
    iommufd.close();
    expect(failure(() => VfioDevice.open(iommufd, '/dev/vfio/devices/vfio0'))).toMatch(/EBADFD?, /);
    expect(failure(() => VfioDevice.open(iommufd, '/dev/vfio/devices/vfio9'))).toMatch(/^open VFIO device .*ENOENT/);
    expect(lowest()).toBeLessThan(before);
  });
});

describe('what is behind a device', () => {
  const info = (kernel: SimKernel, path: string) => {
    const iommufd = Iommufd.open(kernel);
    return iommufd.hwInfo(VfioDevice.open(iommufd, path).devId);
  };

  it('the selftest IOMMU, with and without PASIDs', () => {
    const kernel = new SimKernel();
    expect(info(kernel, '/dev/vfio/devices/vfio0')).toEqual({ type: HwInfoType.SELFTEST, pasidBits: 0 });
    expect(info(kernel, '/dev/vfio/devices/vfio1')).toEqual({ type: HwInfoType.SELFTEST, pasidBits: 20 });
  });

  it('VT-d takes nested HWPTs over a page table in its parent', () => {
    const { kernel, files } = machine();
    const [name] = files.list('/sys/bus/pci/devices/0000:17:00.0/vfio-dev');
    const iommufd = Iommufd.open(kernel);
    const { devId } = VfioDevice.open(iommufd, `/dev/vfio/devices/${name}`);
    expect(iommufd.hwInfo(devId).type).toBe(HwInfoType.INTEL_VTD);
    const ioasId = iommufd.allocIoas();
    const memory = kernel.memory(4_096);
    const table = iommufd.mapAnywhere(ioasId, memory, 4_096);
    const parent = iommufd.allocNestParent(devId, ioasId);
    const queue = iommufd.allocFaultQueue();
    const hwpt = iommufd.allocVtdNestedHwpt({ devId, ioasId, faultId: queue.id }, parent.id, table);
    expect(hwpt).toMatchObject({ kind: 'nested', faultId: queue.id });
    expect(failure(() => iommufd.allocSelftestNestedHwpt({ devId, ioasId }, parent.id))).toMatch(/EOPNOTSUPP/);
  });
});
