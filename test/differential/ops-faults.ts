// Operations on faults and descriptors: trigger, read, write, open, dup, close.
import * as fc from 'fast-check';
import { Open } from '../../src/kernel/kernel.ts';
import * as ioctls from '../../src/uapi/ioctl.ts';
import { iommuHwptPageResponse, iommuHwptPgfault } from '../../src/uapi/iommufd.ts';
import { LAB_PERM_PARTIAL, TestOp, testTriggerIopf } from '../../src/uapi/selftest.ts';
import { type Call, ioctlCall, op } from './call.ts';
import { pasid } from './ops-attach.ts';
import { file, ref } from './ops-objects.ts';
import type { FileKind, Slot } from './world.ts';

const RECORD = iommuHwptPgfault.size;
/** More than the longest group and all of a sequence's faults. */
const MOST_RECORDS = 2_048;

const UNTOUCHED = 0xa5;

function showRecords(bytes: Uint8Array, n: number): string {
  const lines = [];
  for (let at = 0; at + RECORD <= n; at += RECORD) {
    const f = iommuHwptPgfault.decode(bytes, at);
    lines.push(
      `${f.cookie}: dev ${f.devId} grpid ${f.grpid} pasid ${f.pasid} flags ${f.flags} 0x${f.addr.toString(16)}`,
    );
  }
  return lines.join(', ');
}

export function readCall(slot: Slot, count: number): Call {
  return {
    text: () => `read(fd#${slot.index}, ${count})`,
    perform({ kernel, fds }) {
      // What the kernel does not write stays as it is.
      const bytes = new Uint8Array(count).fill(UNTOUCHED);
      const r = kernel.read(fds[slot.index] ?? -1, bytes, count);
      return { r, bytes, shown: () => showRecords(bytes, r) };
    },
  };
}

export function closeCall(slot: Slot): Call {
  return {
    text: () => `close(fd#${slot.index})`,
    perform: ({ kernel, fds }) => ({ r: kernel.close(fds[slot.index] ?? -1) }),
    after: () => {
      slot.open = false;
    },
  };
}

