// Answering: iommufd_fault_fops_write, and the cookies that xa_alloc gives in iommufd_fault_fops_read (eventq.c).
import { describe, expect } from 'vitest';
import { type Context, RECORD } from './context.ts';
import { INVALID, paging, SUCCESS, test } from './fixture.ts';
import { result } from './result.ts';

/** Queues `n` groups of one record and reads them all. */
function outstanding(context: Context, dev: number, fd: number, n: number): number[] {
  for (let grpid = 0; grpid < n; grpid++) context.trigger({ dev, grpid });
  return context.cookies(fd);
}

describe('cookies', () => {
  test('are the lowest free integers from 1', ({ context }) => {
    const { fd, idev } = paging(context);
    expect(outstanding(context, idev, fd, 4)).toEqual([1, 2, 3, 4]);
  });

  test('are free again as soon as they are answered', ({ context }) => {
    const { fd, idev } = paging(context);
    outstanding(context, idev, fd, 4);
    expect(context.respond(fd, [3, SUCCESS], [1, INVALID])).toBe(16);
    expect(outstanding(context, idev, fd, 3)).toEqual([1, 3, 5]);
  });

  test('are given when a group is read, not when it is queued', ({ context }) => {
    const { fd, idev } = paging(context);
    for (let grpid = 0; grpid < 3; grpid++) context.trigger({ dev: idev, grpid });
    expect(context.read(fd, RECORD).records).toMatchObject([{ grpid: 0, cookie: 1 }]);
    context.respond(fd, [1, SUCCESS]);
    expect(context.read(fd, RECORD).records).toMatchObject([{ grpid: 1, cookie: 1 }]);
    expect(context.read(fd, RECORD).records).toMatchObject([{ grpid: 2, cookie: 2 }]);
  });

  test('are counted for each fault object by itself', ({ context }) => {
    const a = paging(context);
    const b = paging(context);
    expect(outstanding(context, a.idev, a.fd, 2)).toEqual([1, 2]);
    expect(outstanding(context, b.idev, b.fd, 1)).toEqual([1]);
    expect(context.respond(b.fd, [2, INVALID])).toBe('EINVAL');
    expect(context.respond(a.fd, [2, INVALID])).toBe(8);
  });
});

describe('cookie 0', () => {
  // xa_erase() of index 0 takes away the entry that keeps it busy in an XA_FLAGS_ALLOC1 array, and says NULL all the same.
  test('answering it is EINVAL, but while a group is outstanding it makes 0 the next cookie', ({ context }) => {
    const { fd, idev } = paging(context);
    outstanding(context, idev, fd, 1);
    expect(context.respond(fd, [0, SUCCESS])).toBe('EINVAL');
    expect(outstanding(context, idev, fd, 2)).toEqual([0, 2]);
    expect(context.respond(fd, [0, SUCCESS])).toBe(8);
    expect(outstanding(context, idev, fd, 1)).toEqual([0]);
  });

  test('for as long as the fault object lives, even when nothing is outstanding in between', ({ context }) => {
    const { fd, idev } = paging(context);
    outstanding(context, idev, fd, 1);
    context.respond(fd, [0, SUCCESS]);
    context.respond(fd, [1, SUCCESS]);
    expect(outstanding(context, idev, fd, 3)).toEqual([0, 1, 2]);
    expect(context.respond(fd, [0, SUCCESS], [1, SUCCESS], [2, SUCCESS])).toBe(24);
    expect(outstanding(context, idev, fd, 1)).toEqual([0]);
  });

  test('with nothing outstanding it changes nothing, and neither does a bad code', ({ context }) => {
    const { fd, idev } = paging(context);
    expect(context.respond(fd, [0, SUCCESS])).toBe('EINVAL');
    expect(outstanding(context, idev, fd, 1)).toEqual([1]);
    expect(context.respond(fd, [0, 2])).toBe('EINVAL');
    expect(outstanding(context, idev, fd, 1)).toEqual([2]);
  });
});

