// Every refusal of the real kernel that can be provoked with the lab's devices, in the words that the user sees.
import { afterEach, describe, expect, it } from 'vitest';
import { IommufdError } from '../../src/iommufd/error.ts';
import { Iommufd } from '../../src/iommufd/iommufd.ts';
import { VfioDevice } from '../../src/iommufd/vfio-device.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { LinuxKernel } from '../../src/kernel/linux/linux.ts';
import type { DevId, FaultId, HwptId, IoasId } from '../../src/uapi/ids.ts';
import { IOMMU_DESTROY, IOMMU_HWPT_ALLOC } from '../../src/uapi/ioctl.ts';
import { HwptAllocFlag, iommuDestroy, iommuHwptAlloc } from '../../src/uapi/iommufd.ts';
import { struct } from '../../src/uapi/struct.ts';

const kernel: Kernel = new LinuxKernel();
const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

const VFIO0 = '/dev/vfio/devices/vfio0';
const VFIO1 = '/dev/vfio/devices/vfio1';
const GROUP0 = '/dev/vfio/0';
const READ_WRITE = 2;

function opened(path?: string): Iommufd {
  const iommufd = path === undefined ? Iommufd.open(kernel) : Iommufd.open(kernel, path);
  undo.push(() => iommufd.close());
  return iommufd;
}

/** A bound device, an IOAS, a fault object and a HWPT that the device is attached to. */
function attached(path = VFIO0) {
  const iommufd = opened();
  const device = VfioDevice.open(iommufd, path, 'the device');
  undo.push(() => device.release());
  const ioasId = iommufd.allocIoas();
  const queue = iommufd.allocFaultQueue();
  undo.push(() => queue.closeFd());
  const { devId } = device;
  const hwpt = iommufd.allocPagingHwpt({ devId, ioasId, faultId: queue.id, pasid: true });
  device.attach(null, hwpt.id);
  return { iommufd, device, devId, ioasId, queue, hwpt };
}

/** Until the end of the test. */
function asNobody(): void {
  const groups = process.getgroups?.() ?? [];
  process.setgroups?.([]);
  process.setegid?.(65_534);
  process.seteuid?.(65_534);
  undo.push(() => {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(groups);
  });
}

const allocHwpt = (iommufd: Iommufd, value: Parameters<typeof iommuHwptAlloc.encode>[0]) =>
  iommufd.call(IOMMU_HWPT_ALLOC, iommuHwptAlloc, value ?? {}, 'a HWPT');

/** IOMMU_DESTROY as a newer program might make it, with a field that this kernel does not know. */
const longerDestroy = struct('iommu_destroy', 16, { size: 'u32', id: 'u32', newer: 'u64' });

