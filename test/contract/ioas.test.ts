// IOAS: drivers/iommu/iommufd/ioas.c and io_pagetable.c, on the selftest driver's aperture.
import { describe, expect } from 'vitest';
import * as ioctls from '../../src/uapi/ioctl.ts';
import { IoasMapFlag, iommuIovaRange } from '../../src/uapi/iommufd.ts';
import type { Context } from './context.ts';
import { test } from './fixture.ts';

const PAGE = 4096n;
/** MOCK_APERTURE_START and MOCK_APERTURE_LAST of iommufd_test.h. */
const START = 1n << 24n;
const LAST = (1n << 31n) - 1n;
const EVERYWHERE = (1n << 64n) - 1n;
const { FIXED_IOVA, READABLE, WRITEABLE } = IoasMapFlag;
const FIXED = FIXED_IOVA | READABLE | WRITEABLE;

type MapFields = Parameters<typeof ioctls.IOMMU_IOAS_MAP.arg.encode>[0];
const map = (context: Context, fields: MapFields) =>
  context.call(ioctls.IOMMU_IOAS_MAP, ioctls.IOMMU_IOAS_MAP.arg, fields ?? {});

function unmap(context: Context, ioasId: number, iova: bigint, length: bigint) {
  const { r, out } = context.call(ioctls.IOMMU_IOAS_UNMAP, ioctls.IOMMU_IOAS_UNMAP.arg, { ioasId, iova, length });
  return { r, length: out.length };
}

/** IOVA_RANGES with room for `room` ranges. */
function ranges(context: Context, ioasId: number, room = 8) {
  const memory = context.kernel.memory(4096);
  const { r, out } = context.call(ioctls.IOMMU_IOAS_IOVA_RANGES, ioctls.IOMMU_IOAS_IOVA_RANGES.arg, {
    ioasId,
    numIovas: room,
    allowedIovas: memory.address,
  });
  const list = Array.from({ length: Math.min(out.numIovas, room) }, (_, i) => {
    const { start, last } = iommuIovaRange.decode(memory.bytes, i * iommuIovaRange.size);
    return [start, last];
  });
  memory.free();
  return { r, total: out.numIovas, alignment: out.outIovaAlignment, list };
}

describe('iommufd_ioas_iova_ranges', () => {
  test('all of it without a device, the driver’s aperture with one', ({ context }) => {
    const ioas = context.ioas();
    expect(ranges(context, ioas)).toEqual({ r: 0, total: 1, alignment: 1n, list: [[0n, EVERYWHERE]] });
    const { stdev } = context.mock(ioas);
    expect(ranges(context, ioas)).toMatchObject({ r: 0, total: 1, list: [[START, LAST]] });
    context.destroy(stdev);
    expect(ranges(context, ioas)).toMatchObject({ r: 0, list: [[0n, EVERYWHERE]] });
  });

  test('too little room is EMSGSIZE, with the number that there are', ({ context }) => {
    const ioas = context.ioas();
    expect(ranges(context, ioas, 0)).toMatchObject({ r: 'EMSGSIZE', total: 1 });
  });

  test('unknown IOAS ENOENT, reserved EOPNOTSUPP', ({ context }) => {
    const ioctl = ioctls.IOMMU_IOAS_IOVA_RANGES;
    expect(context.call(ioctl, ioctl.arg, { ioasId: 77 }).r).toBe('ENOENT');
    expect(context.call(ioctl, ioctl.arg, { ioasId: context.ioas(), reserved: 1 }).r).toBe('EOPNOTSUPP');
  });
});

describe('iommufd_ioas_alloc_ioctl', () => {
  test('flags are EOPNOTSUPP', ({ context }) => {
    const ioctl = ioctls.IOMMU_IOAS_ALLOC;
    expect(context.call(ioctl, ioctl.arg, { flags: 1 }).r).toBe('EOPNOTSUPP');
  });

  test('destroying one that is attached is EBUSY, one with mappings is not', ({ context }) => {
    const ioas = context.ioas();
    const memory = context.kernel.memory(4096);
    map(context, { flags: FIXED, ioasId: ioas, userVa: memory.address, length: PAGE, iova: START });
    const { stdev } = context.mock(ioas);
    expect(context.destroy(ioas)).toBe('EBUSY');
    context.destroy(stdev);
    expect(context.destroy(ioas)).toBe(0);
    memory.free();
  });
});

