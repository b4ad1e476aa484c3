// How a fault finds its queue: find_fault_handler and iommu_report_device_fault (drivers/iommu/io-pgfault.c).
import { describe, expect } from 'vitest';
import { HwptAllocFlag, PgfaultFlag } from '../../src/uapi/iommufd.ts';
import { INVALID, nested, paging, RECORD, SUCCESS, test } from './fixture.ts';

const PASID = 100;

describe('find_fault_handler without a PASID', () => {
  test('the handle on the device: a paging HWPT delivers', ({ context }) => {
    const { fd, idev } = paging(context);
    expect(context.trigger({ dev: idev })).toBe(0);
    expect(context.read(fd).r).toBe(RECORD);
  });

  test('so does a nested one', ({ context }) => {
    const { fd, idev } = nested(context);
    expect(context.trigger({ dev: idev })).toBe(0);
    expect(context.read(fd).records).toMatchObject([{ flags: PgfaultFlag.LAST_PAGE, devId: idev }]);
  });

  test('an HWPT without a fault object delivers to nobody, and TRIGGER_IOPF returns 0', ({ context }) => {
    const { fd, idev, stdev, ioas } = paging(context);
    const silent = context.hwpt({ dev: idev, pt: ioas });
    context.replace(stdev, silent);
    expect(context.trigger({ dev: idev })).toBe(0);
    expect(context.read(fd).r).toBe(0);
  });

  test('a fault that was refused does not come back when an HWPT with a fault object is attached', ({ context }) => {
    const { fd, idev, stdev, ioas, hwpt } = paging(context);
    context.replace(stdev, ioas);
    context.trigger({ dev: idev });
    context.replace(stdev, hwpt);
    expect(context.read(fd).r).toBe(0);
  });

  test('a device that is attached to nothing delivers to nobody', ({ context }) => {
    const { fd, idev, stdev } = paging(context);
    expect(context.pasidDetach(stdev, 0)).toBe(0);
    expect(context.trigger({ dev: idev })).toBe(0);
    expect(context.read(fd).r).toBe(0);
  });

  test('each device to the fault object of its own HWPT, with its own dev_id', ({ context }) => {
    const [a, b] = [paging(context), paging(context)];
    context.trigger({ dev: b.idev, grpid: 2 });
    context.trigger({ dev: a.idev, grpid: 1 });
    expect(context.read(a.fd).records).toMatchObject([{ devId: a.idev, grpid: 1 }]);
    expect(context.read(b.fd).records).toMatchObject([{ devId: b.idev, grpid: 2 }]);
  });

  test('one fault object for several HWPTs: groups in one queue, in order', ({ context }) => {
    const { fd, idev, ioas, fault } = paging(context);
    const second = context.mock(ioas);
    const hwpt = context.hwpt({ dev: second.idev, pt: ioas, fault });
    context.replace(second.stdev, hwpt);
    for (const dev of [idev, second.idev, idev]) context.trigger({ dev });
    expect(context.read(fd).records.map((f) => f.devId)).toEqual([idev, second.idev, idev]);
  });

  test('TRIGGER_IOPF on what is no device is ENOENT', ({ context }) => {
    const { stdev, hwpt, fault } = paging(context);
    for (const dev of [0, 77, stdev, hwpt, fault]) expect(context.trigger({ dev })).toBe('ENOENT');
  });
});

