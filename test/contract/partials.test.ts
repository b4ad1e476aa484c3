// Groups of several records: report_partial_fault and iopf_group_alloc (drivers/iommu/io-pgfault.c). Partials are made
// with the lab kernel's own bit of TRIGGER_IOPF's perm.
import { describe, expect } from 'vitest';
import { HwptAllocFlag } from '../../src/uapi/iommufd.ts';
import { IDLE, nested, paging, RECORD, test } from './fixture.ts';

describe('report_partial_fault', () => {
  test('a record without LAST_PAGE is invisible until its last comes', ({ context }) => {
    const { fd, idev } = paging(context);
    expect(context.trigger({ dev: idev, partial: true })).toBe(0);
    expect(context.poll(fd)).toBe(IDLE);
    expect(context.read(fd).r).toBe(0);
    context.trigger({ dev: idev });
    expect(context.read(fd).r).toBe(2 * RECORD);
  });

  test('the bit is not part of the perm that is delivered', ({ context }) => {
    const { fd, idev } = paging(context);
    context.trigger({ dev: idev, perm: 3, partial: true });
    context.trigger({ dev: idev, perm: 1 });
    expect(context.read(fd).records.map((f) => f.perm)).toEqual([3, 1]);
  });

  test('without a handler it is refused at once, not kept', ({ context }) => {
    const { fd, idev, stdev, ioas, hwpt } = paging(context);
    context.replace(stdev, ioas);
    context.trigger({ dev: idev, partial: true });
    context.replace(stdev, hwpt);
    context.trigger({ dev: idev });
    expect(context.read(fd).r).toBe(RECORD);
  });
});

describe('iopf_group_alloc', () => {
  test('collects the partials of the same grpid in order, itself last', ({ context }) => {
    const { fd, idev } = paging(context);
    for (const addr of [5n, 3n, 9n]) context.trigger({ dev: idev, grpid: 6, addr, partial: true });
    context.trigger({ dev: idev, grpid: 6, addr: 1n });
    const { records } = context.read(fd);
    expect(records.map((f) => [f.addr, f.flags, f.cookie])).toEqual([
      [5n, 0, 1],
      [3n, 0, 1],
      [9n, 0, 1],
      [1n, 2, 1],
    ]);
  });

  test('interleaved grpids are kept apart', ({ context }) => {
    const { fd, idev } = paging(context);
    const partials: [number, bigint][] = [
      [1, 10n],
      [2, 20n],
      [1, 11n],
      [3, 30n],
      [2, 21n],
    ];
    for (const [grpid, addr] of partials) context.trigger({ dev: idev, grpid, addr, partial: true });
    context.trigger({ dev: idev, grpid: 2, addr: 22n });
    context.trigger({ dev: idev, grpid: 1, addr: 12n });
    expect(context.read(fd).records.map((f) => [f.grpid, f.addr, f.cookie])).toEqual([
      [2, 20n, 1],
      [2, 21n, 1],
      [2, 22n, 1],
      [1, 10n, 2],
      [1, 11n, 2],
      [1, 12n, 2],
    ]);
    context.trigger({ dev: idev, grpid: 3, addr: 31n });
    expect(context.read(fd).records.map((f) => f.addr)).toEqual([30n, 31n]);
  });

  test('the same grpid again begins a new group', ({ context }) => {
    const { fd, idev } = paging(context);
    context.trigger({ dev: idev, grpid: 1, addr: 1n, partial: true });
    context.trigger({ dev: idev, grpid: 1, addr: 2n });
    context.trigger({ dev: idev, grpid: 1, addr: 3n });
    expect(context.read(fd).records.map((f) => [f.addr, f.cookie])).toEqual([
      [1n, 1],
      [2n, 1],
      [3n, 2],
    ]);
  });

  test('partials belong to the device: another device’s last does not take them', ({ context }) => {
    const { fd, idev, ioas, hwpt } = paging(context);
    const second = context.mock(ioas);
    context.replace(second.stdev, hwpt);
    context.trigger({ dev: idev, grpid: 1, partial: true });
    context.trigger({ dev: second.idev, grpid: 1 });
    expect(context.read(fd).r).toBe(RECORD);
    context.trigger({ dev: idev, grpid: 1 });
    expect(context.read(fd).r).toBe(2 * RECORD);
  });

  test('only grpid counts: partials of other PASIDs join, each with its own pasid and flags', ({ context }) => {
    const { fd, idev } = nested(context);
    context.trigger({ dev: idev, pasid: 5, partial: true });
    context.trigger({ dev: idev, partial: true });
    context.trigger({ dev: idev, pasid: 6 });
    expect(context.read(fd).records.map((f) => [f.flags, f.pasid])).toEqual([
      [1, 5],
      [0, 0],
      [3, 6],
    ]);
  });

  test('the last record alone decides where the group goes', ({ context }) => {
    const { fd, idev, stdev, ioas } = paging(context, true);
    const own = context.fault();
    const hwpt = context.hwpt({ dev: idev, pt: ioas, fault: own.id, flags: HwptAllocFlag.PASID });
    context.pasidAttach(stdev, 7, hwpt);
    context.trigger({ dev: idev, grpid: 1, partial: true });
    context.trigger({ dev: idev, grpid: 1, pasid: 7 });
    expect(context.read(fd).r).toBe(0);
    expect(context.read(own.fd).records.map((f) => f.pasid)).toEqual([0, 7]);
  });

  test('a last record that has no handler leaves the partials waiting', ({ context }) => {
    const { fd, idev } = paging(context, true);
    context.trigger({ dev: idev, grpid: 1, addr: 1n, partial: true });
    context.trigger({ dev: idev, grpid: 1, addr: 2n, pasid: 9 });
    context.trigger({ dev: idev, grpid: 1, addr: 3n });
    expect(context.read(fd).records.map((f) => f.addr)).toEqual([1n, 3n]);
  });
});

