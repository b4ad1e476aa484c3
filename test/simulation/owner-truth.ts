// What is outstanding in the queues of another process, and who has read it: we, through a duplicate of its descriptor, or
// the process itself. By open file and cookie.
import type { Kernel } from '../../src/kernel/kernel.ts';
import { iommuHwptPgfault, PageResponse, PgfaultFlag } from '../../src/uapi/iommufd.ts';
import { INVALID, SUCCESS } from '../contract/context.ts';
import { World } from '../process/world.ts';

const RECORD = iommuHwptPgfault.size;

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
  readonly #files = new Map<number, Map<number, 'us' | 'owner'>>();
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

  #of(file: number): Map<number, 'us' | 'owner'> {
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
    for (const cookies of this.#files.values()) for (const by of cookies.values()) if (by === 'us') count++;
    return count;
  }

  readonly #read = (fd: number, bytes: Uint8Array, count = bytes.byteLength): number => {
    const read = this.world.kernel.read(fd as never, bytes, count);
    const file = this.#duplicates.get(fd);
    for (let at = 0; file !== undefined && at + RECORD <= read; at += RECORD) {
      const { flags, cookie } = iommuHwptPgfault.decode(bytes, at);
      this.faults++;
      if ((flags & PgfaultFlag.LAST_PAGE) === 0) continue;
      this.groups++;
      if (this.#of(file).has(cookie)) this.broken.push(`sim: cookie ${cookie} was given twice`);
      this.#of(file).set(cookie, 'us');
    }
    return read;
  };

  readonly #write = (fd: number, bytes: Uint8Array, count = bytes.byteLength): number => {
    const written = this.world.kernel.write(fd as never, bytes, count);
    const file = this.#duplicates.get(fd);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let at = 0; file !== undefined && at < written; at += 8) {
      const cookie = view.getUint32(at, true);
      const by = this.#of(file).get(cookie);
      if (by === 'owner' && !this.mayFree())
        this.broken.push(`cookie ${cookie} was answered, which the owner has read`);
      if (by === 'owner') this.freed++;
      if (by === 'us') this.given[view.getUint32(at + 4, true) === PageResponse.SUCCESS ? 'success' : 'invalid']++;
      this.#of(file).delete(cookie);
    }
    return written;
  };

  get ownerRuns(): boolean {
    return this.world.threads.length > 0 && this.world.threads.every(({ state }) => state !== 'T');
  }

  /** The owner reads some of what waits. */
  ownerReads(file: number): void {
    for (const { flags, cookie } of this.world.owner.read(file, 4 * RECORD).records)
      if (flags & PgfaultFlag.LAST_PAGE) this.#of(file).set(cookie, 'owner');
  }

  /** The owner answers what it has read and nobody has answered. */
  ownerAnswers(file: number, success: boolean): void {
    for (const [cookie, by] of this.#of(file)) {
      if (by !== 'owner') continue;
      this.world.owner.respond(file, [cookie, success ? SUCCESS : INVALID]);
      this.#of(file).delete(cookie);
    }
  }
}
