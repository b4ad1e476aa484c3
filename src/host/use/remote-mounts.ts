// Mounts whose files are never examined: stat(2) of one waits for a server, or for the process behind a FUSE mount, as long
// as that is dead, and no signal ends it. Other users' FUSE mounts refuse it even to root (fuse_allow_current_process).

import type { Files } from '../../kernel/files.ts';
import { ifRefused } from '../../kernel/kernel.ts';

/**
 * None of their files is taken for a device node: FUSE mounts are `nodev` (fusermount3; SB_I_NODEV in alloc_super() for those
 * of user namespaces), as those of network file systems are in practice; nodes are in devtmpfs.
 */
const REMOTE =
  /^(nfs4?|cifs|smb3|smbfs|ncpfs|ceph|fuse|fuseblk|fuse\..*|virtiofs|9p|afs|coda|lustre|gfs2?|gpfs|ocfs2(_dlmfs)?|orangefs|pvfs2|beegfs|glusterfs|panfs|wekafs|vboxsf|davfs2?)$/;
/** show_mountinfo(): ID, parent, device, root, where, options, any tags, "-", type. */
const LINE = /^(\d+) \d+ (\d+:\d+) .*? - (\S+) /gm;
const LIMIT = 64 << 20;

export class RemoteMounts {
  readonly #files: Files;
  readonly #known = new Set<string>();
  /** mnt_id, which is one mount of the whole machine. */
  readonly #ids = new Set<string>();
  /** s_dev, `0:53`. */
  readonly #devices = new Set<string>();

  constructor(files: Files) {
    this.#files = files;
  }

  #ask(call: (files: Files) => string): string | null {
    return ifRefused(
      () => call(this.#files),
      () => null,
    );
  }

  #read(path: string): string {
    return this.#ask((files) => new TextDecoder().decode(files.read(path, LIMIT))) ?? '';
  }

  /**
   * Records the mounts that a process sees: those of its namespace below its root (show_mountinfo). `directory`:
   * `/proc/PID`.
   */
  add(directory: string): void {
    const [namespace, root] = ['ns/mnt', 'root'].map((link) =>
      this.#ask((files) => files.readLink(`${directory}/${link}`)),
    );
    const seen = `${namespace} ${root}`;
    if (namespace !== null && this.#known.has(seen)) return;
    this.#known.add(seen);
    for (const [, id = '', device = '', type = ''] of this.#read(`${directory}/mountinfo`).matchAll(LINE)) {
      if (!REMOTE.test(type)) continue;
      this.#ids.add(id);
      this.#devices.add(device);
    }
  }

  /** Whether an open file is on one. `table`: `/proc/PID/fd`. */
  hasOpen(table: string, fd: string): boolean {
    if (this.#ids.size === 0) return false;
    const [, id = ''] = /^mnt_id:\s*(\d+)$/m.exec(this.#read(`${table}info/${fd}`)) ?? [];
    return this.#ids.has(id);
  }

  /** Whether a mapped file is on one. `device`: as in /proc/PID/maps, in hexadecimal. */
  hasMapped(device: string): boolean {
    const numbers = device.split(':').map((part) => Number.parseInt(part, 16));
    return this.#devices.has(numbers.join(':'));
  }
}
