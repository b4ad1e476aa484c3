// Files in memory, as procfs shows them: what is put there is there, what is denied is refused.
import type { FileStatus, Files } from '../../src/kernel/files.ts';
import { KernelRefusal } from '../../src/kernel/kernel.ts';
import { Errno } from '../../src/uapi/errno.ts';

export class MemoryFiles implements Files {
  readonly texts = new Map<string, string | (() => string)>();
  readonly links = new Map<string, string>();
  /** Errno with which a path, and all below it, is refused. */
  readonly denied = new Map<string, number>();

  #check(operation: string, path: string): void {
    for (const [prefix, errno] of this.denied) {
      if (path === prefix || path.startsWith(`${prefix}/`)) throw new KernelRefusal(operation, errno);
    }
  }

  read(path: string, limit = 1 << 20): Uint8Array {
    this.#check('read', path);
    const text = this.texts.get(path);
    if (text === undefined) throw new KernelRefusal('read', Errno.ENOENT);
    return new TextEncoder().encode(typeof text === 'string' ? text : text()).subarray(0, limit);
  }

  list(path: string): string[] {
    this.#check('list', path);
    const below = [...this.texts.keys(), ...this.links.keys()].filter((name) => name.startsWith(`${path}/`));
    if (below.length === 0) throw new KernelRefusal('list', Errno.ENOENT);
    return [...new Set(below.map((name) => name.slice(path.length + 1).split('/')[0] as string))].sort();
  }

  readLink(path: string): string {
    this.#check('readlink', path);
    const to = this.links.get(path);
    if (to === undefined) throw new KernelRefusal('readlink', Errno.ENOENT);
    return to;
  }

  realPath(path: string): string {
    return this.readLink(path);
  }

  /** Takes away all below the path. */
  clear(path: string): void {
    for (const map of [this.texts, this.links]) {
      for (const name of map.keys()) if (name.startsWith(`${path}/`)) map.delete(name);
    }
  }

  sharesDescriptors(): null {
    return null;
  }

  write(): never {
    throw new KernelRefusal('write', Errno.EACCES);
  }

  replace(): never {
    throw new KernelRefusal('write', Errno.EACCES);
  }

  status(): FileStatus {
    throw new KernelRefusal('stat', Errno.ENOENT);
  }

  target(): FileStatus {
    throw new KernelRefusal('stat', Errno.ENOENT);
  }

  openExclusive(): never {
    throw new KernelRefusal('open', Errno.ENOENT);
  }

  makeBlockNode(): never {
    throw new KernelRefusal('mknod', Errno.EPERM);
  }

  makeDirectory(): never {
    throw new KernelRefusal('mkdir', Errno.EACCES);
  }

  remove(): never {
    throw new KernelRefusal('unlink', Errno.EACCES);
  }
}
