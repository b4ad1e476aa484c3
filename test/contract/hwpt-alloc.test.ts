// IOMMU_HWPT_ALLOC: iommufd_hwpt_alloc and the two allocators behind it (drivers/iommu/iommufd/hw_pagetable.c), with the
// selftest driver's mock_domain_alloc_paging_flags and mock_domain_alloc_nested.
import { describe, expect } from 'vitest';
import { HwptAllocFlag, HwptDataType } from '../../src/uapi/iommufd.ts';
import type { Context } from './context.ts';
import { test } from './fixture.ts';

const { NEST_PARENT, DIRTY_TRACKING, PASID } = HwptAllocFlag;

function arrange(context: Context) {
  const ioas = context.ioas();
  const { idev, stdev, hwpt } = context.mock(ioas);
  const parent = context.hwpt({ dev: idev, pt: ioas, flags: NEST_PARENT });
  return { ioas, idev, stdev, automatic: hwpt, parent };
}

describe('iommufd_hwpt_alloc', () => {
  test('a device id that is unknown or none is ENOENT, before pt_id is looked at', ({ context }) => {
    const { ioas, stdev } = arrange(context);
    for (const dev of [0, 77, ioas, stdev]) {
      expect(context.tryHwpt({ dev, pt: ioas })).toBe('ENOENT');
      expect(context.tryHwpt({ dev, pt: 77 })).toBe('ENOENT');
    }
  });

  test('a pt_id that is unknown or no page table is EINVAL', ({ context }) => {
    const { idev, stdev } = arrange(context);
    const { id } = context.fault();
    for (const pt of [0, 77, idev, stdev, id]) expect(context.tryHwpt({ dev: idev, pt })).toBe('EINVAL');
  });

  test('reserved must be 0: EOPNOTSUPP; data type and length go together: EINVAL', ({ context }) => {
    const { idev, ioas } = arrange(context);
    const fields = { devId: idev, ptId: ioas };
    expect(context.tryHwptFields({ ...fields, reserved: 1 })).toBe('EOPNOTSUPP');
    expect(context.tryHwptFields({ ...fields, dataLen: 8 })).toBe('EINVAL');
    expect(context.tryHwptFields({ ...fields, dataType: HwptDataType.SELFTEST })).toBe('EINVAL');
    expect(context.tryHwptFields({ devId: 77, ptId: 77, dataLen: 8 })).toBe('EINVAL');
  });

  test('the second reserved word is not looked at', ({ context }) => {
    const { idev, ioas } = arrange(context);
    expect(context.tryHwptFields({ devId: idev, ptId: ioas, reserved2: 5 })).toBe(0);
  });

  test('an allocation that fails gives its id back', ({ context }) => {
    const { idev, ioas, parent } = arrange(context);
    expect(context.tryHwpt({ dev: idev, pt: ioas, fault: 77 })).toBe('ENOENT');
    expect(context.tryHwpt({ dev: idev, pt: parent, nested: true })).toBe(parent + 1);
  });
});

describe('iommufd_hwpt_paging_alloc', () => {
  test('takes every flag that it knows; others are EOPNOTSUPP', ({ context }) => {
    const { idev, ioas } = arrange(context);
    for (const flags of [0, NEST_PARENT, DIRTY_TRACKING, PASID, NEST_PARENT | DIRTY_TRACKING | PASID]) {
      expect(context.tryHwpt({ dev: idev, pt: ioas, flags })).toBeTypeOf('number');
    }
    for (const flags of [0x10, 0x8000_0000]) {
      expect(context.tryHwpt({ dev: idev, pt: ioas, flags })).toBe('EOPNOTSUPP');
    }
  });

  test('the selftest driver takes its own data here too, and no other', ({ context }) => {
    const { idev, ioas } = arrange(context);
    expect(context.tryHwpt({ dev: idev, pt: ioas, nested: true })).toBeTypeOf('number');
    const data = context.selftestData();
    const fields = { devId: idev, ptId: ioas, ...data.fields };
    expect(context.tryHwptFields({ ...fields, dataType: HwptDataType.VTD_S1 })).toBe('EOPNOTSUPP');
    expect(context.tryHwptFields({ ...fields, dataLen: 3 })).toBe('EINVAL');
    data.free();
  });

  test('it holds the IOAS', ({ context }) => {
    const ioas = context.ioas();
    const other = context.ioas();
    const { idev } = context.mock(other);
    const hwpt = context.hwpt({ dev: idev, pt: ioas });
    expect(context.destroy(ioas)).toBe('EBUSY');
    expect(context.destroy(hwpt)).toBe(0);
    expect(context.destroy(ioas)).toBe(0);
  });
});

describe('iommufd_hwpt_nested_alloc', () => {
  test('wants data: EOPNOTSUPP without, and for data of another driver', ({ context }) => {
    const { idev, parent } = arrange(context);
    expect(context.tryHwpt({ dev: idev, pt: parent })).toBe('EOPNOTSUPP');
    const data = context.selftestData();
    const fields = { devId: idev, ptId: parent, ...data.fields };
    expect(context.tryHwptFields({ ...fields, dataType: HwptDataType.VTD_S1 })).toBe('EOPNOTSUPP');
    data.free();
  });

  test('data shorter than its first word, or longer than the kernel knows, is EINVAL', ({ context }) => {
    const { idev, parent } = arrange(context);
    const data = context.selftestData();
    const fields = { devId: idev, ptId: parent, ...data.fields };
    const results = [1, 3, 4, 8, 9, 4096].map((dataLen) => context.tryHwptFields({ ...fields, dataLen }));
    expect(results).toEqual(['EINVAL', 'EINVAL', 0, 0, 'EINVAL', 'EINVAL']);
    data.free();
  });

  test('data at an address that cannot be read is EFAULT', ({ context }) => {
    const { idev, parent } = arrange(context);
    const fields = { devId: idev, ptId: parent, dataType: HwptDataType.SELFTEST, dataLen: 8 };
    expect(context.tryHwptFields({ ...fields, dataUptr: 0n })).toBe('EFAULT');
  });

  test('a parent that is no nest parent, or an automatic one, is EINVAL', ({ context }) => {
    const { idev, ioas, automatic } = arrange(context);
    const plain = context.hwpt({ dev: idev, pt: ioas });
    expect(context.tryHwpt({ dev: idev, pt: plain, nested: true })).toBe('EINVAL');
    expect(context.tryHwpt({ dev: idev, pt: automatic, nested: true })).toBe('EINVAL');
  });

  test('a nested HWPT is no parent: EINVAL', ({ context }) => {
    const { idev, parent } = arrange(context);
    const hwpt = context.hwpt({ dev: idev, pt: parent, nested: true });
    expect(context.tryHwpt({ dev: idev, pt: hwpt, nested: true })).toBe('EINVAL');
  });

  test('NEST_PARENT and DIRTY_TRACKING are EOPNOTSUPP here', ({ context }) => {
    const { idev, parent } = arrange(context);
    for (const flags of [NEST_PARENT, DIRTY_TRACKING, 0x10]) {
      expect(context.tryHwpt({ dev: idev, pt: parent, flags, nested: true })).toBe('EOPNOTSUPP');
    }
    expect(context.tryHwpt({ dev: idev, pt: parent, flags: PASID, nested: true })).toBeTypeOf('number');
  });
});
