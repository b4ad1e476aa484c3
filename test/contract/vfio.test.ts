// VFIO character devices over mock devices, the whole hardware path: drivers/vfio/device_cdev.c and iommufd.c.
// vfio0 has no PASIDs, vfio1 has.
import { describe, expect } from 'vitest';
import * as ioctls from '../../src/uapi/ioctl.ts';
import { HwptAllocFlag } from '../../src/uapi/iommufd.ts';
import {
  VFIO_PASID_FLAG,
  vfioDeviceAttachIommufdPt,
  vfioDeviceAttachIommufdPtPasid,
  vfioDeviceBindIommufd,
  vfioDeviceDetachIommufdPt,
  vfioDeviceDetachIommufdPtPasid,
} from '../../src/uapi/vfio.ts';
import type { Context } from './context.ts';
import { RECORD, SUCCESS, test } from './fixture.ts';
import type { Result } from './result.ts';

const PASID = 100;

/** A VFIO device file, with its ioctls. */
class Device {
  readonly fd: number;
  readonly #context: Context;

  constructor(context: Context, number: 0 | 1) {
    this.#context = context;
    this.fd = context.open(`/dev/vfio/devices/vfio${number}`);
  }

  bind(iommufd = this.#context.fd, flags = 0) {
    const { r, out } = this.#context.call(
      ioctls.VFIO_DEVICE_BIND_IOMMUFD,
      vfioDeviceBindIommufd,
      { iommufd, flags },
      this.fd,
    );
    return { r, devId: out.outDevid };
  }

  /** ATTACH, and the HWPT that it says the device is now attached to. */
  attach(ptId: number, pasid?: number) {
    const value = { ptId, flags: pasid === undefined ? 0 : VFIO_PASID_FLAG, pasid: pasid ?? 0 };
    const arg = vfioDeviceAttachIommufdPtPasid;
    const { r, out } = this.#context.call(ioctls.VFIO_DEVICE_ATTACH_IOMMUFD_PT, arg, value, this.fd);
    return { r, ptId: out.ptId };
  }

  detach(pasid?: number): Result {
    const value = { flags: pasid === undefined ? 0 : VFIO_PASID_FLAG, pasid: pasid ?? 0 };
    const arg = vfioDeviceDetachIommufdPtPasid;
    return this.#context.call(ioctls.VFIO_DEVICE_DETACH_IOMMUFD_PT, arg, value, this.fd).r;
  }
}

/** A bound device attached to a paging HWPT (or a nested one) with a fault object. */
function delivering(context: Context, number: 0 | 1, kind: 'paging' | 'nested' = 'paging') {
  const device = new Device(context, number);
  const { r, devId } = device.bind();
  expect(r).toBe(0);
  const ioas = context.ioas();
  const { id: fault, fd } = context.fault();
  const flags = number === 1 ? HwptAllocFlag.PASID : 0;
  const parent =
    kind === 'nested' ? context.hwpt({ dev: devId, pt: ioas, flags: flags | HwptAllocFlag.NEST_PARENT }) : ioas;
  const hwpt = context.hwpt({ dev: devId, pt: parent, fault, flags, nested: kind === 'nested' });
  expect(device.attach(hwpt)).toEqual({ r: 0, ptId: hwpt });
  return { device, devId, ioas, fault, fd, hwpt };
}

