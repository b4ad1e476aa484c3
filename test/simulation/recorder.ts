// The simulated kernel that keeps account of each group: when it was read, who answered it. The truth that engine, journal and
// stream are held against. It also fails calls when it is told to, and can end the process in the middle of one.

import type { Kernel, PollFd } from '../../src/kernel/kernel.ts';
import type { SimClock } from '../../src/kernel/sim/clock.ts';
import type { Machine } from '../../src/kernel/sim/machine/machine.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import type { DeviceBehaviour } from '../../src/scenario/scenario.ts';
import { Errno } from '../../src/uapi/errno.ts';
import type { DevId, Fd } from '../../src/uapi/ids.ts';
import { IOMMU_TEST_CMD } from '../../src/uapi/ioctl.ts';
import { iommuHwptPgfault, PageResponse, PgfaultFlag } from '../../src/uapi/iommufd.ts';
import { TestOp } from '../../src/uapi/selftest.ts';
import { standIn } from '../helpers/stand-in.ts';

/** The process is killed here: nothing of it goes on. */
export class Killed extends Error {}
/** A bug of the program's own, thrown where it calls the kernel. */
export class Bug extends Error {}

export interface ReadGroup {
  /** From 1, in the order in which they were read. */
  readonly number: number;
  readonly fd: number;
  readonly cookie: number;
  readonly devId: number;
  /** 0: none. */
  readonly pasid: number;
  readonly grpid: number;
  /** null: outstanding. */
  answer: 'success' | 'invalid' | 'kernel' | null;
}

const MOST_MS = 10_000;
const RECORD = iommuHwptPgfault.size;
/** Of each device that behaves, if they are told apart; what is triggered is below the first of them. */
export const OWN_GRPIDS = 1_000_000;

export class RecordingKernel extends SimKernel {
  readonly groups: ReadGroup[] = [];
  faults = 0;
  calls = 0;
  readonly broken: string[] = [];
  /** By descriptor and cookie. */
  readonly outstanding = new Map<string, ReadGroup>();
  /** Throws, or returns a negative errno, in place of the next calls; 0: as the kernel does. */
  interfere: (call: 'read' | 'write' | 'ioctl' | 'poll') => number = () => 0;
  /** Groups that the kernel answered without anybody having read them. */
  unseen = 0;
  /** Others have descriptors of what we read, too. */
  shared = false;
  #answering = false;
  #acting = false;

  #behaviours = 0;

  readonly #apart: boolean;

  /** `machine`: a host with devices in groups. */
  constructor(clock: SimClock, machine?: Machine) {
    super(machine ? { clock, machine } : { clock });
    this.#apart = machine !== undefined;
  }

  /** As a kernel does. */
  behave(): void {
    this.interfere = () => 0;
  }

  /** The same kernel for others: what they read and answer is none of our account. */
  get ofOthers(): Kernel {
    const read: Kernel['read'] = (fd, bytes, count) => super.read(fd, bytes, count);
    const write: Kernel['write'] = (fd, bytes, count) => super.write(fd, bytes, count);
    const ioctl: Kernel['ioctl'] = (fd, request, arg) => super.ioctl(fd, request, arg);
    return standIn<Kernel>(this, { read, write, ioctl });
  }

