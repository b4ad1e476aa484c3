// Fault objects and the HWPTs that refer to them: what the kernel's selftest does for page faults
// (tools/testing/selftests/iommu/iommufd.c: alloc_hwpt_nested, device_pasid), and descriptor lifetimes.
import { describe, expect } from 'vitest';
import { IOMMU_FAULT_QUEUE_ALLOC } from '../../src/uapi/ioctl.ts';
import { HwptAllocFlag, iommuFaultAlloc } from '../../src/uapi/iommufd.ts';
import { Context } from './context.ts';
import { INVALID, nested, paging, RECORD, SUCCESS, test } from './fixture.ts';
import { kernelName } from './kernel-under-test.ts';

describe('iommufd_fault_alloc', () => {
  test('gives an object and a descriptor', ({ context }) => {
    const { id, fd } = context.fault();
    expect(id).toBe(1);
    expect(context.read(fd).r).toBe(0);
    expect(context.close(fd)).toBe(0);
    expect(context.destroy(id)).toBe(0);
    expect(context.destroy(id)).toBe('ENOENT');
  });

  test('flags are EOPNOTSUPP', ({ context }) => {
    expect(context.call(IOMMU_FAULT_QUEUE_ALLOC, iommuFaultAlloc, { flags: 1 }).r).toBe('EOPNOTSUPP');
  });

  test('destroying is EBUSY while the descriptor is open (iommufd_eventq_fops_release)', ({ context }) => {
    const { id, fd } = context.fault();
    expect(context.destroy(id)).toBe('EBUSY');
    context.close(fd);
    expect(context.destroy(id)).toBe(0);
  });

  test('a duplicate of the descriptor is the same file: it keeps the object busy and reads the same queue', ({
    context,
  }) => {
    const { fault, fd, hwpt, idev, stdev, ioas } = paging(context);
    const copy = context.dup(fd);
    for (const grpid of [1, 2]) context.trigger({ dev: idev, grpid });
    expect(context.read(fd, RECORD).records).toMatchObject([{ grpid: 1, cookie: 1 }]);
    context.close(fd);
    expect(context.read(copy, RECORD).records).toMatchObject([{ grpid: 2, cookie: 2 }]);
    expect(context.respond(copy, [1, SUCCESS], [2, SUCCESS])).toBe(16);
    context.replace(stdev, ioas);
    context.destroy(hwpt);
    expect(context.destroy(fault)).toBe('EBUSY');
    context.close(copy);
    expect(context.destroy(fault)).toBe(0);
  });

  test('destroying is EBUSY while an HWPT refers to it, attached or not', ({ context }) => {
    const { fault, fd, hwpt, stdev, ioas } = paging(context);
    context.close(fd);
    expect(context.destroy(fault)).toBe('EBUSY');
    context.replace(stdev, ioas);
    expect(context.destroy(fault)).toBe('EBUSY');
    expect(context.destroy(hwpt)).toBe(0);
    expect(context.destroy(fault)).toBe(0);
  });

  test('with the descriptor closed faults still pile up, and detaching answers them', ({ context }) => {
    const { fault, fd, hwpt, idev, stdev, ioas } = paging(context);
    context.close(fd);
    for (let grpid = 0; grpid < 50; grpid++) expect(context.trigger({ dev: idev, grpid })).toBe(0);
    context.replace(stdev, ioas);
    expect(context.destroy(hwpt)).toBe(0);
    expect(context.destroy(fault)).toBe(0);
  });

  test('the descriptor pins the whole context (iommufd_ctx_get)', ({ context }) => {
    const { fd, idev } = paging(context);
    context.trigger({ dev: idev });
    context.close(context.fd);
    expect(context.ioasOn(context.fd)).toBe('EBADF');
    expect(context.cookies(fd)).toEqual([1]);
    expect(context.respond(fd, [1, INVALID])).toBe(8);
    expect(context.respond(fd, [1, INVALID])).toBe('EINVAL');
  });

  test('object ids are the lowest free ones of a context (xa_alloc), of every kind together', ({ context }) => {
    const [ioas, fault, other] = [context.ioas(), context.fault(), context.ioas()];
    expect([ioas, fault.id, other]).toEqual([1, 2, 3]);
    context.destroy(ioas);
    expect(context.fault().id).toBe(1);
    const second = new Context(context.kernel);
    expect(second.ioas()).toBe(1);
    second.end();
  });
});

