// Operations on an IOAS: map, unmap, the ranges that are allowed.
import * as fc from 'fast-check';
import * as ioctls from '../../src/uapi/ioctl.ts';
import { IoasMapFlag, iommuIovaRange } from '../../src/uapi/iommufd.ts';
import { IOMMU_TEST_IOTLB_DEFAULT, TestOp, testTriggerIopf } from '../../src/uapi/selftest.ts';
import { at, struct } from '../../src/uapi/struct.ts';
import { ioctlCall, op, type Player } from './call.ts';
import { file, mostly0, place, ref, where } from './ops-objects.ts';
import type { Kind } from './world.ts';

/** Pages of memory that each kernel can pin. */
export const PAGES = 16;
const PAGE = 4096n;
const EVERYWHERE = (1n << 64n) - 1n;

/** In and around the mock aperture, which begins at 1 << 24 and ends below 1 << 31. */
const iova = fc.oneof(
  { weight: 10, arbitrary: fc.nat(6).map((n) => (1n << 24n) + BigInt(n) * PAGE) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n << 12n, (1n << 24n) - PAGE, (1n << 31n) - PAGE, 1n << 31n) },
  { weight: 1, arbitrary: fc.constantFrom((1n << 24n) + 1n, (1n << 24n) + 2048n, EVERYWHERE, EVERYWHERE - PAGE + 1n) },
);
const length = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: 1, max: 4 }).map((n) => BigInt(n) * PAGE) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, 2048n, EVERYWHERE, 1n << 63n) },
);

/** iommufd_test.h: IOMMU_TEST_OP_MD_CHECK_IOTLB, and the layouts that only tests use. */
const OP_CHECK_IOTLB = 14;
const SIZE = testTriggerIopf.size;
const head = { size: 'u32', op: 'u32', id: 'u32', reserved: 'u32' } as const;
const last = at(SIZE - 8, 'u64');
const checkMap = struct('iommu_test_cmd', SIZE, { ...head, iova: 'u64', length: 'u64', uptr: 'u64', last });
const checkIotlb = struct('iommu_test_cmd', SIZE, { ...head, index: 'u32', iotlb: 'u32', last });
const addReserved = struct('iommu_test_cmd', SIZE, { ...head, start: 'u64', length: 'u64', last });

/** What is mapped: memory that is there, not at the start of a page, before a page that is not there, nowhere, at the very end. */
const FROM = {
  pages: ({ pages }: Player, page: number) => pages + BigInt(page) * PAGE,
  within: ({ pages }: Player, page: number) => pages + BigInt(page) * PAGE + 2_048n,
  byte: ({ pages }: Player, page: number) => pages + BigInt(page) * PAGE + 1n,
  end: ({ guarded }: Player) => guarded(1).address & ~(PAGE - 1n),
  nowhere: (_: Player, page: number) => BigInt(page) * PAGE,
  last: () => EVERYWHERE - PAGE + 1n,
};
/** undefined: the one that belongs to that IOVA, so that what is mapped can be checked for. */
const page = fc.option(fc.nat(PAGES - 5), { nil: undefined, freq: 3 });
const pageAt = (page: number | undefined, iova: bigint): number => page ?? Number((iova / PAGE) % BigInt(PAGES - 4));
const from = fc.oneof(
  { weight: 20, arbitrary: fc.constant<keyof typeof FROM>('pages') },
  { weight: 1, arbitrary: fc.constantFrom<keyof typeof FROM>('within', 'byte', 'end', 'end', 'nowhere', 'last') },
);