describe('iopf_queue_remove_device', () => {
  test('partials are dropped when the device’s last HWPT with a fault object goes', ({ context }) => {
    const { fd, idev, stdev, ioas, hwpt } = paging(context);
    context.trigger({ dev: idev, partial: true });
    context.replace(stdev, ioas);
    context.replace(stdev, hwpt);
    context.trigger({ dev: idev });
    expect(context.read(fd).r).toBe(RECORD);
  });

  test('but outlive a replace by another HWPT that has one (mock_domain_nop_attach)', ({ context }) => {
    const { idev, stdev, ioas } = paging(context);
    const own = context.fault();
    const other = context.hwpt({ dev: idev, pt: ioas, fault: own.id });
    context.trigger({ dev: idev, addr: 1n, partial: true });
    context.replace(stdev, other);
    context.trigger({ dev: idev, addr: 2n });
    expect(context.read(own.fd).records.map((f) => f.addr)).toEqual([1n, 2n]);
  });

  test('and so for a PASID that alone keeps one (mock_domain_set_dev_pasid_nop)', ({ context }) => {
    const { idev, stdev, ioas, hwpt } = paging(context, true);
    const own = context.fault();
    const [silent, other] = [
      context.hwpt({ dev: idev, pt: ioas, flags: HwptAllocFlag.PASID }),
      context.hwpt({ dev: idev, pt: ioas, flags: HwptAllocFlag.PASID, fault: own.id }),
    ];
    context.pasidAttach(stdev, 7, hwpt);
    context.replace(stdev, silent);
    context.trigger({ dev: idev, pasid: 7, addr: 1n, partial: true });
    expect(context.pasidReplace(stdev, 7, other)).toBe(0);
    context.trigger({ dev: idev, pasid: 7, addr: 2n });
    expect(context.read(own.fd).records.map((f) => f.addr)).toEqual([1n, 2n]);
  });

  test('and one by an HWPT without one while a PASID keeps another', ({ context }) => {
    const { fd, idev, stdev, ioas, hwpt } = paging(context, true);
    const silent = context.hwpt({ dev: idev, pt: ioas, flags: HwptAllocFlag.PASID });
    context.pasidAttach(stdev, 7, hwpt);
    context.trigger({ dev: idev, grpid: 1, addr: 1n, partial: true });
    expect(context.replace(stdev, silent)).toBe(0);
    context.trigger({ dev: idev, grpid: 1, addr: 2n, pasid: 7 });
    expect(context.read(fd).records.map((f) => f.addr)).toEqual([1n, 2n]);
    context.trigger({ dev: idev, grpid: 1, addr: 3n, pasid: 7, partial: true });
    context.pasidDetach(stdev, 7);
    context.pasidAttach(stdev, 7, hwpt);
    context.trigger({ dev: idev, grpid: 1, addr: 4n, pasid: 7 });
    expect(context.read(fd).records.map((f) => f.addr)).toEqual([4n]);
  });
});
