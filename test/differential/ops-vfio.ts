// Operations on the two VFIO devices: open, bind, attach, detach. Without them (another kernel than the lab's) open fails
// and the rest finds nothing to work on.
import * as fc from 'fast-check';
import { Open } from '../../src/kernel/kernel.ts';
import * as ioctls from '../../src/uapi/ioctl.ts';
import {
  VFIO_PASID_FLAG,
  vfioDeviceAttachIommufdPtPasid,
  vfioDeviceBindIommufd,
  vfioDeviceDetachIommufdPtPasid,
} from '../../src/uapi/vfio.ts';
import { ioctlCall, op } from './call.ts';
import { pasid } from './ops-attach.ts';
import { file, mostly0, ref, table } from './ops-objects.ts';
import { ATTACHED } from './world.ts';

const usePasid = fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: pasid });
/** The PASIDs of VFIO devices are not kept: an attached one is mostly 1. */
const number = (pasid: number | undefined): number => (pasid === ATTACHED ? 1 : (pasid ?? 0));
const BYTES = 24;
const CHANGES = { ATTACH: ioctls.VFIO_DEVICE_ATTACH_IOMMUFD_PT, DETACH: ioctls.VFIO_DEVICE_DETACH_IOMMUFD_PT } as const;
const flags = (pasid: number | undefined): number => (pasid === undefined ? 0 : VFIO_PASID_FLAG);

export const vfioOps = {
  vfioOpen: op({
    weight: 2,
    args: fc.record({ number: fc.nat(1) }),
    call: ({ number }, world) => ({
      text: () => `open(/dev/vfio/devices/vfio${number})`,
      perform(player) {
        const fd = player.kernel.open(`/dev/vfio/devices/vfio${number}`, Open.RDWR | Open.CLOEXEC);
        if (fd >= 0) player.fds[world.slots.length] = fd;
        return { r: Math.min(fd, 0) };
      },
      after: ({ r }) => r === 0 && world.addVfio(),
    }),
  }),

  vfioBind: op({
    weight: 3,
    args: fc.record({ device: file, file, flags: mostly0(1, 2) }),
    call: ({ device, file, flags }, world) => {
      const slot = world.slot('vfio', device);
      const iommufd = world.slot('context', file);
      if (!slot || !iommufd) return undefined;
      return ioctlCall({
        slot,
        name: `BIND[fd#${iommufd.index}]`,
        ioctl: ioctls.VFIO_DEVICE_BIND_IOMMUFD,
        arg: vfioDeviceBindIommufd,
        value: { flags },
        own: ({ fds }) => ({ iommufd: fds[iommufd.index] ?? -1 }),
        after: (out, r) => {
          if (r !== 0) return;
          world.born(iommufd.context, 'dev', out.outDevid);
          slot.context = iommufd.context;
        },
      });
    },
  }),

  vfioAttach: op({
    weight: 12,
    args: fc.record({ device: file, to: table, pasid: usePasid }),
    call: ({ device, to, pasid }, world) => {
      const slot = world.slot('vfio', device);
      if (!slot) return undefined;
      return ioctlCall({
        slot,
        name: 'ATTACH',
        ioctl: ioctls.VFIO_DEVICE_ATTACH_IOMMUFD_PT,
        arg: vfioDeviceAttachIommufdPtPasid,
        value: {
          ptId: world.id(slot.context, to.kind, to.ref),
          flags: flags(pasid),
          pasid: number(pasid),
        },
        after: (out, r) => r === 0 && to.kind === 'ioas' && world.born(slot.context, 'hwpt', out.ptId),
      });
    },
  }),

  /** Structs of any size, with flags that there are not, in memory that ends within them. To no IOAS: nothing is made by it. */
  vfioChange: op({
    weight: 4,
    args: fc.record({
      device: file,
      change: fc.constantFrom<keyof typeof CHANGES>('ATTACH', 'DETACH'),
      argsz: fc.constantFrom(0, 4, 8, 11, 12, 15, 16, 19, 20, 24, 0xffff_ffff),
      flags: fc.constantFrom(0, 0, 1, 1, 2, 3, 0x8000_0000),
      hwpt: ref,
      room: fc.oneof({ weight: 4, arbitrary: fc.constant(BYTES) }, { weight: 1, arbitrary: fc.nat(BYTES) }),
    }),
    call: ({ device, change, argsz, flags, hwpt, room }, world) => {
      const slot = world.slot('vfio', device);
      if (!slot) return undefined;
      const ptId = world.id(slot.context, 'hwpt', hwpt);
      return {
        text: () => `${change}(fd#${slot.index} argsz=${argsz} flags=${flags} pt=${ptId} pasid=1), ${room} bytes of it`,
        perform({ kernel, fds, guarded }) {
          const { bytes } = guarded(room);
          const words = change === 'ATTACH' ? [argsz, flags, ptId, 1] : [argsz, flags, 1, 0];
          bytes.set(new Uint8Array(Uint32Array.of(...words, 0, 0).buffer).subarray(0, room));
          return { r: kernel.ioctl(fds[slot.index] ?? -1, CHANGES[change].nr, bytes), bytes: bytes.slice() };
        },
      };
    },
  }),

  vfioDetach: op({
    weight: 3,
    args: fc.record({ device: file, pasid: usePasid }),
    call: ({ device, pasid }, world) => {
      const slot = world.slot('vfio', device);
      if (!slot) return undefined;
      return ioctlCall({
        slot,
        name: 'DETACH',
        ioctl: ioctls.VFIO_DEVICE_DETACH_IOMMUFD_PT,
        arg: vfioDeviceDetachIommufdPtPasid,
        value: { flags: flags(pasid), pasid: number(pasid) },
      });
    },
  }),
};
