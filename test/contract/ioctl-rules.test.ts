// What holds for every ioctl: iommufd_fops_ioctl, iommufd_destroy (drivers/iommu/iommufd/main.c), copy_struct_from_user.
import { describe, expect } from 'vitest';
import * as ioctls from '../../src/uapi/ioctl.ts';
import { iommuHwInfo } from '../../src/uapi/iommufd.ts';
import { MockDeviceFlag, TestOp, testMockDomainFlags } from '../../src/uapi/selftest.ts';
import { test } from './fixture.ts';

/** An argument of `length` bytes that says that it has `size` (the first u32). */
function argument(length: number, size: number, ...words: readonly (readonly [at: number, value: number])[]) {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size, true);
  for (const [at, value] of words) view.setUint32(at, value, true);
  return bytes;
}

describe('iommufd_fops_ioctl', () => {
  test('an unknown number is ENOTTY', ({ context }) => {
    for (const nr of [0x3b9f, 0x3bff, 0x3b00, 0]) expect(context.raw(nr, argument(128, 8))).toBe('ENOTTY');
  });

  test('a number that has a size or a direction is not the same ioctl: ENOTTY', ({ context }) => {
    const nr = (0xc000_0000 | (8 << 16) | ioctls.IOMMU_DESTROY.nr) >>> 0;
    expect(context.raw(nr, argument(16, 8))).toBe('ENOTTY');
  });

  test('a size below the smallest that there ever was is EINVAL', ({ context }) => {
    const smallest: [{ nr: number }, number][] = [
      [ioctls.IOMMU_DESTROY, 8],
      [ioctls.IOMMU_IOAS_ALLOC, 12],
      [ioctls.IOMMU_IOAS_IOVA_RANGES, 32],
      [ioctls.IOMMU_IOAS_MAP, 40],
      [ioctls.IOMMU_IOAS_UNMAP, 24],
      [ioctls.IOMMU_HWPT_ALLOC, 24],
      [ioctls.IOMMU_FAULT_QUEUE_ALLOC, 16],
      [ioctls.IOMMU_TEST_CMD, 68],
    ];
    for (const [ioctl, size] of smallest) {
      expect(context.raw(ioctl.nr, argument(128, size - 1)), `0x${ioctl.nr.toString(16)}`).toBe('EINVAL');
      expect(context.raw(ioctl.nr, argument(128, 0))).toBe('EINVAL');
    }
  });

  test('a longer struct is taken when the rest is 0, and E2BIG when it is not', ({ context }) => {
    const ioas = context.ioas();
    expect(context.raw(ioctls.IOMMU_DESTROY.nr, argument(64, 64, [4, ioas], [60, 1]))).toBe('E2BIG');
    expect(context.raw(ioctls.IOMMU_DESTROY.nr, argument(64, 12, [4, ioas], [8, 1]))).toBe('E2BIG');
    expect(context.raw(ioctls.IOMMU_DESTROY.nr, argument(64, 64, [4, ioas]))).toBe(0);
  });

  test('what follows the stated size is not looked at', ({ context }) => {
    const ioas = context.ioas();
    expect(context.raw(ioctls.IOMMU_DESTROY.nr, argument(64, 8, [4, ioas], [8, 1]))).toBe(0);
  });

  test('an older, shorter HWPT_ALLOC works: missing fields are 0, and the answer fits', ({ context }) => {
    const ioas = context.ioas();
    const { idev, hwpt } = context.mock(ioas);
    const arg = ioctls.IOMMU_HWPT_ALLOC.arg;
    const bytes = argument(arg.size, 24, [arg.offsetOf.devId, idev], [arg.offsetOf.ptId, ioas], [44, 7]);
    expect(context.raw(ioctls.IOMMU_HWPT_ALLOC.nr, bytes)).toBe(0);
    expect(arg.decode(bytes)).toMatchObject({ outHwptId: hwpt + 1, reserved2: 7 });
  });

  test('of a call that failed nothing is written back', ({ context }) => {
    const bytes = argument(16, 16, [4, 1], [8, 0x5555_5555], [12, 0x5555_5555]);
    const before = bytes.slice();
    expect(context.raw(ioctls.IOMMU_FAULT_QUEUE_ALLOC.nr, bytes)).toBe('EOPNOTSUPP');
    expect(bytes).toEqual(before);
  });

  test('on a descriptor that is closed EBADF, on a fault descriptor ENOTTY', ({ context }) => {
    const { fd } = context.fault();
    expect(context.ioasOn(fd)).toBe('ENOTTY');
    context.close(fd);
    expect(context.ioasOn(fd)).toBe('EBADF');
    expect(context.ioasOn(-1)).toBe('EBADF');
  });

  test('read and write on the context’s descriptor are EINVAL, poll says all', ({ context }) => {
    expect(context.read(context.fd).r).toBe('EINVAL');
    expect(context.respond(context.fd, [1, 0])).toBe('EINVAL');
    expect(context.poll(context.fd)).toBe(0x45);
  });
});