describe('vfio_df_ioctl_bind_iommufd', () => {
  test('gives the iommufd device id; the second time on one file is EINVAL', ({ context }) => {
    const device = new Device(context, 0);
    expect(device.bind()).toEqual({ r: 0, devId: 1 });
    expect(device.bind().r).toBe('EINVAL');
  });

  test('a second file of a bound device opens, but cannot be bound (vfio_df_open)', ({ context }) => {
    new Device(context, 0).bind();
    expect(new Device(context, 0).bind().r).toBe('EINVAL');
  });

  test('a descriptor that is none EBADF, that is no iommufd EBADFD, negative EINVAL, unknown flag EINVAL', ({
    context,
  }) => {
    const device = new Device(context, 0);
    expect(device.bind(4000).r).toBe('EBADF');
    expect(device.bind(context.fault().fd).r).toBe('EBADFD');
    expect(device.bind(device.fd).r).toBe('EBADFD');
    expect(device.bind(-1).r).toBe('EINVAL');
    expect(device.bind(context.fd, 2).r).toBe('EINVAL');
    expect(device.bind().r).toBe(0);
  });

  test('argsz below the struct is EINVAL, above it E2BIG unless the rest is 0 (copy_struct_from_user)', ({
    context,
  }) => {
    const device = new Device(context, 0);
    const bytes = new Uint8Array(64);
    const set = (argsz: number) => vfioDeviceBindIommufd.write(bytes, { argsz, flags: 0, iommufd: context.fd });
    set(15);
    expect(context.raw(ioctls.VFIO_DEVICE_BIND_IOMMUFD.nr, bytes, device.fd)).toBe('EINVAL');
    set(64);
    bytes[40] = 1;
    expect(context.raw(ioctls.VFIO_DEVICE_BIND_IOMMUFD.nr, bytes, device.fd)).toBe('E2BIG');
    bytes[40] = 0;
    expect(context.raw(ioctls.VFIO_DEVICE_BIND_IOMMUFD.nr, bytes, device.fd)).toBe(0);
  });

  test('before it every other ioctl, known or not, is EINVAL', ({ context }) => {
    const device = new Device(context, 0);
    expect(device.attach(context.ioas()).r).toBe('EINVAL');
    expect(device.detach()).toBe('EINVAL');
    expect(context.raw(0x3bff, new Uint8Array(16), device.fd)).toBe('EINVAL');
  });

  test('closing the file detaches and unbinds: the device can be bound again, and its id is free', ({ context }) => {
    const { device, devId, fd, hwpt } = delivering(context, 0);
    context.trigger({ dev: devId });
    context.read(fd);
    context.trigger({ dev: devId });
    context.close(device.fd);
    expect(context.respond(fd, [1, SUCCESS])).toBe('EINVAL');
    expect(context.read(fd).r).toBe(0);
    expect(context.trigger({ dev: devId })).toBe('ENOENT');
    expect(context.destroy(hwpt)).toBe(0);
    expect(new Device(context, 0).bind()).toEqual({ r: 0, devId });
  });

  test('a duplicate of the file keeps it bound', ({ context }) => {
    const { device, devId, fd } = delivering(context, 0);
    context.dup(device.fd);
    context.close(device.fd);
    context.trigger({ dev: devId });
    expect(context.cookies(fd)).toEqual([1]);
  });

  test('the bound device pins the context: its faults are read after /dev/iommu is closed', ({ context }) => {
    const { devId, fd, device, ioas } = delivering(context, 0);
    context.trigger({ dev: devId });
    context.close(context.fd);
    expect(context.cookies(fd)).toEqual([1]);
    expect(device.attach(ioas).r).toBe(0);
    expect(context.respond(fd, [1, SUCCESS])).toBe('EINVAL');
  });

  test('the device id cannot be destroyed', ({ context }) => {
    expect(context.destroy(delivering(context, 0).devId)).toBe('EBUSY');
  });
});

describe('vfio_df_ioctl_attach_pt', () => {
  test('delivers faults of the bound device: paging and nested', ({ context }) => {
    const [a, b] = [delivering(context, 0), delivering(context, 1, 'nested')];
    context.trigger({ dev: a.devId, grpid: 1 });
    context.trigger({ dev: b.devId, grpid: 2, pasid: 9 });
    expect(context.read(a.fd).records).toMatchObject([{ devId: a.devId, grpid: 1, cookie: 1 }]);
    expect(context.read(b.fd).records).toMatchObject([{ devId: b.devId, grpid: 2, pasid: 9, cookie: 1 }]);
    expect(context.respond(a.fd, [1, SUCCESS])).toBe(8);
  });

  test('to an IOAS makes an automatic HWPT and says which', ({ context }) => {
    const device = new Device(context, 0);
    device.bind();
    const ioas = context.ioas();
    expect(device.attach(ioas)).toEqual({ r: 0, ptId: ioas + 1 });
    expect(context.destroy(ioas + 1)).toBe('EBUSY');
    expect(device.detach()).toBe(0);
    expect(context.destroy(ioas + 1)).toBe('ENOENT');
  });

  test('a second ATTACH is a replace: the old group is answered', ({ context }) => {
    const { device, devId, fd, ioas, hwpt } = delivering(context, 0);
    context.trigger({ dev: devId });
    expect(context.cookies(fd)).toEqual([1]);
    const other = context.fault();
    const second = context.hwpt({ dev: devId, pt: ioas, fault: other.id });
    expect(device.attach(second)).toEqual({ r: 0, ptId: second });
    expect(context.respond(fd, [1, SUCCESS])).toBe('EINVAL');
    expect(context.destroy(hwpt)).toBe(0);
    context.trigger({ dev: devId });
    expect([context.read(fd).r, context.cookies(other.fd)]).toEqual([0, [1]]);
  });

  test('unknown pt_id ENOENT, no page table EINVAL, unknown flag EINVAL; the old attachment stays', ({ context }) => {
    const { device, devId, fd, fault } = delivering(context, 0);
    expect(device.attach(77).r).toBe('ENOENT');
    expect(device.attach(fault).r).toBe('EINVAL');
    expect(device.attach(devId).r).toBe('EINVAL');
    const arg = vfioDeviceAttachIommufdPt;
    const { r } = context.call(ioctls.VFIO_DEVICE_ATTACH_IOMMUFD_PT, arg, { ptId: 77, flags: 2 }, device.fd);
    expect(r).toBe('EINVAL');
    context.trigger({ dev: devId });
    expect(context.read(fd).r).toBe(RECORD);
  });

  test('the form without a pasid is taken; with the PASID flag it is EINVAL', ({ context }) => {
    const { device, ioas } = delivering(context, 1);
    const arg = vfioDeviceAttachIommufdPt;
    const ioctl = ioctls.VFIO_DEVICE_ATTACH_IOMMUFD_PT;
    expect(context.call(ioctl, arg, { ptId: ioas }, device.fd).r).toBe(0);
    expect(context.call(ioctl, arg, { ptId: ioas, flags: VFIO_PASID_FLAG }, device.fd).r).toBe('EINVAL');
    expect(context.call(ioctl, arg, { ptId: ioas, argsz: 11 }, device.fd).r).toBe('EINVAL');
  });
});

