// Attaching, replacing and detaching: drivers/iommu/iommufd/device.c, and the selftest's own sequence
// (tools/testing/selftests/iommu/iommufd.c: iommufd_device_pasid, pasid_attach).
import { describe, expect } from 'vitest';
import { HwptAllocFlag } from '../../src/uapi/iommufd.ts';
import { MockDeviceFlag } from '../../src/uapi/selftest.ts';
import type { Context } from './context.ts';
import { test } from './fixture.ts';

const PASID = 100;

/** A PASID-capable device on the IOAS, and HWPTs of each kind for it. */
function arrange(context: Context) {
  const ioas = context.ioas();
  const device = context.mock(ioas, MockDeviceFlag.PASID);
  const dev = device.idev;
  const parent = context.hwpt({ dev, pt: ioas, flags: HwptAllocFlag.NEST_PARENT });
  const s2 = context.hwpt({ dev, pt: ioas, flags: HwptAllocFlag.PASID });
  const nestedHwpt = () => context.hwpt({ dev, pt: parent, flags: HwptAllocFlag.PASID, nested: true });
  return { ...device, ioas, parent, s2, nested: [nestedHwpt(), nestedHwpt()] as const };
}

describe('mock_domain and mock_domain_replace', () => {
  test('a device made on an IOAS gets an automatic HWPT, which lives and dies with the attachment', ({ context }) => {
    const ioas = context.ioas();
    const first = context.mock(ioas);
    expect(first).toEqual({ stdev: 2, idev: 3, hwpt: 4 });
    const second = context.mock(ioas);
    expect(second).toEqual({ stdev: 5, idev: 6, hwpt: 4 });
    expect(context.destroy(4)).toBe('EBUSY');
    context.destroy(first.stdev);
    context.destroy(second.stdev);
    expect(context.destroy(4)).toBe('ENOENT');
    expect(context.destroy(ioas)).toBe(0);
  });

  test('making one on an unknown id is ENOENT, on what is no page table EINVAL, and no id is lost', ({ context }) => {
    const { id } = context.fault();
    expect(context.tryMock(77).r).toBe('ENOENT');
    expect(context.tryMock(id).r).toBe('EINVAL');
    expect(context.ioas()).toBe(2);
  });

  test('unknown device flags are EINVAL', ({ context }) => {
    expect(context.tryMock(context.ioas(), 8).r).toBe('EINVAL');
  });

  test('replace: unknown stdev or pt ENOENT, an id of the wrong kind ENOENT or EINVAL', ({ context }) => {
    const { stdev, idev, ioas } = arrange(context);
    const { id } = context.fault();
    expect(context.replace(77, ioas)).toBe('ENOENT');
    expect(context.replace(idev, ioas)).toBe('ENOENT');
    expect(context.replace(stdev, 77)).toBe('ENOENT');
    expect(context.replace(stdev, id)).toBe('EINVAL');
    expect(context.replace(stdev, stdev)).toBe('EINVAL');
    expect(context.replace(stdev, idev)).toBe('EINVAL');
  });

  test('replacing by the IOAS takes a manually made HWPT’s place with an automatic one', ({ context }) => {
    const { stdev, ioas, s2, hwpt } = arrange(context);
    expect(context.replace(stdev, s2)).toBe(0);
    expect(context.destroy(hwpt)).toBe('ENOENT');
    expect(context.replace(stdev, ioas)).toBe(0);
    expect(context.pasidCheck(stdev, 0, hwpt)).toBe(0);
    expect(context.destroy(s2)).toBe(0);
  });

  test('a device (idev) cannot be destroyed by its user: its driver holds it', ({ context }) => {
    const { idev, stdev } = arrange(context);
    expect(context.destroy(idev)).toBe('EBUSY');
    expect(context.destroy(stdev)).toBe(0);
    expect(context.destroy(idev)).toBe('ENOENT');
  });

  test('a dirty-tracking HWPT on a device without dirty tracking: alloc EOPNOTSUPP, attach EINVAL', ({ context }) => {
    const { ioas, idev } = arrange(context);
    const plain = context.mock(ioas, MockDeviceFlag.NO_DIRTY);
    const flags = HwptAllocFlag.DIRTY_TRACKING;
    expect(context.tryHwpt({ dev: plain.idev, pt: ioas, flags })).toBe('EOPNOTSUPP');
    const dirty = context.hwpt({ dev: idev, pt: ioas, flags });
    expect(context.replace(plain.stdev, dirty)).toBe('EINVAL');
    expect(context.destroy(dirty)).toBe(0);
  });
});

