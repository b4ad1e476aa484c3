// The simulated machine's files: a tree in memory. Attributes that do something when they are written or read are functions.
import { Errno } from '../../../uapi/errno.ts';
import type { FileStatus, Files } from '../../files.ts';
import { KernelRefusal } from '../../kernel.ts';

/** An attribute of sysfs: what it says, and what writing to it does (negative errno: refused). */
export interface Attribute {
  read?: () => Uint8Array | string;
  write?: (text: string) => number;
  mode?: number;
}

type Node =
  | { kind: 'directory'; mode: number }
  | { kind: 'file' | 'character'; mode: number; attribute: Attribute }
  | { kind: 'link'; mode: number; to: string };

export class SimFiles implements Files {
  readonly #nodes = new Map<string, Node>([['/', { kind: 'directory', mode: 0o755 }]]);

  read(path: string): Uint8Array {
    throw new KernelRefusal(`read ${path}`, Errno.ENOENT);
  }
  write(path: string): void {
    throw new KernelRefusal(`write ${path}`, Errno.ENOENT);
  }
  replace(path: string): void {
    throw new KernelRefusal(`write ${path}`, Errno.ENOENT);
  }
  list(): string[] {
    return [...this.#nodes.keys()];
  }
  readLink(path: string): string {
    throw new KernelRefusal(`readlink ${path}`, Errno.ENOENT);
  }
  realPath(path: string): string {
    throw new KernelRefusal(`realpath ${path}`, Errno.ENOENT);
  }
  status(path: string): FileStatus {
    throw new KernelRefusal(`stat ${path}`, Errno.ENOENT);
  }
  makeDirectory(path: string): void {
    throw new KernelRefusal(`mkdir ${path}`, Errno.EACCES);
  }
  remove(path: string): void {
    throw new KernelRefusal(`unlink ${path}`, Errno.ENOENT);
  }
}
