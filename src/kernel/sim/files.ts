// Open files and the descriptors that refer to them.
import { Errno } from '../../uapi/errno.ts';
import { LowestFree } from './lowest-free.ts';

/** struct file with its file_operations. What a kind of file does not have, the kernel refuses for it. */
export interface FileOps {
  readonly kind: 'iommufd' | 'fault' | 'vfio' | 'wakeup';
  /** Its link in /proc/self/fd. */
  readonly path: string;
  read?(bytes: Uint8Array, count: number): number;
  write?(bytes: Uint8Array, count: number): number;
  /** false: lseek, pread and pwrite are ESPIPE (FMODE_PREAD is not set). */
  readonly seekable: boolean;
  ioctl?(request: number, arg: Uint8Array): number;
  poll(): number;
  release(): void;
}

/** A reference-counted open file: descriptors and kernel objects hold it. */
export class OpenFile {
  readonly ops: FileOps;
  readonly readable: boolean;
  readonly writable: boolean;
  #refs = 1;

  constructor(ops: FileOps, accessMode: number) {
    this.ops = ops;
    this.readable = accessMode !== 1;
    this.writable = accessMode !== 0;
  }

  /** get_file() */
  get(): this {
    this.#refs++;
    return this;
  }

  /** fput(): the last one releases the file. */
  put(): void {
    if (--this.#refs === 0) this.ops.release();
  }
}

/** The first descriptor after stdin, stdout and stderr. */
const FIRST_FD = 3;

export class FdTable {
  readonly #numbers = new LowestFree(FIRST_FD);
  readonly #files = new Map<number, OpenFile>();

  /** Gives `file`, whose reference it takes over, the lowest free number. */
  install(file: OpenFile): number {
    const fd = this.#numbers.take();
    this.#files.set(fd, file);
    return fd;
  }

  /** How many descriptors there are. */
  get size(): number {
    return this.#files.size;
  }

  get(fd: number): OpenFile | undefined {
    return this.#files.get(fd);
  }

  /** Where the links of /proc/self/fd point, by number. */
  get paths(): Map<number, string> {
    return new Map([...this.#files].map(([fd, file]) => [fd, file.ops.path]));
  }

  close(fd: number): number {
    const file = this.#files.get(fd);
    if (!file) return -Errno.EBADF;
    this.#files.delete(fd);
    this.#numbers.give(fd);
    file.put();
    return 0;
  }

  /** The process ends: every descriptor is closed, lowest first. */
  closeAll(): void {
    for (const fd of [...this.#files.keys()].sort((a, b) => a - b)) this.close(fd);
  }
}
