// Operations on objects: IOAS, mock devices, fault objects, HWPTs, destroying.
import * as fc from 'fast-check';
import * as ioctls from '../../src/uapi/ioctl.ts';
import { iommuHwInfo } from '../../src/uapi/iommufd.ts';
import { iommuHwptSelftest, TestOp, testMockDomainFlags } from '../../src/uapi/selftest.ts';
import { ioctlCall, op, type Player } from './call.ts';
import { ANY, type Kind, NEWEST, WRONG } from './world.ts';

/** Which object: mostly a right one, and mostly one of the oldest or newest. */
export const ref = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(0, NEWEST, 1, NEWEST + 1) },
  { weight: 8, arbitrary: fc.nat(4) },
  { weight: 1, arbitrary: fc.integer({ min: ANY, max: ANY + 9 }) },
  { weight: 1, arbitrary: fc.integer({ min: WRONG, max: WRONG + 3 }) },
);
/** Which descriptor: hardly ever one of the wrong kind. */
export const file = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(0, 0, 0, NEWEST) },
  { weight: 12, arbitrary: fc.nat(3) },
  { weight: 1, arbitrary: fc.constantFrom(ANY, ANY + 1) },
);
/** Mostly 0, sometimes one of the others. */
export const mostly0 = (...others: number[]) =>
  fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
/** What a device can be attached to, mostly something that delivers faults. */
export const table = fc.record({ kind: fc.constantFrom<Kind>('iopf', 'iopf', 'iopf', 'iopf', 'hwpt', 'ioas'), ref });
/** What an HWPT can be made on. */
const base = fc.record({ kind: fc.constantFrom<Kind>('ioas', 'ioas', 'ioas', 'parent', 'parent', 'hwpt'), ref });

/** Where a pointer in a struct points to: memory, a few bytes before memory that faults, nowhere. */
type Where = 'memory' | 'end' | 'nowhere' | 'null';
export const where = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Where>('memory') },
  { weight: 1, arbitrary: fc.constantFrom<Where>('end', 'end', 'nowhere', 'null') },
);
const NOWHERE = 0x1000n;
const ROOM_AT_END = 5;
const PART = 64;

/** That memory of the player's. */
export function place({ data, guarded }: Player, where: Where): { address: bigint; bytes: Uint8Array } {
  if (where === 'memory') return { address: data.address, bytes: data.bytes.subarray(0, PART) };
  if (where === 'end') return guarded(ROOM_AT_END);
  return { address: where === 'null' ? 0n : NOWHERE, bytes: new Uint8Array(0) };
}

const kindOf = (flags: number): Kind => (flags & 4 ? 'iopf' : flags & 1 ? 'parent' : 'hwpt');