describe('find_fault_handler with a PASID', () => {
  test('an attached PASID delivers to its own HWPT’s fault object', ({ context }) => {
    const { fd, idev, stdev, ioas } = paging(context, true);
    const own = context.fault();
    const hwpt = context.hwpt({ dev: idev, pt: ioas, fault: own.id, flags: HwptAllocFlag.PASID });
    expect(context.pasidAttach(stdev, PASID, hwpt)).toBe(0);
    context.trigger({ dev: idev, pasid: PASID, grpid: 4 });
    expect(context.read(fd).r).toBe(0);
    expect(context.read(own.fd).records).toMatchObject([
      { flags: PgfaultFlag.LAST_PAGE | PgfaultFlag.PASID_VALID, pasid: PASID, grpid: 4, devId: idev },
    ]);
  });

  test('on a paging HWPT an unattached PASID never arrives, and TRIGGER_IOPF returns 0', ({ context }) => {
    const { fd, idev } = paging(context, true);
    expect(context.trigger({ dev: idev, pasid: PASID })).toBe(0);
    expect(context.read(fd).r).toBe(0);
  });

  test('nor on a device that has no PASIDs', ({ context }) => {
    const { fd, idev } = paging(context);
    expect(context.trigger({ dev: idev, pasid: PASID })).toBe(0);
    expect(context.read(fd).r).toBe(0);
  });

  test('on a nested HWPT every unattached PASID arrives: the driver has user PASID tables', ({ context }) => {
    const { fd, idev } = nested(context);
    for (const pasid of [1, PASID, 0xf_ffff, 0xffff_ffff]) context.trigger({ dev: idev, pasid });
    expect(context.read(fd).records.map((f) => [f.flags, f.pasid])).toEqual([
      [3, 1],
      [3, PASID],
      [3, 0xf_ffff],
      [3, 0xffff_ffff],
    ]);
  });

  test('under a nested HWPT an attached PASID still goes to its own', ({ context }) => {
    const { fd, idev, stdev, ioas } = nested(context, true);
    const own = context.fault();
    const hwpt = context.hwpt({ dev: idev, pt: ioas, fault: own.id, flags: HwptAllocFlag.PASID });
    context.pasidAttach(stdev, PASID, hwpt);
    context.trigger({ dev: idev, pasid: PASID });
    context.trigger({ dev: idev, pasid: PASID + 1 });
    expect(context.read(own.fd).records.map((f) => f.pasid)).toEqual([PASID]);
    expect(context.read(fd).records.map((f) => f.pasid)).toEqual([PASID + 1]);
  });

  test('an attached PASID without a fault object is not given to the nested HWPT either', ({ context }) => {
    const { fd, idev, stdev, ioas } = nested(context, true);
    const silent = context.hwpt({ dev: idev, pt: ioas, flags: HwptAllocFlag.PASID });
    expect(context.pasidAttach(stdev, PASID, silent)).toBe(0);
    expect(context.trigger({ dev: idev, pasid: PASID })).toBe(0);
    expect(context.read(fd).r).toBe(0);
  });

  test('detaching the PASID answers its groups only, and makes it unattached', ({ context }) => {
    const { fd, idev, stdev, hwpt } = paging(context, true);
    context.pasidAttach(stdev, PASID, hwpt);
    context.trigger({ dev: idev });
    context.trigger({ dev: idev, pasid: PASID });
    expect(context.cookies(fd)).toEqual([1, 2]);
    context.trigger({ dev: idev, pasid: PASID, grpid: 9 });
    expect(context.pasidDetach(stdev, PASID)).toBe(0);
    expect(context.read(fd).r).toBe(0);
    expect(context.respond(fd, [2, SUCCESS])).toBe('EINVAL');
    expect(context.respond(fd, [1, SUCCESS])).toBe(8);
    context.trigger({ dev: idev, pasid: PASID });
    expect(context.read(fd).r).toBe(0);
  });

  test('replacing the PASID’s HWPT answers its groups, and the next go to the new one', ({ context }) => {
    const { fd, idev, stdev, ioas, hwpt } = paging(context, true);
    context.pasidAttach(stdev, PASID, hwpt);
    context.trigger({ dev: idev, pasid: PASID });
    expect(context.cookies(fd)).toEqual([1]);
    const own = context.fault();
    const other = context.hwpt({ dev: idev, pt: ioas, fault: own.id, flags: HwptAllocFlag.PASID });
    expect(context.pasidReplace(stdev, PASID, other)).toBe(0);
    expect(context.respond(fd, [1, INVALID])).toBe('EINVAL');
    context.trigger({ dev: idev, pasid: PASID });
    expect([context.cookies(fd), context.cookies(own.fd)]).toEqual([[], [1]]);
  });

  test('replacing the device’s HWPT leaves the groups of its PASIDs alone', ({ context }) => {
    const { fd, idev, stdev, ioas, hwpt } = paging(context, true);
    context.pasidAttach(stdev, PASID, hwpt);
    context.trigger({ dev: idev });
    context.trigger({ dev: idev, pasid: PASID });
    context.read(fd);
    const other = context.hwpt({ dev: idev, pt: ioas, flags: HwptAllocFlag.PASID });
    expect(context.replace(stdev, other)).toBe(0);
    expect(context.respond(fd, [2, SUCCESS])).toBe(8);
    expect(context.respond(fd, [1, SUCCESS])).toBe('EINVAL');
  });
});
