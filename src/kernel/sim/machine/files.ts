// The simulated machine's files as a process sees them: paths, links, permissions, and the errnos of what is refused.
import { Errno } from '../../../uapi/errno.ts';
import type { FileStatus, Files } from '../../files.ts';
import { KernelRefusal } from '../../kernel.ts';
import {
  bytesOf,
  type Directory,
  directory,
  FileTree,
  type Leaf,
  partsOf,
  ROOT,
  regular,
  type TreeNode,
} from './tree.ts';

const DEFAULT_LIMIT = 1 << 20;
const PAGE = 4096;
/** MAXSYMLINKS */
const MAX_LINKS = 40;
const READ = 4;
const WRITE = 2;
const SEARCH = 1;

/** sysfs and procfs: only the kernel creates or removes anything there. */
const isKernels = (path: string): boolean => /^\/(sys|proc)(\/|$)/.test(path);

const LINK: FileStatus = { kind: 'link', mode: 0o777, uid: ROOT, gid: ROOT, size: 0, rdev: null };

function statusOf(node: TreeNode, path: string): FileStatus {
  if (node.kind === 'link') return LINK;
  const size = node.kind === 'file' ? (node.attribute.size ?? (path.startsWith('/sys') ? PAGE : 0)) : 0;
  const rdev = node.kind === 'directory' ? null : (node.rdev ?? null);
  return { kind: node.kind, mode: node.mode, uid: node.uid, gid: node.uid, size, rdev };
}

interface Found {
  readonly node: TreeNode;
  /** With every link on the path followed. */
  readonly path: string;
}

/** What there is behind the numbers of a block device. */
export interface BlockDevice {
  /** Somebody in the kernel holds it (bd_holder), of a whole disk also one of its partitions. */
  readonly claimed: () => boolean;
}

export class SimFiles extends FileTree implements Files {
  /** By their numbers, `259:1`. */
  readonly blockDevices = new Map<string, BlockDevice>();
  /** The user of this process: 0 may do what root may. */
  readonly uid: number;

  constructor(uid: number = ROOT) {
    super();
    this.uid = uid;
  }

  read(path: string, limit = DEFAULT_LIMIT): Uint8Array {
    const { node } = this.#opened('read', path, READ);
    if (node.kind !== 'file') throw new KernelRefusal('read', Errno.EINVAL);
    const content = node.attribute.read?.() ?? -Errno.EIO;
    if (typeof content === 'number') throw new KernelRefusal('read', -content);
    return bytesOf(content).slice(0, limit);
  }

  write(path: string, text: string): void {
    const { node, path: real } = this.#opened('write', path, WRITE);
    // sysfs_kf_write(): nothing is written, and nothing happens.
    if (text === '' && real.startsWith('/sys/')) return;
    const rc = node.attribute.write?.(text) ?? -Errno.EINVAL;
    if (rc < 0) throw new KernelRefusal('write', -rc);
  }

  replace(path: string, text: string): void {
    const { parent, name, path: parentPath } = this.#parent('write', path);
    if (isKernels(parentPath)) throw new KernelRefusal('write', Errno.EACCES);
    this.#check('write', parent, WRITE | SEARCH);
    if (parent.children.get(name)?.kind === 'directory') throw new KernelRefusal('write', Errno.EISDIR);
    parent.children.set(name, regular(text, this.uid));
  }

  list(path: string): string[] {
    const { node } = this.#find('list', path, true);
    if (node.kind !== 'directory') throw new KernelRefusal('list', Errno.ENOTDIR);
    this.#check('list', node, READ);
    return [...node.children.keys()].sort();
  }

  readLink(path: string): string {
    const { node } = this.#find('readlink', path, false);
    if (node.kind !== 'link') throw new KernelRefusal('readlink', Errno.EINVAL);
    return node.to;
  }

  realPath(path: string): string {
    return this.#find('realpath', path, true).path;
  }

  status(path: string): FileStatus {
    const { node, path: real } = this.#find('stat', path, false);
    return statusOf(node, real);
  }

  target(path: string): FileStatus {
    const { node } = this.#find('stat', path, false);
    if (node.kind === 'link' && node.open) return { ...LINK, ...node.open };
    const found = this.#find('stat', path, true);
    return statusOf(found.node, found.path);
  }

  openExclusive(path: string): void {
    const { node } = this.#find('open', path, true);
    if (node.kind === 'link') throw new KernelRefusal('open', Errno.ELOOP);
    this.#check('open', node, READ);
    if (node.kind !== 'block') return;
    // blkdev_open(): nothing has these numbers.
    const device = this.blockDevices.get(node.rdev ?? '');
    if (!device) throw new KernelRefusal('open', Errno.ENXIO);
    if (device.claimed()) throw new KernelRefusal('open', Errno.EBUSY);
  }