  /** Of devices of one IOMMU group the faults all bear the id of the first: where there are such, each has group ids of its own. */
  override attachBehaviour(devId: DevId, behaviour: DeviceBehaviour, iommufd?: Fd): () => void {
    const first = this.#apart ? ++this.#behaviours * OWN_GRPIDS : 0;
    return super.attachBehaviour(
      devId,
      {
        start: (now, world) => behaviour.start(now, world),
        nextDue: () => behaviour.nextDue(),
        tick: (now, emit) => {
          this.#acting = true;
          behaviour.tick(now, (request) => emit({ ...request, grpid: first + request.grpid }));
          this.#acting = false;
        },
        onResponse: (answer) => {
          if (!this.#answering && !this.#acting) this.#answeredByKernel(devId, answer.pasid, answer.grpid);
          const grpid = answer.grpid - first;
          // What was triggered from outside is none of its own.
          if (!this.#apart || (grpid >= 0 && grpid < OWN_GRPIDS)) behaviour.onResponse({ ...answer, grpid });
        },
      },
      iommufd,
    );
  }

  #answeredByKernel(devId: number, pasid: number, grpid: number): void {
    for (const [key, group] of this.outstanding) {
      if (group.pasid !== pasid || group.grpid !== grpid || (grpid < OWN_GRPIDS && group.devId !== devId)) continue;
      group.answer = 'kernel';
      this.outstanding.delete(key);
      return;
    }
    this.unseen++;
  }

  override read(fd: number, bytes: Uint8Array, count = bytes.byteLength): number {
    const failed = this.#before('read');
    if (failed !== 0) return failed;
    const read = super.read(fd, bytes, count);
    if (count < RECORD || read <= 0) return read;
    let last = true;
    for (let at = 0; at < read; at += RECORD) {
      const { flags, devId, pasid, grpid, cookie } = iommuHwptPgfault.decode(bytes, at);
      this.faults++;
      if (last) this.#readGroup({ fd, cookie, devId, grpid, pasid: flags & PgfaultFlag.PASID_VALID ? pasid : 0 });
      last = (flags & PgfaultFlag.LAST_PAGE) !== 0;
    }
    return read;
  }

  #readGroup(of: Omit<ReadGroup, 'number' | 'answer'>): void {
    const group: ReadGroup = { ...of, number: this.groups.length + 1, answer: null };
    const key = `${of.fd}/${of.cookie}`;
    if (this.outstanding.has(key)) this.broken.push(`sim: cookie ${key} was given twice`);
    this.groups.push(group);
    this.outstanding.set(key, group);
  }

  override write(fd: number, bytes: Uint8Array, count = bytes.byteLength): number {
    const failed = this.#before('write');
    if (failed !== 0) return failed;
    this.#answering = true;
    const written = super.write(fd, bytes, count);
    this.#answering = false;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    if (written === -Errno.EINVAL && !this.#gone(fd, view.getUint32(0, true)))
      this.broken.push(`cookie ${view.getUint32(0, true)} was answered and is not outstanding`);
    for (let at = 0; at < written; at += 8) {
      const key = `${fd}/${view.getUint32(at, true)}`;
      const group = this.outstanding.get(key);
      // An eventfd is written too.
      if (!group) continue;
      group.answer = view.getUint32(at + 4, true) === PageResponse.SUCCESS ? 'success' : 'invalid';
      this.outstanding.delete(key);
    }
    return written;
  }

  /** Has the kernel answered it because of others, of which nobody tells us? */
  #gone(fd: number, cookie: number): boolean {
    return this.shared && this.groups.some((g) => g.fd === fd && g.cookie === cookie && g.answer === 'kernel');
  }

  override ioctl(fd: number, request: number, arg: Uint8Array): number {
    const failed = this.#before('ioctl');
    if (failed !== 0) return failed;
    // A triggered fault that nobody handles is answered within the call.
    const op = new DataView(arg.buffer, arg.byteOffset).getUint32(4, true);
    this.#acting = request === IOMMU_TEST_CMD.nr && op === TestOp.TRIGGER_IOPF;
    const result = super.ioctl(fd, request, arg);
    this.#acting = false;
    return result;
  }

  override poll(fds: PollFd[], timeoutMs: number): number {
    const failed = fds.length > 1 ? this.#before('poll') : 0;
    if (failed !== 0) return failed;
    // A device that is attached to nothing faults for ever, and nobody is there to end the wait.
    return super.poll(fds, timeoutMs < 0 ? MOST_MS : Math.min(timeoutMs, MOST_MS));
  }

  #before(call: 'read' | 'write' | 'ioctl' | 'poll'): number {
    this.calls++;
    return this.interfere(call);
  }
}