describe('iommufd_destroy', () => {
  test('an id that is unknown is ENOENT, and so is one that was destroyed', ({ context }) => {
    const ioas = context.ioas();
    for (const id of [0, ioas + 1, 0xffff_ffff]) expect(context.destroy(id)).toBe('ENOENT');
    expect(context.destroy(ioas)).toBe(0);
    expect(context.destroy(ioas)).toBe('ENOENT');
  });
});

describe('open', () => {
  test('a path that is not there is ENOENT', ({ context }) => {
    expect(context.kernel.open('/dev/vfio/devices/vfio99', 2)).toBe(-2);
    expect(context.kernel.open('/dev/not-iommu', 2)).toBe(-2);
  });

  test('close of a descriptor that is closed is EBADF, and so is dup', ({ context }) => {
    const { fd } = context.fault();
    expect(context.close(fd)).toBe(0);
    expect(context.close(fd)).toBe('EBADF');
    expect(context.kernel.dup(fd)).toBe(-9);
  });

  test('a new descriptor takes the lowest free number', ({ context }) => {
    const [a, b] = [context.fault().fd, context.fault().fd];
    context.close(a);
    expect(context.dup(b)).toBe(a);
  });
});

describe('iommufd_test', () => {
  test('an unknown operation is EOPNOTSUPP', ({ context }) => {
    for (const op of [0, 999]) {
      expect(context.call(ioctls.IOMMU_TEST_CMD, testMockDomainFlags, { op }).r).toBe('EOPNOTSUPP');
    }
  });

  test('MOCK_DOMAIN is MOCK_DOMAIN_FLAGS without flags: what stands in their place is not looked at', ({ context }) => {
    const value = { op: TestOp.MOCK_DOMAIN, id: context.ioas(), devFlags: 0xffff };
    expect(context.call(ioctls.IOMMU_TEST_CMD, testMockDomainFlags, value)).toMatchObject({
      r: 0,
      out: { outStdevId: 2, outIdevId: 3, outHwptId: 4, devFlags: 0xffff },
    });
  });
});

describe('iommufd_get_hw_info', () => {
  test('says how many PASIDs a device has, and nothing about page requests', ({ context }) => {
    const ioas = context.ioas();
    const plain = context.mock(ioas);
    const pasid = context.mock(ioas, MockDeviceFlag.PASID);
    const info = (devId: number) => context.call(ioctls.IOMMU_GET_HW_INFO, iommuHwInfo, { devId });
    expect(info(plain.idev)).toMatchObject({ r: 0, out: { outDataType: 0xfeed_beef, outMaxPasidLog2: 0 } });
    expect(info(pasid.idev)).toMatchObject({ r: 0, out: { outDataType: 0xfeed_beef, outMaxPasidLog2: 20 } });
  });

  test('an unknown device is ENOENT, an unknown flag EOPNOTSUPP', ({ context }) => {
    const ioas = context.ioas();
    const { idev } = context.mock(ioas);
    expect(context.call(ioctls.IOMMU_GET_HW_INFO, iommuHwInfo, { devId: ioas }).r).toBe('ENOENT');
    expect(context.call(ioctls.IOMMU_GET_HW_INFO, iommuHwInfo, { devId: idev, flags: 2 }).r).toBe('EOPNOTSUPP');
  });
});