describe('vfio_iommufd_physical_pasid_attach_ioas', () => {
  test('a PASID delivers to its own fault object; again is a replace; detach ends it', ({ context }) => {
    const { device, devId, fd, ioas, hwpt } = delivering(context, 1);
    const own = context.fault();
    const pasidHwpt = context.hwpt({ dev: devId, pt: ioas, fault: own.id, flags: HwptAllocFlag.PASID });
    expect(device.attach(pasidHwpt, PASID)).toEqual({ r: 0, ptId: pasidHwpt });
    context.trigger({ dev: devId, pasid: PASID });
    expect([context.cookies(fd), context.cookies(own.fd)]).toEqual([[], [1]]);
    expect(device.attach(hwpt, PASID).r).toBe(0);
    expect(context.respond(own.fd, [1, SUCCESS])).toBe('EINVAL');
    context.trigger({ dev: devId, pasid: PASID });
    expect([context.cookies(fd), context.cookies(own.fd)]).toEqual([[1], []]);
    expect(device.detach(PASID)).toBe(0);
    expect(context.respond(fd, [1, SUCCESS])).toBe('EINVAL');
    context.trigger({ dev: devId, pasid: PASID });
    expect(context.read(fd).r).toBe(0);
  });

  test('an HWPT without the PASID flag is EINVAL, and so is a PASID beyond the device’s width', ({ context }) => {
    const { device, devId, ioas, hwpt } = delivering(context, 1);
    const plain = context.hwpt({ dev: devId, pt: ioas });
    expect(device.attach(plain, PASID).r).toBe('EINVAL');
    expect(device.attach(hwpt, 1 << 20).r).toBe('EINVAL');
    expect(device.attach(77, PASID).r).toBe('ENOENT');
  });

  test('a device without PASIDs on an HWPT without the flag: EINVAL', ({ context }) => {
    const { device, hwpt } = delivering(context, 0);
    expect(device.attach(hwpt, PASID).r).toBe('EINVAL');
  });

  test('closing the file detaches its PASIDs too (vfio_iommufd_physical_unbind)', ({ context }) => {
    const { device, devId, fd, hwpt } = delivering(context, 1);
    device.attach(hwpt, PASID);
    context.trigger({ dev: devId, pasid: PASID });
    context.close(device.fd);
    expect(context.read(fd).r).toBe(0);
    expect(context.destroy(hwpt)).toBe(0);
  });
});

describe('vfio_df_ioctl_detach_pt', () => {
  test('answers what is queued and outstanding; after it nothing is delivered', ({ context }) => {
    const { device, devId, fd, hwpt } = delivering(context, 0);
    for (const grpid of [1, 2]) context.trigger({ dev: devId, grpid });
    expect(context.read(fd, RECORD).r).toBe(RECORD);
    expect(device.detach()).toBe(0);
    expect([context.read(fd).r, context.respond(fd, [1, SUCCESS])]).toEqual([0, 'EINVAL']);
    expect(context.trigger({ dev: devId })).toBe(0);
    expect(context.read(fd).r).toBe(0);
    expect(context.destroy(hwpt)).toBe(0);
  });

  test('of what is not attached is 0, unknown flag and short argsz are EINVAL', ({ context }) => {
    const { device } = delivering(context, 1);
    expect([device.detach(PASID), device.detach(), device.detach()]).toEqual([0, 0, 0]);
    const arg = vfioDeviceDetachIommufdPt;
    const ioctl = ioctls.VFIO_DEVICE_DETACH_IOMMUFD_PT;
    expect(context.call(ioctl, arg, { flags: 2 }, device.fd).r).toBe('EINVAL');
    expect(context.call(ioctl, arg, { argsz: 7 }, device.fd).r).toBe('EINVAL');
    expect(context.call(ioctl, arg, { flags: VFIO_PASID_FLAG }, device.fd).r).toBe('EINVAL');
    expect(context.call(ioctl, arg, {}, device.fd).r).toBe(0);
  });

  test('attach after detach is an attach: the whole teardown leaves nothing busy', ({ context }) => {
    const { device, devId, fd, fault, hwpt, ioas } = delivering(context, 0);
    device.detach();
    expect(device.attach(hwpt).r).toBe(0);
    context.trigger({ dev: devId });
    expect(context.cookies(fd)).toEqual([1]);
    device.detach();
    expect(context.destroy(hwpt)).toBe(0);
    context.close(fd);
    expect(context.destroy(fault)).toBe(0);
    expect(context.destroy(ioas)).toBe(0);
  });
});
