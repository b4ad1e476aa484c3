// Reads attributes of sysfs and procfs. A missing file is null; a file that cannot be read is null and recorded.
import type { FileStatus, Files } from '../kernel/files.ts';
import { KernelRefusal } from '../kernel/kernel.ts';
import { Errno, errnoName } from '../uapi/errno.ts';

/** Something that could not be read. */
export interface Unread {
  readonly what: string;
  readonly path: string;
  /** Name of the errno, or another reason. */
  readonly why: string;
}

/** Missing, or gone while it was read: not recorded. */
const ABSENT: readonly number[] = [Errno.ENOENT, Errno.ENOTDIR, Errno.ENODEV, Errno.ENXIO, Errno.ESRCH];

export const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export class Reading {
  readonly files: Files;
  readonly #unread: Unread[] = [];

  constructor(files: Files) {
    this.files = files;
  }

  get unread(): readonly Unread[] {
    return this.#unread;
  }

  note(what: string, path: string, why: string): void {
    this.#unread.push({ what, path, why });
  }

  #attempt<T>(what: string, path: string, call: () => T): T | null {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof KernelRefusal)) throw error;
      if (!ABSENT.includes(error.errno)) this.note(what, path, errnoName(error.errno));
      return null;
    }
  }

  /** An attribute without the newline at its end. */
  text(path: string, what: string): string | null {
    const bytes = this.bytes(path, what);
    return bytes && new TextDecoder().decode(bytes).trim();
  }

  bytes(path: string, what: string, limit?: number): Uint8Array | null {
    return this.#attempt(what, path, () => this.files.read(path, limit));
  }

  list(path: string, what: string): string[] {
    return this.#attempt(what, path, () => this.files.list(path)) ?? [];
  }

  /** The target of a link, as written. */
  link(path: string, what: string): string | null {
    return this.#attempt(what, path, () => this.files.readLink(path));
  }

  /** The last part of a link's target: how sysfs names the driver, the group, the bus of a device. */
  linkName(path: string, what: string): string | null {
    const to = this.link(path, what);
    return to === null ? null : basename(to);
  }

  realPath(path: string): string | null {
    return this.#attempt('a link', path, () => this.files.realPath(path));
  }

  status(path: string): FileStatus | null {
    return this.#attempt('a file', path, () => this.files.status(path));
  }

  isThere(path: string): boolean {
    return this.status(path) !== null;
  }
}