const REFUSALS: [string, () => unknown, RegExp, RegExp | null][] = [
  [
    'open: no such device',
    () => VfioDevice.open(opened(), '/dev/vfio/devices/vfio99'),
    /^open VFIO device \(\/dev\/vfio\/devices\/vfio99\): ENOENT, no such VFIO character device$/,
    /--bind.*CONFIG_VFIO_DEVICE_CDEV/,
  ],
  [
    'open: no iommufd there',
    () => Iommufd.open(kernel, '/dev/iommu-of-another'),
    /^open \/dev\/iommu: ENOENT, the kernel has no iommufd$/,
    /CONFIG_IOMMUFD/,
  ],
  [
    'open: no permission for the iommufd',
    () => {
      asNobody();
      return opened();
    },
    /^open \/dev\/iommu: EACCES, no permission$/,
    /run as root/,
  ],
  [
    'open: no permission for the device',
    () => {
      const iommufd = opened();
      asNobody();
      return VfioDevice.open(iommufd, VFIO0);
    },
    /^open VFIO device \(\/dev\/vfio\/devices\/vfio0\): EACCES, no permission$/,
    /access to \/dev\/vfio\/devices/,
  ],
  [
    'an ioctl that the kernel does not know',
    () => opened().call({ name: 'IOMMU_NEWER', nr: 0x3bef }, iommuDestroy, {}),
    /^IOMMU_NEWER: ENOTTY, the kernel does not support this ioctl$/,
    null,
  ],
  [
    'a field that the kernel does not know',
    () => opened().call(IOMMU_DESTROY, longerDestroy, { id: 1, newer: 1n }, 'object 1'),
    /^IOMMU_DESTROY \(object 1\): E2BIG, the kernel is older than the fields used$/,
    null,
  ],
  [
    'BIND: its group is open',
    () => {
      const group = kernel.open(GROUP0, READ_WRITE);
      expect(group).toBeGreaterThan(0);
      undo.push(() => kernel.close(group));
      return VfioDevice.open(opened(), VFIO0, 'vfio0');
    },
    /^VFIO_DEVICE_BIND_IOMMUFD \(vfio0\): EBUSY, its VFIO group is open/,
    /iopftop devices/,
  ],
  [
    'BIND: bound by another open file',
    () => {
      attached();
      return VfioDevice.open(opened(), VFIO0, 'vfio0');
    },
    /^VFIO_DEVICE_BIND_IOMMUFD \(vfio0\): EINVAL, another process has the device bound, or the device is not cache coherent/,
    /iopftop devices/,
  ],
  [
    'BIND: not an iommufd',
    () => VfioDevice.open(opened('/dev/null'), VFIO0, 'vfio0'),
    /^VFIO_DEVICE_BIND_IOMMUFD \(vfio0\): EBADFD, the descriptor is not an iommufd$/,
    null,
  ],
  [
    'GET_HW_INFO: no such device',
    () => opened().hwInfo(77 as DevId),
    /^IOMMU_GET_HW_INFO \(device 77\): ENOENT, no such device, or it has no IOMMU$/,
    null,
  ],
  [
    'HWPT: NEST_PARENT with a fault object',
    () => {
      const { iommufd, devId, ioasId, queue } = attached();
      const flags = HwptAllocFlag.NEST_PARENT | HwptAllocFlag.FAULT_ID_VALID;
      return allocHwpt(iommufd, { flags, devId, ptId: ioasId, faultId: queue.id });
    },
    /^IOMMU_HWPT_ALLOC \(a HWPT\): EOPNOTSUPP, the kernel or the IOMMU does not support such a HWPT$/,
    /6\.13.*NEST_PARENT/,
  ],
  [
    'HWPT: no such device',
    () => opened().allocPagingHwpt({ devId: 77 as DevId, ioasId: 1 as IoasId }),
    /^IOMMU_HWPT_ALLOC \(paging HWPT for device 77\): ENOENT, no such device or fault object, or the device has no IOMMU$/,
    null,
  ],
  [
    'HWPT: no such fault object',
    () => {
      const { iommufd, devId, ioasId } = attached();
      return iommufd.allocPagingHwpt({ devId, ioasId, faultId: 77 as FaultId });
    },
    /^IOMMU_HWPT_ALLOC \(paging HWPT for device \d+, fault object 77\): ENOENT/,
    null,
  ],
  [
    'HWPT: over something that is no page table',
    () => {
      const { iommufd, devId, queue } = attached();
      return allocHwpt(iommufd, { devId, ptId: queue.id });
    },
    /^IOMMU_HWPT_ALLOC \(a HWPT\): EINVAL, no such IOAS or parent, or it, the flags or the data do not match$/,
    null,
  ],
  [
    'ATTACH: no such HWPT',
    () => attached().device.attach(null, 77 as HwptId),
    /^VFIO_DEVICE_ATTACH_IOMMUFD_PT \(the device\): ENOENT, no such HWPT$/,
    null,
  ],
  [
    'ATTACH a PASID of a device without',
    () => {
      const { device, hwpt } = attached();
      return device.attach(5, hwpt.id);
    },
    /^VFIO_DEVICE_ATTACH_IOMMUFD_PT \(the device, PASID 5\): EINVAL, the HWPT does not match/,
    null,
  ],
  [
    'ATTACH a PASID to a HWPT that takes none',
    () => {
      const { iommufd, device, devId, ioasId, queue } = attached(VFIO1);
      return device.attach(5, iommufd.allocPagingHwpt({ devId, ioasId, faultId: queue.id }).id);
    },
    /^VFIO_DEVICE_ATTACH_IOMMUFD_PT \(the device, PASID 5\): EINVAL, the HWPT does not match/,
    null,
  ],
  [
    'MAP: there already',
    () => {
      const { iommufd, ioasId } = attached();
      const memory = kernel.memory(4_096);
      for (let i = 0; i < 2; i++) iommufd.map(ioasId, memory, 0x1000_0000n, 4_096);
    },
    /^IOMMU_IOAS_MAP \(IOAS \d+, iova 0x10000000, 4096 bytes\): EEXIST, part of the range is already mapped$/,
    null,
  ],
  [
    'DESTROY: a HWPT that a device is attached to',
    () => {
      const { iommufd, hwpt } = attached();
      iommufd.destroy(hwpt.id, 'HWPT');
    },
    /^IOMMU_DESTROY \(HWPT \d+\): EBUSY, the object is in use$/,
    /detach the devices/,
  ],
  [
    'DESTROY: a fault object whose descriptor is open',
    () => {
      const { iommufd, device, hwpt, queue } = attached();
      device.detach(null);
      iommufd.destroy(hwpt.id, 'HWPT');
      iommufd.destroy(queue.id, 'fault object');
    },
    /^IOMMU_DESTROY \(fault object \d+\): EBUSY, the object is in use$/,
    /close its fault descriptor first/,
  ],
  [
    'TRIGGER_IOPF: no such device',
    () => new VfioDevice(opened(), -1 as never, 77 as DevId).trigger({ grpid: 1, perm: 1, addr: 0n }),
    /^IOMMU_TEST_CMD \(device 77\): ENOENT, no such device or HWPT$/,
    null,
  ],
];

describe('what the kernel refuses', () => {
  it.each(REFUSALS)('%s', (_, provoke, message, hint) => {
    let refused: unknown = null;
    try {
      provoke();
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(IommufdError);
    const error = refused as IommufdError;
    expect(error.message).toMatch(message);
    if (hint === null) expect(error.hint).toBe(null);
    else expect(error.hint).toMatch(hint);
  });
});
