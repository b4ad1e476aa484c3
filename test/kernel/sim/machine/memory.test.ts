// Addresses on the simulated host: what the hardware leaves of them, and what may be pinned.
import { describe, expect, it } from 'vitest';
import * as ioctls from '../../../../src/uapi/ioctl.ts';
import { HwptAllocFlag, IoasMapFlag, iommuIovaRange } from '../../../../src/uapi/iommufd.ts';
import { Host } from './host.ts';

const { FIXED_IOVA, READABLE, WRITEABLE } = IoasMapFlag;
const MSI = 0xfee0_0000n;

const map = (host: Host, ioasId: number, iova: bigint, length = 4096n) => {
  const { address } = host.kernel.memory(Number(length));
  const fields = { ioasId, iova, length, userVa: address, flags: FIXED_IOVA | READABLE | WRITEABLE };
  return host.call(ioctls.IOMMU_IOAS_MAP, ioctls.IOMMU_IOAS_MAP.arg, fields).r;
};

function ranges(host: Host, ioasId: number): [bigint, bigint][] {
  const memory = host.kernel.memory(4096);
  const fields = { ioasId, numIovas: 16, allowedIovas: memory.address };
  const { out } = host.call(ioctls.IOMMU_IOAS_IOVA_RANGES, ioctls.IOMMU_IOAS_IOVA_RANGES.arg, fields);
  return Array.from({ length: out.numIovas }, (_, i) => {
    const { start, last } = iommuIovaRange.decode(memory.bytes, i * iommuIovaRange.size);
    return [start, last];
  });
}

describe('reserved regions', () => {
  it('are left out while a device is attached, and come back (iopt_table_enforce_dev_resv_regions())', () => {
    const host = new Host();
    const vfio = host.bind('0000:17:00.0');
    const { ioas, hwpt } = vfio.deliver();
    expect(ranges(host, ioas)).toEqual([
      [0n, MSI - 1n],
      [MSI + 0x10_0000n, (1n << 47n) - 1n],
    ]);
    expect([map(host, ioas, MSI), map(host, ioas, 0n)]).toEqual(['EINVAL', 0]);
    vfio.detach();
    expect(ranges(host, ioas)).toEqual([[0n, (1n << 47n) - 1n]]);
    expect([vfio.attach(hwpt), host.close(vfio.fd)]).toEqual([0, 0]);
    expect(ranges(host, ioas)).toHaveLength(1);
  });

  it('where something is mapped already, ATTACH is EADDRINUSE, and nothing stays reserved', () => {
    const host = new Host();
    const vfio = host.bind('0000:17:00.0');
    const ioas = host.ioas();
    const hwpt = host.hwpt({ dev: vfio.devId, pt: ioas });
    expect(map(host, ioas, MSI)).toBe(0);
    expect(vfio.attach(hwpt)).toBe('EADDRINUSE');
    expect(ranges(host, ioas)).toHaveLength(1);
  });

  it('a device that is refused reserves nothing', () => {
    const host = new Host();
    const vfio = host.bind('0000:81:00.0');
    const { ioas, attached } = vfio.deliver();
    expect([attached, ranges(host, ioas).length]).toEqual(['ENODEV', 1]);
  });

  it('move with the device from one IOAS to another', () => {
    const host = new Host();
    const vfio = host.bind('0000:17:00.0');
    const [first, second] = [vfio.deliver(), vfio.deliver()];
    expect([ranges(host, first.ioas).length, ranges(host, second.ioas).length]).toEqual([1, 2]);
  });

  it('a nested HWPT reserves in the IOAS of its parent', () => {
    const host = new Host();
    const vfio = host.bind('0000:17:00.0');
    const ioas = host.ioas();
    const parent = host.hwpt({ dev: vfio.devId, pt: ioas, flags: HwptAllocFlag.NEST_PARENT });
    expect(vfio.attach(host.vtdNested(vfio.devId, parent, { addrWidth: 48 }) as number)).toBe(0);
    expect(ranges(host, ioas)).toHaveLength(2);
  });
});

describe('RLIMIT_MEMLOCK', () => {
  it('is what may be pinned at most', () => {
    const host = new Host({ memlock: 65_536 });
    const vfio = host.bind('0000:17:00.0');
    const { ioas } = vfio.deliver();
    expect([map(host, ioas, 0n, 65_536n), map(host, ioas, 0x10_0000n)]).toEqual([0, 'ENOMEM']);
  });
});
