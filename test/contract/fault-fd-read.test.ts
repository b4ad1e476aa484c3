// Reading and polling a fault descriptor: drivers/iommu/iommufd/eventq.c (fault.c before 6.15).
import { describe, expect } from 'vitest';
import { PgfaultFlag } from '../../src/uapi/iommufd.ts';
import { IDLE, INVALID, paging, READY, RECORD, SUCCESS, test } from './fixture.ts';
import { result } from './result.ts';

describe('iommufd_fault_fops_read', () => {
  test('an empty queue reads 0, which is not an end of file', ({ context }) => {
    const { fd, idev } = paging(context);
    expect(context.read(fd).r).toBe(0);
    expect(context.read(fd).r).toBe(0);
    expect(context.trigger({ dev: idev })).toBe(0);
    expect(context.read(fd).r).toBe(RECORD);
    expect(context.read(fd).r).toBe(0);
  });

  test('a record carries what the device asked for, the iommufd device id and a cookie', ({ context }) => {
    const { fd, idev } = paging(context);
    context.trigger({ dev: idev, grpid: 0xffff_fff0, perm: 0xb, addr: 0xdead_beef_f000n });
    expect(context.read(fd).records).toEqual([
      {
        flags: PgfaultFlag.LAST_PAGE,
        devId: idev,
        pasid: 0,
        grpid: 0xffff_fff0,
        perm: 0xb,
        reserved: 0,
        addr: 0xdead_beef_f000n,
        length: 0,
        cookie: 1,
      },
    ]);
  });

  test('perm and addr are passed on unchecked', ({ context }) => {
    const { fd, idev } = paging(context);
    context.trigger({ dev: idev, perm: 0x7fff_ffff, addr: 0xffff_ffff_ffff_ffffn });
    expect(context.read(fd).records).toMatchObject([{ perm: 0x7fff_ffff, addr: 0xffff_ffff_ffff_ffffn }]);
  });

  test('a count that is no multiple of a record is ESPIPE, whether the queue is empty or not', ({ context }) => {
    const { fd, idev } = paging(context);
    for (const count of [1, RECORD - 1, RECORD + 1, 2 * RECORD + 8]) expect(context.read(fd, count).r).toBe('ESPIPE');
    context.trigger({ dev: idev });
    for (const count of [1, RECORD - 1, RECORD + 1, 2 * RECORD + 8]) expect(context.read(fd, count).r).toBe('ESPIPE');
    expect(context.read(fd).records).toHaveLength(1);
  });

  test('a count of 0 is 0 on an empty queue and EINVAL, since nothing fits, on another', ({ context }) => {
    const { fd, idev } = paging(context);
    expect(context.read(fd, 0).r).toBe(0);
    context.trigger({ dev: idev });
    expect(context.read(fd, 0).r).toBe('EINVAL');
    expect(context.poll(fd)).toBe(READY);
  });

  test('pread and pwrite are ESPIPE even at position 0: the file is opened with nonseekable_open', ({ context }) => {
    const { fd, idev, kernel } = { ...paging(context), kernel: context.kernel };
    context.trigger({ dev: idev });
    for (const position of [0, RECORD]) {
      expect(result(kernel.pread(fd, new Uint8Array(RECORD), RECORD, position))).toBe('ESPIPE');
      expect(result(kernel.pwrite(fd, new Uint8Array(8), 8, position))).toBe('ESPIPE');
    }
    expect(context.cookies(fd)).toEqual([1]);
  });

  test('groups come in the order in which they were completed, as many as fit', ({ context }) => {
    const { fd, idev } = paging(context);
    for (let grpid = 10; grpid < 15; grpid++) context.trigger({ dev: idev, grpid });
    expect(context.read(fd, 2 * RECORD).records.map((f) => f.grpid)).toEqual([10, 11]);
    expect(context.read(fd, 2 * RECORD).records.map((f) => f.grpid)).toEqual([12, 13]);
    expect(context.read(fd, 2 * RECORD).records.map((f) => f.grpid)).toEqual([14]);
  });

  test('a group is delivered whole or not at all, and stays queued when it does not fit', ({ context }) => {
    const { fd, idev } = paging(context);
    for (let i = 0; i < 3; i++) context.trigger({ dev: idev, grpid: 7, addr: BigInt(i), partial: true });
    context.trigger({ dev: idev, grpid: 7, addr: 3n });
    expect(context.read(fd, 2 * RECORD).r).toBe('EINVAL');
    expect(context.poll(fd)).toBe(READY);
    expect(context.read(fd, 3 * RECORD).r).toBe('EINVAL');
    const { records } = context.read(fd, 4 * RECORD);
    expect(records.map((f) => [f.addr, f.cookie])).toEqual([
      [0n, 1],
      [1n, 1],
      [2n, 1],
      [3n, 1],
    ]);
  });

  test('a group that does not fit after others ends the read without an error', ({ context }) => {
    const { fd, idev } = paging(context);
    context.trigger({ dev: idev, grpid: 1 });
    context.trigger({ dev: idev, grpid: 2, partial: true });
    context.trigger({ dev: idev, grpid: 2 });
    expect(context.read(fd, 2 * RECORD).r).toBe(RECORD);
    expect(context.read(fd, 2 * RECORD).records.map((f) => [f.grpid, f.cookie])).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  test('a group that does not fit takes no cookie', ({ context }) => {
    const { fd, idev } = paging(context);
    context.trigger({ dev: idev, grpid: 1, partial: true });
    context.trigger({ dev: idev, grpid: 1 });
    expect(context.read(fd, RECORD).r).toBe('EINVAL');
    expect(context.cookies(fd)).toEqual([1, 1]);
  });

  test('only the last record of a group has LAST_PAGE', ({ context }) => {
    const { fd, idev } = paging(context);
    context.trigger({ dev: idev, grpid: 1, partial: true });
    context.trigger({ dev: idev, grpid: 1 });
    expect(context.read(fd).records.map((f) => f.flags)).toEqual([0, PgfaultFlag.LAST_PAGE]);
  });

  test('a group of many records can be read with one buffer that is large enough', ({ context }) => {
    const { fd, idev } = paging(context);
    for (let i = 0; i < 2047; i++) context.trigger({ dev: idev, grpid: 3, addr: BigInt(i), partial: true });
    context.trigger({ dev: idev, grpid: 3, addr: 2047n });
    expect(context.read(fd, 2047 * RECORD).r).toBe('EINVAL');
    const { records } = context.read(fd, 2048 * RECORD);
    expect(records.map((f) => f.addr)).toEqual(Array.from({ length: 2048 }, (_, i) => BigInt(i)));
  });

  test('read(2) and write(2) of a closed descriptor are EBADF', ({ context }) => {
    const { fd } = context.fault();
    context.close(fd);
    expect(context.read(fd).r).toBe('EBADF');
    expect(context.respond(fd, [1, INVALID])).toBe('EBADF');
  });
});

describe('iommufd_eventq_fops_poll', () => {
  test('POLLOUT is always set, POLLIN and POLLRDNORM while a group is queued', ({ context }) => {
    const { fd, idev } = paging(context);
    expect(context.poll(fd)).toBe(IDLE);
    context.trigger({ dev: idev });
    expect(context.poll(fd)).toBe(READY);
    context.read(fd);
    expect(context.poll(fd)).toBe(IDLE);
    context.respond(fd, [1, SUCCESS]);
    expect(context.poll(fd)).toBe(IDLE);
  });

  test('a fault object with no HWPT polls as an idle one', ({ context }) => {
    expect(context.poll(context.fault().fd)).toBe(IDLE);
  });

  test('a closed descriptor is POLLNVAL', ({ context }) => {
    const { fd } = context.fault();
    context.close(fd);
    expect(context.poll(fd)).toBe(0x20);
  });

  test('poll counts the descriptors that have something, and only asked-for bits are set', ({ context }) => {
    const { fd, idev } = paging(context);
    const other = context.fault().fd;
    context.trigger({ dev: idev });
    const set = [
      { fd, events: 1, revents: 0 },
      { fd: other, events: 1, revents: 0 },
      { fd: -1, events: 1, revents: 0 },
    ];
    expect(context.kernel.poll(set, 0)).toBe(1);
    expect(set.map((p) => p.revents)).toEqual([1, 0, 0]);
  });
});