export const objectOps = {
  ioasAlloc: op({
    weight: 4,
    args: fc.record({ file, flags: mostly0(1) }),
    call: ({ file, flags }, world) => {
      const slot = world.slot('context', file);
      return (
        slot &&
        ioctlCall({
          slot,
          ioctl: ioctls.IOMMU_IOAS_ALLOC,
          arg: ioctls.IOMMU_IOAS_ALLOC.arg,
          value: { flags },
          after: (out, r) => r === 0 && world.born(slot.context, 'ioas', out.outIoasId),
        })
      );
    },
  }),

  mock: op({
    weight: 5,
    args: fc.record({ file, on: base, flags: fc.constantFrom(0, 4, 4, 4, 4, 4, 1, 5, 8) }),
    call: ({ file, on, flags }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      const { context } = slot;
      return ioctlCall({
        slot,
        name: 'MOCK_DOMAIN_FLAGS',
        ioctl: ioctls.IOMMU_TEST_CMD,
        arg: testMockDomainFlags,
        value: { op: TestOp.MOCK_DOMAIN_FLAGS, id: world.id(context, on.kind, on.ref), devFlags: flags },
        after: (out, r) => {
          if (r !== 0) return;
          world.born(context, 'stdev', out.outStdevId);
          world.born(context, 'dev', out.outIdevId);
          world.born(context, 'hwpt', out.outHwptId);
          context.deviceOf.set(out.outStdevId, out.outIdevId);
        },
      });
    },
  }),

  faultAlloc: op({
    weight: 6,
    args: fc.record({ file, flags: mostly0(1) }),
    call: ({ file, flags }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      const arg = ioctls.IOMMU_FAULT_QUEUE_ALLOC.arg;
      return ioctlCall({
        slot,
        ioctl: ioctls.IOMMU_FAULT_QUEUE_ALLOC,
        arg,
        value: { flags },
        take: (player, out, bytes) => {
          player.fds[world.slots.length] = out.outFaultFd;
          arg.write(bytes, { outFaultFd: 0 });
        },
        after: (out, r) => {
          if (r !== 0) return;
          world.born(slot.context, 'fault', out.outFaultId);
          world.addSlot('fault', slot.context);
        },
      });
    },
  }),

  hwptAlloc: op({
    weight: 24,
    args: fc.record({
      file,
      dev: ref,
      on: base,
      /** FAULT_ID_VALID and PASID are what it is all about. */
      flags: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(12, 12, 4, 9, 1, 8, 0) },
        { weight: 1, arbitrary: fc.constantFrom(5, 2, 3, 6, 13, 14, 16, 0x8000_0000) },
      ),
      fault: ref,
      data: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom([0, 0], [0xdead, 8]) },
        { weight: 1, arbitrary: fc.constantFrom([0xdead, 4], [0xdead, 3], [0xdead, 9], [0xdead, 0], [1, 8], [0, 8]) },
      ),
      pagetable: mostly0(1, 2),
      where,
      reserved: mostly0(1),
      reserved2: mostly0(1),
      /** A fault object where the flag says that there is none. */
      unasked: mostly0(1),
    }),
    call: (args, world) => {
      const { file, dev, on, flags, fault, data, pagetable, reserved } = args;
      // Not in the steps that are written by hand.
      const { where = 'memory', reserved2 = 0, unasked = 0 } = args;
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      const { context } = slot;
      const [dataType = 0, dataLen = 0] = data;
      return ioctlCall({
        slot,
        name: pagetable ? `HWPT_ALLOC[pagetable ${pagetable}]` : 'HWPT_ALLOC',
        ioctl: ioctls.IOMMU_HWPT_ALLOC,
        arg: ioctls.IOMMU_HWPT_ALLOC.arg,
        value: {
          devId: world.id(context, 'dev', dev),
          ptId: world.id(context, on.kind, on.ref),
          flags,
          faultId: flags & 4 || unasked ? world.id(context, 'fault', fault) : 0,
          dataType,
          dataLen,
          reserved,
          reserved2,
        },
        before(player) {
          const said = iommuHwptSelftest.encode({ iotlb: 0xbadbeef, pagetableType: pagetable });
          const { bytes } = place(player, where);
          bytes.set(said.subarray(0, bytes.length));
        },
        own: (player) => ({ dataUptr: dataLen ? place(player, where).address : 0n }),
        after: (out, r) => r === 0 && world.born(context, kindOf(flags), out.outHwptId),
      });
    },
  }),

  destroy: op({
    weight: 14,
    args: fc.record({ file, kind: fc.constantFrom<Kind>('hwpt', 'hwpt', 'fault', 'stdev', 'ioas', 'dev'), ref }),
    call: ({ file, kind, ref }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      const id = world.id(slot.context, kind, ref);
      // iommufd_selftest_destroy detaches the device itself only: with a PASID attached it leaves freed memory behind.
      if (slot.context.pasids.get(id)?.size) return undefined;
      return ioctlCall({
        slot,
        ioctl: ioctls.IOMMU_DESTROY,
        arg: ioctls.IOMMU_DESTROY.arg,
        value: { id },
        after: (_, r) => r === 0 && world.died(slot.context, id),
      });
    },
  }),

  hwInfo: op({
    weight: 2,
    args: fc.record({ file, dev: ref, flags: mostly0(1, 2), room: fc.constantFrom(0, 0, 1, 4, 7, 64), where }),
    call: ({ file, dev, flags, room, where = 'memory' }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      return ioctlCall({
        slot,
        ioctl: ioctls.IOMMU_GET_HW_INFO,
        arg: iommuHwInfo,
        value: { devId: world.id(slot.context, 'dev', dev), flags, dataLen: room },
        before: (player) => place(player, where).bytes.fill(0xee),
        own: (player) => ({ dataUptr: room ? place(player, where).address : 0n }),
        data: (player) => place(player, where).bytes,
      });
    },
  }),
};