export const faultOps = {
  trigger: op({
    weight: 70,
    args: fc.record({
      file,
      dev: ref,
      pasid: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: pasid }),
      grpid: fc.nat(2),
      addr: fc.nat(3),
      perm: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(1, 3) },
        { weight: 1, arbitrary: fc.constant(0x7fff_ffff) },
      ),
      partial: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    }),
    call: ({ file, dev, pasid, grpid, addr, perm, partial }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      const { context } = slot;
      const devId = world.id(context, 'dev', dev);
      return ioctlCall({
        slot,
        name: 'TRIGGER_IOPF',
        ioctl: ioctls.IOMMU_TEST_CMD,
        arg: testTriggerIopf,
        value: {
          op: TestOp.TRIGGER_IOPF,
          devId,
          pasid: world.pasid(context, devId, pasid),
          grpid,
          perm: (perm | (partial ? LAB_PERM_PARTIAL : 0)) >>> 0,
          addr: BigInt(addr) << 12n,
        },
      });
    },
  }),

  /** Many at once, in groups of their own or in a long one. */
  burst: op({
    weight: 2,
    args: fc.record({ file, dev: ref, count: fc.integer({ min: 2, max: 90 }), partial: fc.boolean() }),
    call: ({ file, dev, count, partial }, world) => {
      const slot = world.slot('context', file);
      if (!slot) return undefined;
      const devId = world.id(slot.context, 'dev', dev);
      const arg = (last: boolean): Uint8Array =>
        testTriggerIopf.encode({
          op: TestOp.TRIGGER_IOPF,
          devId,
          grpid: 5,
          perm: (1 | (last ? 0 : LAB_PERM_PARTIAL)) >>> 0,
        });
      return {
        text: () => `TRIGGER_IOPF(fd#${slot.index} devId=${devId}) × ${count}${partial ? ', one group' : ''}`,
        perform({ kernel, fds }) {
          let r = 0;
          for (let at = 1; at <= count && r === 0; at++)
            r = kernel.ioctl(fds[slot.index] ?? -1, ioctls.IOMMU_TEST_CMD.nr, arg(!partial || at === count));
          return { r };
        },
      };
    },
  }),

  read: op({
    weight: 40,
    args: fc.record({
      file,
      count: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(1, 2, 3, 8, 64).map((n) => n * RECORD) },
        { weight: 1, arbitrary: fc.constantFrom(65, 100, 300, MOST_RECORDS).map((n) => n * RECORD) },
        { weight: 1, arbitrary: fc.constantFrom(0, 1, 39, 41, 88) },
      ),
    }),
    call: ({ file, count }, world) => {
      const slot = world.slot('fault', file);
      return slot && readCall(slot, count);
    },
  }),

  write: op({
    weight: 40,
    args: fc.record({
      file,
      responses: fc.array(
        fc.tuple(
          fc.oneof(
            { weight: 24, arbitrary: fc.constantFrom(1, 1, 1, 2, 2, 3, 4) },
            { weight: 1, arbitrary: fc.constantFrom(0, 9, 0xffff_ffff) },
          ),
          fc.oneof({ weight: 24, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.constantFrom(2, 0xffff_ffff) }),
        ),
        { maxLength: 5 },
      ),
      /** More answers, to the cookies from 1 on. */
      many: fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(80) }),
      extra: fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 4, 7) }),
    }),
    call: ({ file, responses: few, many = 0, extra }, world) => {
      const slot = world.slot('fault', file);
      if (!slot) return undefined;
      const responses = [...few, ...Array.from({ length: many }, (_, at) => [at + 1, at & 1] as const)];
      const bytes = new Uint8Array(responses.length * 8 + extra);
      responses.forEach(([cookie, code], i) => {
        iommuHwptPageResponse.write(bytes, { cookie, code }, i * 8);
      });
      return {
        text: () =>
          `write(fd#${slot.index}, ${responses.map(([cookie, code]) => `${cookie}:${code}`).join(' ')}${extra ? ` +${extra} bytes` : ''})`,
        perform: ({ kernel, fds }) => ({ r: kernel.write(fds[slot.index] ?? -1, bytes) }),
      };
    },
  }),

  /** Into memory that ends before `count` does. */
  readAcross: op({
    weight: 3,
    args: fc.record({
      file,
      room: fc.constantFrom(0, 1, 39, 40, 41, 80, 100, 120, 400),
      more: fc.constantFrom(1, 2, 5).map((n) => n * RECORD),
    }),
    call: ({ file, room, more }, world) => {
      const slot = world.slot('fault', file);
      if (!slot) return undefined;
      const count = Math.ceil(room / RECORD) * RECORD + more;
      return {
        text: () => `read(fd#${slot.index}, ${count}, of which ${room} bytes can be written)`,
        perform({ kernel, fds, guarded }) {
          const { bytes } = guarded(room);
          bytes.fill(UNTOUCHED);
          const r = kernel.read(fds[slot.index] ?? -1, bytes, count);
          return { r, bytes: bytes.slice(), shown: () => showRecords(bytes, Math.min(room, r)) };
        },
      };
    },
  }),

  /** Of memory that ends before `count` does. */
  writeAcross: op({
    weight: 2,
    args: fc.record({
      file,
      cookies: fc.array(fc.constantFrom(1, 2, 3, 9), { maxLength: 3 }),
      more: fc.constantFrom(4, 8, 16),
    }),
    call: ({ file, cookies, more }, world) => {
      const slot = world.slot('fault', file);
      if (!slot) return undefined;
      const count = cookies.length * 8 + more;
      return {
        text: () =>
          `write(fd#${slot.index}, ${cookies.map((cookie) => `${cookie}:0`).join(' ')}, and ${more} bytes that cannot be read)`,
        perform({ kernel, fds, guarded }) {
          const { bytes } = guarded(cookies.length * 8);
          cookies.forEach((cookie, i) => {
            iommuHwptPageResponse.write(bytes, { cookie, code: 0 }, i * 8);
          });
          return { r: kernel.write(fds[slot.index] ?? -1, bytes, count) };
        },
      };
    },
  }),

  open: op({
    weight: 1,
    args: fc.constant({}),
    call: (_, world) => ({
      text: () => 'open(/dev/iommu)',
      perform(player) {
        const fd = player.kernel.open('/dev/iommu', Open.RDWR | Open.CLOEXEC);
        player.fds[world.slots.length] = fd;
        return { r: Math.min(fd, 0) };
      },
      after: () => void world.addContext(),
    }),
  }),

  dup: op({
    weight: 2,
    args: fc.record({ kind: fc.constantFrom<FileKind>('context', 'fault', 'vfio'), file }),
    call: ({ kind, file }, world) => {
      const slot = world.slot(kind, file);
      if (!slot) return undefined;
      return {
        text: () => `dup(fd#${slot.index})`,
        perform(player) {
          const fd = player.kernel.dup(player.fds[slot.index] ?? -1);
          player.fds[world.slots.length] = fd;
          return { r: Math.min(fd, 0) };
        },
        after: () => void world.addSlot(slot.kind, slot.context),
      };
    },
  }),

  close: op({
    weight: 3,
    args: fc.record({ kind: fc.constantFrom<FileKind>('fault', 'fault', 'fault', 'vfio', 'context'), file }),
    call: ({ kind, file }, world) => {
      const slot = world.slot(kind, file);
      if (!slot) return undefined;
      // A context that goes with a PASID attached breaks the kernel as destroying the device does.
      const others = world.slots.some(
        (s) => s !== slot && s.open && s.kind === 'context' && s.context === slot.context,
      );
      if (slot.kind === 'context' && !others && world.attachedPasids(slot.context).length > 0) return undefined;
      return closeCall(slot);
    },
  }),
};