describe('iommufd_fault_fops_write', () => {
  test('takes SUCCESS and INVALID, many at once and in any order', ({ context }) => {
    const { fd, idev } = paging(context);
    outstanding(context, idev, fd, 5);
    expect(context.respond(fd, [5, INVALID], [1, SUCCESS], [4, SUCCESS], [2, INVALID], [3, SUCCESS])).toBe(40);
    expect(context.respond(fd, [1, SUCCESS])).toBe('EINVAL');
  });

  test('a count that is no multiple of a response is ESPIPE and answers nothing', ({ context }) => {
    const { fd, idev } = paging(context);
    outstanding(context, idev, fd, 1);
    const bytes = new Uint8Array(16);
    bytes[0] = 1;
    for (const count of [1, 4, 7, 9, 15]) expect(result(context.kernel.write(fd, bytes, count))).toBe('ESPIPE');
    expect(context.respond(fd, [1, SUCCESS])).toBe(8);
  });

  test('a count of 0 is 0', ({ context }) => {
    expect(context.respond(context.fault().fd)).toBe(0);
  });

  test('an unknown cookie is EINVAL', ({ context }) => {
    const { fd, idev } = paging(context);
    outstanding(context, idev, fd, 1);
    for (const cookie of [2, 77, 0xffff_ffff]) expect(context.respond(fd, [cookie, SUCCESS])).toBe('EINVAL');
    expect(context.respond(fd, [1, SUCCESS])).toBe(8);
  });

  test('any other code is EINVAL and leaves the group outstanding', ({ context }) => {
    const { fd, idev } = paging(context);
    outstanding(context, idev, fd, 1);
    for (const code of [2, 3, 0xffff_ffff]) expect(context.respond(fd, [1, code])).toBe('EINVAL');
    expect(context.respond(fd, [1, INVALID])).toBe(8);
  });

  test('stops at the first bad one with a short count, the rest is not looked at', ({ context }) => {
    const { fd, idev } = paging(context);
    outstanding(context, idev, fd, 4);
    expect(context.respond(fd, [1, SUCCESS], [9, SUCCESS], [2, SUCCESS])).toBe(8);
    expect(context.respond(fd, [2, SUCCESS], [3, 2], [4, SUCCESS])).toBe(8);
    expect(context.respond(fd, [3, SUCCESS], [4, SUCCESS])).toBe(16);
  });

  test('the same cookie twice in one write: the second is unknown', ({ context }) => {
    const { fd, idev } = paging(context);
    outstanding(context, idev, fd, 1);
    expect(context.respond(fd, [1, SUCCESS], [1, SUCCESS])).toBe(8);
    expect(context.respond(fd, [1, SUCCESS])).toBe('EINVAL');
  });

  test('a group that is queued but not read cannot be answered', ({ context }) => {
    const { fd, idev } = paging(context);
    context.trigger({ dev: idev });
    expect(context.respond(fd, [1, INVALID])).toBe('EINVAL');
    expect(context.cookies(fd)).toEqual([1]);
  });

  test('{1..N, INVALID} answers all that is outstanding without knowing the cookies', ({ context }) => {
    const { fd, idev } = paging(context);
    outstanding(context, idev, fd, 6);
    context.respond(fd, [2, SUCCESS], [5, SUCCESS]);
    const results = [1, 2, 3, 4, 5, 6, 7, 8].map((cookie) => context.respond(fd, [cookie, INVALID]));
    expect(results).toEqual([8, 'EINVAL', 8, 8, 'EINVAL', 8, 'EINVAL', 'EINVAL']);
    expect(outstanding(context, idev, fd, 1)).toEqual([1]);
  });
});

describe('iommufd_auto_response_faults', () => {
  test('replace answers what is outstanding; its cookie is stale', ({ context }) => {
    const { fd, idev, stdev, ioas } = paging(context);
    outstanding(context, idev, fd, 2);
    expect(context.replace(stdev, ioas)).toBe(0);
    expect(context.respond(fd, [1, SUCCESS])).toBe('EINVAL');
    expect(context.respond(fd, [2, SUCCESS])).toBe('EINVAL');
  });

  test('replace takes what is queued out of the queue, and nobody is told', ({ context }) => {
    const { fd, idev, stdev, ioas } = paging(context);
    context.trigger({ dev: idev });
    context.replace(stdev, ioas);
    expect(context.poll(fd)).toBe(4);
    expect(context.read(fd).r).toBe(0);
  });

  test('replace by another HWPT of the same fault object answers too: the handle is another', ({ context }) => {
    const { fd, idev, stdev, ioas, fault } = paging(context);
    outstanding(context, idev, fd, 1);
    context.trigger({ dev: idev });
    const other = context.hwpt({ dev: idev, pt: ioas, fault });
    expect(context.replace(stdev, other)).toBe(0);
    expect(context.respond(fd, [1, SUCCESS])).toBe('EINVAL');
    expect(context.read(fd).r).toBe(0);
    context.trigger({ dev: idev, grpid: 5 });
    expect(context.read(fd).records).toMatchObject([{ grpid: 5, cookie: 1 }]);
  });

  test('replace by the HWPT that is attached does nothing (iommufd_device_do_replace)', ({ context }) => {
    const { fd, idev, stdev, hwpt } = paging(context);
    outstanding(context, idev, fd, 1);
    expect(context.replace(stdev, hwpt)).toBe(0);
    expect(context.respond(fd, [1, SUCCESS])).toBe(8);
  });

  test('a stale cookie that was given again answers the other group', ({ context }) => {
    const { fd, idev, stdev, ioas, hwpt } = paging(context);
    expect(outstanding(context, idev, fd, 1)).toEqual([1]);
    context.replace(stdev, ioas);
    context.replace(stdev, hwpt);
    expect(outstanding(context, idev, fd, 1)).toEqual([1]);
    expect(context.respond(fd, [1, SUCCESS])).toBe(8);
    expect(context.respond(fd, [1, SUCCESS])).toBe('EINVAL');
  });

  test('only the groups of that attachment are answered: two devices on one fault object', ({ context }) => {
    const { fd, idev, stdev, ioas, hwpt } = paging(context);
    const second = context.mock(ioas);
    expect(context.replace(second.stdev, hwpt)).toBe(0);
    for (const dev of [idev, second.idev]) context.trigger({ dev });
    expect(context.cookies(fd)).toEqual([1, 2]);
    for (const dev of [second.idev, idev]) context.trigger({ dev, grpid: 8 });
    context.replace(stdev, ioas);
    expect(context.read(fd).records).toMatchObject([{ devId: second.idev, grpid: 8, cookie: 1 }]);
    expect(context.respond(fd, [2, SUCCESS], [1, SUCCESS])).toBe(16);
  });

  test('destroying the selftest device detaches it: what is outstanding and queued is answered', ({ context }) => {
    const { fd, idev, stdev } = paging(context);
    outstanding(context, idev, fd, 1);
    context.trigger({ dev: idev });
    expect(context.destroy(stdev)).toBe(0);
    expect(context.respond(fd, [1, SUCCESS])).toBe('EINVAL');
    expect(context.read(fd).r).toBe(0);
  });
});
