// Operations on attachments, of the device itself and of its PASIDs.
import * as fc from 'fast-check';
import * as ioctls from '../../src/uapi/ioctl.ts';
import { TestOp, testMockDomainReplace, testPasid } from '../../src/uapi/selftest.ts';
import { type Call, ioctlCall, op } from './call.ts';
import { file, ref, table } from './ops-objects.ts';
import { ATTACHED, type Slot } from './world.ts';

/** The one that the selftest driver fails now and then, the widest, and one too wide are among them. */
export const pasid = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(ATTACHED, ATTACHED, 1, 2) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1024, 1024, 0xf_ffff) },
  { weight: 1, arbitrary: fc.constantFrom(0x10_0000, 0xffff_ffff) },
);

const pasidArgs = fc.record({ file, stdev: ref, pasid, to: table });

/** PASID_DETACH; also what ends a sequence. */
export function detachCall(slot: Slot, id: number, pasid: number): Call {
  return ioctlCall({
    slot,
    name: 'PASID_DETACH',
    ioctl: ioctls.IOMMU_TEST_CMD,
    arg: testPasid,
    value: { op: TestOp.PASID_DETACH, id, pasid },
    after: (_, r) => {
      if (r === 0) slot.context.pasids.get(id)?.delete(pasid);
      if (slot.context.pasids.get(id)?.size === 0) slot.context.pasids.delete(id);
    },
  });
}

const pasidTo = (name: 'PASID_ATTACH' | 'PASID_REPLACE' | 'PASID_CHECK_HWPT', weight: number) =>
  op({
    weight,
    args: pasidArgs,
    call: ({ file, stdev, pasid, to }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      const { context } = slot;
      const id = world.id(context, 'stdev', stdev);
      const value = world.pasid(context, id, pasid);
      return ioctlCall({
        slot,
        name,
        ioctl: ioctls.IOMMU_TEST_CMD,
        arg: testPasid,
        value: { op: TestOp[name], id, pasid: value, ptId: world.id(context, to.kind, to.ref) },
        after: (_, r) => {
          if (name !== 'PASID_ATTACH' || r !== 0 || value === 0) return;
          context.pasids.set(id, (context.pasids.get(id) ?? new Set()).add(value));
        },
      });
    },
  });

export const attachOps = {
  replace: op({
    weight: 24,
    args: fc.record({ file, stdev: ref, to: table }),
    call: ({ file, stdev, to }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      const { context } = slot;
      return ioctlCall({
        slot,
        name: 'MOCK_DOMAIN_REPLACE',
        ioctl: ioctls.IOMMU_TEST_CMD,
        arg: testMockDomainReplace,
        value: {
          op: TestOp.MOCK_DOMAIN_REPLACE,
          id: world.id(context, 'stdev', stdev),
          ptId: world.id(context, to.kind, to.ref),
        },
      });
    },
  }),
  pasidAttach: pasidTo('PASID_ATTACH', 20),
  pasidReplace: pasidTo('PASID_REPLACE', 10),
  pasidCheck: pasidTo('PASID_CHECK_HWPT', 3),
  pasidDetach: op({
    weight: 8,
    args: fc.record({ file, stdev: ref, pasid }),
    call: ({ file, stdev, pasid }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      const id = world.id(slot.context, 'stdev', stdev);
      return detachCall(slot, id, world.pasid(slot.context, id, pasid));
    },
  }),
};