  makeBlockNode(path: string, rdev: string): void {
    // may_mknod() wants CAP_MKNOD.
    if (this.uid !== ROOT) throw new KernelRefusal('mknod', Errno.EPERM);
    const { parent, name, path: parentPath } = this.#parent('mknod', path);
    if (parent.children.has(name)) throw new KernelRefusal('mknod', Errno.EEXIST);
    if (isKernels(parentPath)) throw new KernelRefusal('mknod', Errno.EPERM);
    parent.children.set(name, { kind: 'block', mode: 0o600, uid: this.uid, attribute: {}, rdev });
  }

  /** A machine without CONFIG_KCMP. */
  sharesDescriptors(): null {
    return null;
  }

  makeDirectory(path: string, mode: number): void {
    const { parent, name, path: parentPath } = this.#parent('mkdir', path);
    if (parent.children.has(name)) throw new KernelRefusal('mkdir', Errno.EEXIST);
    // vfs_mkdir(): their directories have no ->mkdir.
    if (isKernels(parentPath)) throw new KernelRefusal('mkdir', Errno.EPERM);
    this.#check('mkdir', parent, WRITE | SEARCH);
    parent.children.set(name, directory(mode, this.uid));
  }

  remove(path: string): void {
    const { parent, name, path: parentPath } = this.#parent('unlink', path);
    const node = parent.children.get(name);
    if (node === undefined) throw new KernelRefusal('unlink', Errno.ENOENT);
    this.#check('unlink', parent, WRITE | SEARCH);
    if (node.kind === 'directory') throw new KernelRefusal('unlink', Errno.EISDIR);
    if (isKernels(parentPath)) throw new KernelRefusal('unlink', Errno.EPERM);
    parent.children.delete(name);
  }

  /** open(2) for reading or writing anything that is not a directory. */
  #opened(operation: string, path: string, access: number): { node: Leaf; path: string } {
    const { node, path: real } = this.#find(operation, path, true);
    if (node.kind === 'directory') throw new KernelRefusal(operation, Errno.EISDIR);
    if (node.kind === 'link') throw new KernelRefusal(operation, Errno.ELOOP);
    // kernfs_fop_open(): an attribute that nobody may read is not read by root either.
    const bits = access * 0o111;
    if (real.startsWith('/sys/') && (node.mode & bits) === 0) throw new KernelRefusal(operation, Errno.EACCES);
    this.#check(operation, node, access);
    return { node, path: real };
  }

  #parent(operation: string, path: string): { parent: Directory; name: string; path: string } {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) throw new KernelRefusal(operation, Errno.EEXIST);
    const { node, path: real } = this.#find(operation, `/${parts.join('/')}`, true);
    if (node.kind !== 'directory') throw new KernelRefusal(operation, Errno.ENOTDIR);
    return { parent: node, name, path: real };
  }

  /** path_lookupat(): follows links, the last one only if asked. */
  #find(operation: string, path: string, follow: boolean): Found {
    let links = 0;
    const todo = partsOf(path);
    let trail: { name: string; node: Directory }[] = [];
    for (;;) {
      const name = todo.shift();
      const here = trail.at(-1)?.node ?? this.root;
      const at = `/${trail.map((t) => t.name).join('/')}`;
      if (name === undefined) return { node: here, path: at };
      this.#check(operation, here, SEARCH);
      if (name === '..') {
        trail.pop();
        continue;
      }
      const node = here.children.get(name);
      if (node === undefined) throw new KernelRefusal(operation, Errno.ENOENT);
      if (node.kind === 'link' && (follow || todo.length > 0 || path.endsWith('/'))) {
        if (++links > MAX_LINKS) throw new KernelRefusal(operation, Errno.ELOOP);
        if (node.to.startsWith('/')) trail = [];
        todo.unshift(...partsOf(node.to));
        continue;
      }
      if (node.kind === 'directory') {
        trail.push({ name, node });
        continue;
      }
      if (todo.length > 0) throw new KernelRefusal(operation, Errno.ENOTDIR);
      return { node, path: at === '/' ? `/${name}` : `${at}/${name}` };
    }
  }

  /** generic_permission(): nobody here is in a group of root's. */
  #check(operation: string, node: Directory | Leaf, access: number): void {
    if (this.uid === ROOT) return;
    const bits = node.uid === this.uid ? (node.mode >> 6) & 7 : node.mode & 7;
    if ((bits & access) !== access) throw new KernelRefusal(operation, Errno.EACCES);
  }
}
