// Arguments whose size is not the struct's, and positioned reads and writes.
import * as fc from 'fast-check';
import * as ioctls from '../../src/uapi/ioctl.ts';
import { op } from './call.ts';
import { file } from './ops-objects.ts';

/** Ioctls that change nothing where all fields are 0, or little. */
const RAW = [
  ioctls.IOMMU_DESTROY,
  ioctls.IOMMU_IOAS_ALLOC,
  ioctls.IOMMU_IOAS_IOVA_RANGES,
  ioctls.IOMMU_IOAS_MAP,
  ioctls.IOMMU_IOAS_UNMAP,
  ioctls.IOMMU_HWPT_ALLOC,
  ioctls.IOMMU_FAULT_QUEUE_ALLOC,
  ioctls.IOMMU_GET_HW_INFO,
  ioctls.IOMMU_TEST_CMD,
  { name: 'no ioctl', nr: 0x3bff },
  { name: 'VFIO_GET_API_VERSION', nr: 0x3b64 },
  { name: 'VFIO_CHECK_EXTENSION', nr: 0x3b65 },
  { name: 'VFIO_SET_IOMMU', nr: 0x3b66 },
  { name: 'VFIO_IOMMU_GET_INFO', nr: 0x3b70 },
  { name: 'VFIO_IOMMU_MAP_DMA', nr: 0x3b71 },
  { name: 'VFIO_IOMMU_UNMAP_DMA', nr: 0x3b72 },
];
const BYTES = 256;
const FAULT_ALLOC_SIZE = ioctls.IOMMU_FAULT_QUEUE_ALLOC.arg.size;

export const rawOps = {
  raw: op({
    weight: 4,
    args: fc.record({
      kind: fc.constantFrom<'context' | 'fault' | 'vfio'>('context', 'context', 'context', 'fault', 'vfio'),
      file,
      ioctl: fc.constantFrom(...RAW),
      size: fc.oneof(fc.constantFrom(0, 4, 8, 12, 16, 24, 32, 40, 48, 68, 72, 128), fc.nat(BYTES)),
      /** Bytes that are not 0. */
      dirty: fc.oneof(
        { weight: 1, arbitrary: fc.constant<number[]>([]) },
        { weight: 1, arbitrary: fc.array(fc.integer({ min: 4, max: BYTES - 1 }), { minLength: 1, maxLength: 3 }) },
      ),
      /** How many bytes there are before memory that faults. */
      room: fc.oneof({ weight: 8, arbitrary: fc.constant(BYTES) }, { weight: 1, arbitrary: fc.nat(80) }),
    }),
    call: ({ kind, file, ioctl, size, dirty: some, room = BYTES }, world) => {
      const slot = world.slot(kind, file);
      if (!slot || (ioctl === ioctls.IOMMU_IOAS_ALLOC && size === 12)) return undefined;
      // What would bring out a descriptor has a flag that there is not.
      const dirty = ioctl === ioctls.IOMMU_FAULT_QUEUE_ALLOC && size >= FAULT_ALLOC_SIZE ? [4, ...some] : some;
      return {
        text: () =>
          `${ioctl.name}(fd#${slot.index} size=${size}${dirty.map((at) => ` [${at}]=0x80`).join('')}${room < BYTES ? `, of which ${room} bytes are there` : ''})`,
        perform({ kernel, fds, guarded }) {
          const bytes = room < BYTES ? guarded(room).bytes : new Uint8Array(BYTES);
          const whole = new Uint8Array(BYTES);
          new DataView(whole.buffer).setUint32(0, size, true);
          // A first object id, 1, would make this another of the ordinary calls.
          for (const at of dirty) whole[at] = 0x80;
          bytes.set(whole.subarray(0, room));
          return { r: kernel.ioctl(fds[slot.index] ?? -1, ioctl.nr, bytes), bytes: bytes.slice() };
        },
      };
    },
  }),

  positioned: op({
    weight: 1,
    args: fc.record({
      kind: fc.constantFrom<'context' | 'fault' | 'vfio'>('fault', 'fault', 'context', 'vfio'),
      file,
      call: fc.constantFrom<'pread' | 'pwrite'>('pread', 'pwrite'),
      count: fc.constantFrom(0, 8, 40, 41),
      position: fc.constantFrom(0, 1, 40, -1),
    }),
    call: ({ kind, file, call, count, position }, world) => {
      const slot = world.slot(kind, file);
      if (!slot) return undefined;
      return {
        text: () => `${call}(fd#${slot.index}, ${count}, ${position})`,
        perform: ({ kernel, fds }) => ({ r: kernel[call](fds[slot.index] ?? -1, new Uint8Array(64), count, position) }),
      };
    },
  }),
};