describe('iommufd_hwpt_alloc with a fault object', () => {
  test('a nested HWPT takes it, and holds it and its parent', ({ context }) => {
    const { hwpt, parent, fault, fd, stdev, ioas } = nested(context);
    context.close(fd);
    expect(context.destroy(parent)).toBe('EBUSY');
    expect(context.destroy(hwpt)).toBe('EBUSY');
    context.replace(stdev, ioas);
    expect(context.destroy(fault)).toBe('EBUSY');
    expect(context.destroy(hwpt)).toBe(0);
    expect(context.destroy(parent)).toBe(0);
    expect(context.destroy(fault)).toBe(0);
  });

  test('an unknown fault id, or one of another kind, is ENOENT and leaves nothing behind', ({ context }) => {
    const ioas = context.ioas();
    const { idev } = context.mock(ioas);
    const parent = context.hwpt({ dev: idev, pt: ioas, flags: HwptAllocFlag.NEST_PARENT });
    for (const fault of [0, 0xffff_ffff, ioas, idev]) {
      expect(context.tryHwpt({ dev: idev, pt: ioas, fault })).toBe('ENOENT');
      expect(context.tryHwpt({ dev: idev, pt: parent, fault, nested: true })).toBe('ENOENT');
    }
    expect(context.destroy(parent)).toBe(0);
    expect(context.ioas()).toBe(parent);
  });

  test('a fault id that FAULT_ID_VALID does not announce is not looked at', ({ context }) => {
    const ioas = context.ioas();
    const { idev } = context.mock(ioas);
    expect(context.tryHwptFields({ devId: idev, ptId: ioas, faultId: 77 })).toBe(0);
  });

  test('on a nest parent it is EOPNOTSUPP (iommufd_hwpt_paging_alloc)', ({ context }) => {
    const ioas = context.ioas();
    const { idev } = context.mock(ioas);
    const fault = context.fault().id;
    expect(context.tryHwpt({ dev: idev, pt: ioas, fault, flags: HwptAllocFlag.NEST_PARENT })).toBe('EOPNOTSUPP');
  });

  test('destroying it while it is attached is EBUSY', ({ context }) => {
    const { hwpt, stdev, ioas } = paging(context);
    expect(context.destroy(hwpt)).toBe('EBUSY');
    context.replace(stdev, ioas);
    expect(context.destroy(hwpt)).toBe(0);
  });

  test('the selftest’s own sequence: attach, trigger, poll, read, respond, detach, destroy', ({ context }) => {
    const { hwpt, fault, fd, stdev, idev, ioas } = nested(context);
    expect(context.destroy(hwpt)).toBe('EBUSY');
    expect(context.trigger({ dev: idev, grpid: 0x2, perm: 0x5, addr: 0xdead_beefn })).toBe(0);
    expect(context.poll(fd) & 1).toBe(1);
    const { r, records } = context.read(fd, RECORD);
    expect(r).toBe(RECORD);
    expect(records).toMatchObject([{ devId: idev, grpid: 2, perm: 5, addr: 0xdead_beefn, cookie: 1 }]);
    expect(context.respond(fd, [1, SUCCESS])).toBe(8);
    expect(context.replace(stdev, ioas)).toBe(0);
    expect(context.destroy(hwpt)).toBe(0);
    context.close(fd);
    expect(context.destroy(fault)).toBe(0);
  });

  test(`a second program on the same ${kernelName} kernel has a context of its own`, ({ context }) => {
    const { fault } = paging(context);
    const second = new Context(context.kernel);
    expect(second.destroy(fault)).toBe('ENOENT');
    second.end();
    expect(context.destroy(fault)).toBe('EBUSY');
  });
});