describe('iommufd_hwpt_pasid_compat', () => {
  test('a PASID only takes an HWPT that was made with the PASID flag', ({ context }) => {
    const { stdev, parent, ioas } = arrange(context);
    context.pasidDetach(stdev, 0);
    expect(context.pasidAttach(stdev, PASID, parent)).toBe('EINVAL');
    expect(context.pasidAttach(stdev, PASID, ioas)).toBe('EINVAL');
    expect(context.pasidCheck(stdev, PASID, 0)).toBe(0);
  });

  test('and only while the device’s own HWPT has it too', ({ context }) => {
    const { stdev, s2, nested } = arrange(context);
    expect(context.pasidAttach(stdev, PASID, s2)).toBe('EINVAL');
    expect(context.replace(stdev, nested[0])).toBe(0);
    expect(context.pasidAttach(stdev, PASID, s2)).toBe(0);
  });

  test('with a PASID attached the device cannot go to an HWPT without the flag', ({ context }) => {
    const { stdev, s2, nested, parent, ioas } = arrange(context);
    context.replace(stdev, nested[0]);
    context.pasidAttach(stdev, PASID, s2);
    expect(context.replace(stdev, parent)).toBe('EINVAL');
    expect(context.replace(stdev, ioas)).toBe('EINVAL');
    expect(context.pasidCheck(stdev, 0, nested[0])).toBe(0);
    context.pasidDetach(stdev, PASID);
    expect(context.replace(stdev, parent)).toBe(0);
  });

  test('a PASID can be attached while the device itself is attached to nothing', ({ context }) => {
    const { stdev, s2 } = arrange(context);
    context.pasidDetach(stdev, 0);
    expect(context.pasidAttach(stdev, PASID, s2)).toBe(0);
  });
});

describe('iommufd_device_attach, replace and detach of a PASID', () => {
  test('attach twice is EBUSY, with the same HWPT or another', ({ context }) => {
    const { stdev, s2, nested } = arrange(context);
    context.replace(stdev, s2);
    expect(context.pasidAttach(stdev, PASID, s2)).toBe(0);
    expect(context.pasidAttach(stdev, PASID, s2)).toBe('EBUSY');
    expect(context.pasidAttach(stdev, PASID, nested[0])).toBe('EBUSY');
    expect(context.pasidCheck(stdev, PASID, s2)).toBe(0);
  });

  test('replace needs an attachment, and moves it', ({ context }) => {
    const { stdev, s2, nested, ioas } = arrange(context);
    context.replace(stdev, s2);
    expect(context.pasidReplace(stdev, PASID, s2)).toBe('EINVAL');
    context.pasidAttach(stdev, PASID, s2);
    expect(context.pasidReplace(stdev, PASID, ioas)).toBe('EINVAL');
    expect(context.pasidCheck(stdev, PASID, s2)).toBe(0);
    for (const hwpt of nested) {
      expect(context.pasidReplace(stdev, PASID, hwpt)).toBe(0);
      expect(context.pasidCheck(stdev, PASID, hwpt)).toBe(0);
    }
  });

  test('detaching what is not attached does nothing', ({ context }) => {
    const { stdev } = arrange(context);
    expect(context.pasidDetach(stdev, PASID)).toBe(0);
    expect(context.pasidDetach(77, PASID)).toBe('ENOENT');
  });

  test('an attached HWPT is EBUSY to destroy until the PASID is detached', ({ context }) => {
    const { stdev, s2, nested } = arrange(context);
    context.replace(stdev, nested[0]);
    context.pasidAttach(stdev, PASID, s2);
    expect(context.destroy(s2)).toBe('EBUSY');
    context.pasidDetach(stdev, PASID);
    expect(context.destroy(s2)).toBe(0);
  });

  test('a PASID beyond the device’s width is EINVAL (iommu_attach_device_pasid)', ({ context }) => {
    const { stdev, s2 } = arrange(context);
    context.replace(stdev, s2);
    expect(context.pasidAttach(stdev, (1 << 20) - 1, s2)).toBe(0);
    expect(context.pasidAttach(stdev, 1 << 20, s2)).toBe('EINVAL');
    expect(context.pasidAttach(stdev, 0xffff_ffff, s2)).toBe('EINVAL');
  });

  test('a device without PASIDs: EINVAL, whatever the HWPTs (its width is 0 bits: PASID 0 alone)', ({ context }) => {
    const { ioas, s2, parent } = arrange(context);
    const plain = context.mock(ioas);
    expect(context.pasidAttach(plain.stdev, PASID, s2)).toBe('EINVAL');
    expect(context.pasidAttach(plain.stdev, PASID, parent)).toBe('EINVAL');
    expect(context.replace(plain.stdev, s2)).toBe(0);
    for (const pasid of [1, PASID]) expect(context.pasidAttach(plain.stdev, pasid, s2)).toBe('EINVAL');
  });

  test('PASID 0 is the device itself: attached already EBUSY, and free after a detach', ({ context }) => {
    const { stdev, s2, ioas } = arrange(context);
    expect(context.pasidAttach(stdev, 0, s2)).toBe('EBUSY');
    expect(context.pasidDetach(stdev, 0)).toBe(0);
    expect(context.pasidCheck(stdev, 0, 0)).toBe(0);
    expect(context.replace(stdev, ioas)).toBe('EINVAL');
    expect(context.pasidAttach(stdev, 0, s2)).toBe(0);
    expect(context.pasidCheck(stdev, 0, s2)).toBe(0);
  });

  test('the selftest driver fails every second set of PASID 1024 with ENOMEM', ({ context }) => {
    const { stdev, s2, nested } = arrange(context);
    context.replace(stdev, s2);
    expect(context.pasidAttach(stdev, 1024, s2)).toBe(0);
    expect(context.pasidReplace(stdev, 1024, nested[0])).toBe('ENOMEM');
    expect(context.pasidCheck(stdev, 1024, s2)).toBe(0);
    expect(context.pasidReplace(stdev, 1024, nested[0])).toBe(0);
    expect(context.pasidDetach(stdev, 1024)).toBe(0);
  });
});