describe('iommufd_ioas_map and unmap', () => {
  test('maps at a fixed address, with a device and without; unmap says how much', ({ context }) => {
    const memory = context.kernel.memory(4 * 4096);
    const alone = context.ioas();
    const attached = context.ioas();
    context.mock(attached);
    for (const ioasId of [alone, attached]) {
      const fields = { flags: FIXED, ioasId, userVa: memory.address, length: 4n * PAGE, iova: START };
      expect(map(context, fields).r).toBe(0);
      expect(unmap(context, ioasId, START, 4n * PAGE)).toEqual({ r: 0, length: 4n * PAGE });
      expect(unmap(context, ioasId, START, 4n * PAGE)).toMatchObject({ r: 'ENOENT' });
    }
    memory.free();
  });

  test('without FIXED_IOVA the kernel chooses, and tells', ({ context }) => {
    const memory = context.kernel.memory(4096);
    const ioasId = context.ioas();
    context.mock(ioasId);
    const flags = READABLE | WRITEABLE;
    const first = map(context, { flags, ioasId, userVa: memory.address, length: PAGE });
    const second = map(context, { flags, ioasId, userVa: memory.address, length: PAGE });
    expect([first.r, second.r]).toEqual([0, 0]);
    expect([first.out.iova, second.out.iova]).toEqual([START, START + PAGE]);
    memory.free();
  });

  test('over another mapping is EEXIST, outside the aperture EINVAL, past the end EOVERFLOW', ({ context }) => {
    const memory = context.kernel.memory(2 * 4096);
    const ioasId = context.ioas();
    context.mock(ioasId);
    const at = (iova: bigint, length = PAGE) =>
      map(context, { flags: FIXED, ioasId, userVa: memory.address, length, iova }).r;
    expect(at(START + PAGE)).toBe(0);
    expect(at(START + PAGE)).toBe('EEXIST');
    expect(at(START, 2n * PAGE)).toBe('EEXIST');
    expect(at(START - PAGE)).toBe('EINVAL');
    expect(at(LAST + 1n)).toBe('EINVAL');
    expect(at(START - PAGE, 2n * PAGE)).toBe('EINVAL');
    expect(at(EVERYWHERE - PAGE + 1n, 2n * PAGE)).toBe('EOVERFLOW');
    memory.free();
  });

  test('bad flags EOPNOTSUPP, no permission EINVAL, no IOAS ENOENT, length 0 or not aligned EINVAL', ({ context }) => {
    const memory = context.kernel.memory(4096);
    const ioasId = context.ioas();
    context.mock(ioasId);
    const good = { flags: FIXED, ioasId, userVa: memory.address, length: PAGE, iova: START };
    expect(map(context, { ...good, flags: FIXED | 8 }).r).toBe('EOPNOTSUPP');
    expect(map(context, { ...good, reserved: 1 }).r).toBe('EOPNOTSUPP');
    expect(map(context, { ...good, flags: FIXED_IOVA }).r).toBe('EINVAL');
    expect(map(context, { ...good, ioasId: 77 }).r).toBe('ENOENT');
    expect(map(context, { ...good, length: 0n }).r).toBe('EINVAL');
    expect(map(context, { ...good, length: 100n }).r).toBe('EINVAL');
    expect(map(context, { ...good, iova: START + 1n }).r).toBe('EINVAL');
    expect(map(context, { ...good, iova: EVERYWHERE }).r).toBe('EOVERFLOW');
    expect(map(context, { ...good, length: EVERYWHERE }).r).toBe('EOVERFLOW');
    memory.free();
  });

  test('memory that is not there is EFAULT once a device needs it, and not before', ({ context }) => {
    const [alone, attached] = [context.ioas(), context.ioas()];
    context.mock(attached);
    const fields = { flags: FIXED, userVa: 0x1000n, length: PAGE, iova: START };
    expect(map(context, { ...fields, ioasId: alone }).r).toBe(0);
    expect(map(context, { ...fields, ioasId: attached }).r).toBe('EFAULT');
  });

  test('unmap takes whole mappings only: a part of one is ENOENT', ({ context }) => {
    const memory = context.kernel.memory(2 * 4096);
    const ioasId = context.ioas();
    map(context, { flags: FIXED, ioasId, userVa: memory.address, length: 2n * PAGE, iova: START });
    expect(unmap(context, ioasId, START, PAGE).r).toBe('ENOENT');
    expect(unmap(context, ioasId, START + PAGE, PAGE).r).toBe('ENOENT');
    expect(unmap(context, ioasId, START, 0n).r).toBe('EINVAL');
    expect(unmap(context, ioasId, 0n, 1n << 40n)).toEqual({ r: 0, length: 2n * PAGE });
    memory.free();
  });

  test('unmap of everything (0, 2^64−1) is 0 even when nothing is mapped', ({ context }) => {
    const memory = context.kernel.memory(4096);
    const ioasId = context.ioas();
    expect(unmap(context, ioasId, 0n, EVERYWHERE)).toEqual({ r: 0, length: 0n });
    map(context, { flags: FIXED, ioasId, userVa: memory.address, length: PAGE, iova: START });
    expect(unmap(context, ioasId, 0n, EVERYWHERE)).toEqual({ r: 0, length: PAGE });
    expect(unmap(context, 77, 0n, EVERYWHERE).r).toBe('ENOENT');
    memory.free();
  });

  test('a device cannot be attached to an IOAS that has a mapping outside its aperture', ({ context }) => {
    const memory = context.kernel.memory(4096);
    const ioasId = context.ioas();
    map(context, { flags: FIXED, ioasId, userVa: memory.address, length: PAGE, iova: 0n });
    expect(context.tryMock(ioasId).r).toBe('EADDRINUSE');
    memory.free();
  });
});
