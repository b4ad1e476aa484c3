// What is outstanding in the queues of another process, and who has read it: we, through a duplicate of its descriptor, or
// the process itself. By open file and cookie.
import type { Kernel } from '../../src/kernel/kernel.ts';
import type { DevId } from '../../src/uapi/ids.ts';
import { iommuHwptPgfault, PageResponse, PgfaultFlag } from '../../src/uapi/iommufd.ts';
import { INVALID, SUCCESS } from '../contract/context.ts';
import type { Delivering } from '../contract/fixture.ts';
import { hears } from '../helpers/hears.ts';
import { World } from '../process/world.ts';

const RECORD = iommuHwptPgfault.size;

export interface OwnedQueue extends Delivering {
  /** The owner's descriptor. */
  readonly number: number;
  /** The first is the one that the device is attached to. */
  readonly hwpts: [number, number];
}

interface Reading {
  readonly by: 'us' | 'owner';
  readonly grpid: number;
}

export class OwnerTruth {
  readonly world = new World();
  /** The world's kernel, as the engine sees it: what it reads and answers is kept account of. */
  readonly kernel: Kernel;
  readonly broken: string[] = [];
  readonly given = { success: 0, invalid: 0 };
  groups = 0;
  faults = 0;
  /** Of groups that the owner had read. */
  freed = 0;
  /** May cookies be tried that nobody has told us? */
  mayFree: () => boolean = () => false;
  readonly #files = new Map<number, Map<number, Reading>>();
  /** Somebody writes answers. */
  #writing = false;
  /** Its own: whom the kernel has answered is told by it. */
  #grpid = 0;
  /** What we have read and the kernel has answered for the owner's sake: our answer may go to what bears its cookie now. */
  readonly #stale = new Set<string>();
  /** The kernel has answered groups by itself, of which nobody tells the engine. */
  moved = false;
  /** Errno of our reads; 0: they work. */
  readErrno = 0;
  /** The file behind each of our duplicates. */
  readonly #duplicates = new Map<number, number>();

  constructor() {
    const { kernel, processes } = this.world;
    const duplicate = processes.pidfdGetfd.bind(processes);
    processes.pidfdGetfd = (pidfd, number) => {
      const fd = duplicate(pidfd, number);
      if (fd >= 0) this.#duplicates.set(fd, this.world.descriptors.get(number) as number);
      return fd;
    };
    this.kernel = new Proxy(kernel, {
      get: (_, name: keyof Kernel) => {
        if (name === 'read') return this.#read;
        if (name === 'write') return this.#write;
        return kernel[name];
      },
    });
  }

  /** A device of the owner and its queue, at this descriptor; and another HWPT that delivers there. */
  queue(number: number): OwnedQueue {
    const { world } = this;
    const device = world.queue(number);
    const spare = world.owner.hwpt({ dev: device.idev, pt: device.ioas, fault: device.fault });
    const heard = hears(({ grpid }) => this.#answered(grpid));
    world.sim.attachBehaviour(device.idev as DevId, heard);
    return { ...device, number, hwpts: [device.hwpt, spare] };
  }

  /** By the kernel, unless it is for what somebody writes. */
  #answered(grpid: number): void {
    if (this.#writing) return;
    for (const [file, readings] of this.#files) {
      for (const [cookie, reading] of readings) {
        if (reading.grpid !== grpid) continue;
        readings.delete(cookie);
        if (reading.by === 'us') this.#stale.add(`${file}/${cookie}`);
      }
    }
  }

  fault({ idev }: OwnedQueue, count: number): void {
    for (let i = 0; i < count; i++)
      this.world.owner.trigger({ dev: idev, grpid: ++this.#grpid, addr: BigInt(this.#grpid) << 12n });
  }

  /** The owner attaches its device to the other HWPT: the kernel answers what came through the one before. */
  move(queue: OwnedQueue): void {
    this.moved = true;
    queue.hwpts.reverse();
    this.world.owner.replace(queue.stdev, queue.hwpts[0]);
  }

  #of(file: number): Map<number, Reading> {
    const known = this.#files.get(file) ?? new Map();
    this.#files.set(file, known);
    return known;
  }

  /** A duplicate of a queue of the owner? */
  isQueue(fd: number): boolean {
    return this.#duplicates.has(fd);
  }

  get readByUs(): number {
    let count = 0;
    for (const cookies of this.#files.values()) for (const { by } of cookies.values()) if (by === 'us') count++;
    return count;
  }

  readonly #read = (fd: number, bytes: Uint8Array, count = bytes.byteLength): number => {
    if (this.readErrno !== 0 && this.#duplicates.has(fd)) return -this.readErrno;
    const read = this.world.kernel.read(fd as never, bytes, count);
    const file = this.#duplicates.get(fd);
    for (let at = 0; file !== undefined && at + RECORD <= read; at += RECORD) {
      const { flags, cookie, grpid } = iommuHwptPgfault.decode(bytes, at);
      this.faults++;
      if ((flags & PgfaultFlag.LAST_PAGE) === 0) continue;
      this.groups++;
      if (this.#of(file).has(cookie)) this.broken.push(`sim: cookie ${cookie} was given twice`);
      this.#of(file).set(cookie, { by: 'us', grpid });
    }
    return read;
  };

  readonly #write = (fd: number, bytes: Uint8Array, count = bytes.byteLength): number => {
    this.#writing = true;
    const written = this.world.kernel.write(fd as never, bytes, count);
    this.#writing = false;
    const file = this.#duplicates.get(fd);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let at = 0; file !== undefined && at < written; at += 8) {
      const cookie = view.getUint32(at, true);
      const by = this.#of(file).get(cookie)?.by;
      const stale = this.#stale.delete(`${file}/${cookie}`);
      if (by === 'owner' && !stale && !this.mayFree())
        this.broken.push(`cookie ${cookie} was answered, which the owner has read`);
      if (by === 'owner' && !stale) this.freed++;
      if (by === 'us' || (by === 'owner' && stale))
        this.given[view.getUint32(at + 4, true) === PageResponse.SUCCESS ? 'success' : 'invalid']++;
      this.#of(file).delete(cookie);
    }
    return written;
  };

  get ownerRuns(): boolean {
    return this.world.threads.length > 0 && this.world.threads.every(({ state }) => state !== 'T');
  }

  /** The owner reads some of what waits. */
  ownerReads(file: number): void {
    for (const { flags, cookie, grpid } of this.world.owner.read(file, 4 * RECORD).records)
      if (flags & PgfaultFlag.LAST_PAGE) this.#of(file).set(cookie, { by: 'owner', grpid });
  }

  /** The owner answers what it has read and nobody has answered. */
  ownerAnswers(file: number, success: boolean): void {
    this.#writing = true;
    for (const [cookie, { by }] of this.#of(file)) {
      if (by !== 'owner') continue;
      this.world.owner.respond(file, [cookie, success ? SUCCESS : INVALID]);
      this.#of(file).delete(cookie);
    }
    this.#writing = false;
  }
}