export const memoryOps = {
  map: op({
    weight: 10,
    args: fc.record({
      file,
      ioas: ref,
      flags: fc.oneof(
        { weight: 10, arbitrary: fc.constantFrom(7, 7, 6, 3, 5) },
        { weight: 1, arbitrary: fc.constantFrom(0, 1, 15) },
      ),
      page,
      from,
      length,
      iova,
      reserved: mostly0(1),
    }),
    call: ({ file, ioas, flags, page, from = 'pages', length, iova, reserved }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      return ioctlCall({
        slot,
        ioctl: ioctls.IOMMU_IOAS_MAP,
        arg: ioctls.IOMMU_IOAS_MAP.arg,
        // Where the kernel chooses an IOVA it keeps the alignment of the address, which for that page the two have not alike.
        value: {
          ioasId: world.id(slot.context, 'ioas', ioas),
          flags: from === 'end' ? flags | IoasMapFlag.FIXED_IOVA : flags,
          length,
          iova,
          reserved,
        },
        own: (player) => ({ userVa: FROM[from](player, pageAt(page, iova)) }),
      });
    },
  }),

  unmap: op({
    weight: 6,
    args: fc.record({
      file,
      ioas: ref,
      range: fc.oneof(
        { weight: 6, arbitrary: fc.tuple(iova, length) },
        { weight: 1, arbitrary: fc.constantFrom<[bigint, bigint]>([0n, EVERYWHERE], [0n, 1n << 40n]) },
      ),
    }),
    call: ({ file, ioas, range: [iova, length] }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      const value = { ioasId: world.id(slot.context, 'ioas', ioas), iova, length };
      return ioctlCall({ slot, ioctl: ioctls.IOMMU_IOAS_UNMAP, arg: ioctls.IOMMU_IOAS_UNMAP.arg, value });
    },
  }),

  /** Has the HWPT exactly those pages there? */
  checkMap: op({
    weight: 6,
    args: fc.record({
      file,
      hwpt: fc.record({ kind: fc.constantFrom<Kind>('hwpt', 'iopf', 'iopf', 'parent', 'ioas'), ref }),
      page,
      from,
      length,
      iova,
    }),
    call: ({ file, hwpt, page, from, length, iova }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      return ioctlCall({
        slot,
        name: 'MD_CHECK_MAP',
        ioctl: ioctls.IOMMU_TEST_CMD,
        arg: checkMap,
        value: { op: TestOp.MD_CHECK_MAP, id: world.id(slot.context, hwpt.kind, hwpt.ref), iova, length },
        own: (player) => ({ uptr: FROM[from](player, pageAt(page, iova)) }),
      });
    },
  }),

  checkIotlb: op({
    weight: 2,
    args: fc.record({
      file,
      hwpt: fc.record({ kind: fc.constantFrom<Kind>('hwpt', 'iopf', 'iopf', 'iopf', 'parent'), ref }),
      index: fc.constantFrom(0, 1, 3, 4, 0xffff_ffff),
      iotlb: fc.constantFrom(IOMMU_TEST_IOTLB_DEFAULT, IOMMU_TEST_IOTLB_DEFAULT, 0, 7),
    }),
    call: ({ file, hwpt, index, iotlb }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      return ioctlCall({
        slot,
        name: 'MD_CHECK_IOTLB',
        ioctl: ioctls.IOMMU_TEST_CMD,
        arg: checkIotlb,
        value: { op: OP_CHECK_IOTLB, id: world.id(slot.context, hwpt.kind, hwpt.ref), index, iotlb },
      });
    },
  }),

  /** Of the selftest: no page of them can be mapped. Mostly of one that is behind the others. */
  addReserved: op({
    weight: 1,
    args: fc.record({
      file,
      ioas: ref,
      start: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(5n, 6n, 9n).map((n) => (1n << 24n) + n * PAGE) }, iova),
      length,
    }),
    call: ({ file, ioas, start, length }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      const value = { op: TestOp.ADD_RESERVED, id: world.id(slot.context, 'ioas', ioas), start, length };
      return ioctlCall({ slot, name: 'ADD_RESERVED', ioctl: ioctls.IOMMU_TEST_CMD, arg: addReserved, value });
    },
  }),

  iovaRanges: op({
    weight: 3,
    args: fc.record({ file, ioas: ref, room: fc.constantFrom(4, 4, 1, 0), where, reserved: mostly0(1) }),
    call: ({ file, ioas, room, where = 'memory', reserved = 0 }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      return ioctlCall({
        slot,
        ioctl: ioctls.IOMMU_IOAS_IOVA_RANGES,
        arg: ioctls.IOMMU_IOAS_IOVA_RANGES.arg,
        value: { ioasId: world.id(slot.context, 'ioas', ioas), numIovas: room, reserved },
        own: (player) => ({ allowedIovas: place(player, where).address }),
        before: (player) => place(player, where).bytes.fill(0),
        data: (player) => place(player, where).bytes.slice(0, 4 * iommuIovaRange.size),
      });
    },
  }),
};
