// Files of the running kernel. Node's own calls: nothing here is on a hot path.
import * as fs from 'node:fs';
import { constants } from 'node:os';
import type { FileStatus, Files } from '../files.ts';
import { KernelRefusal } from '../kernel.ts';

const DEFAULT_LIMIT = 1 << 20;

function refusing<T>(operation: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const errno = code === undefined ? undefined : (constants.errno as Record<string, number>)[code];
    if (errno === undefined) throw error;
    throw new KernelRefusal(operation, errno);
  }
}

function kindOf(status: fs.Stats): FileStatus['kind'] {
  if (status.isFile()) return 'file';
  if (status.isDirectory()) return 'directory';
  if (status.isSymbolicLink()) return 'link';
  if (status.isCharacterDevice()) return 'character';
  if (status.isBlockDevice()) return 'block';
  return status.isSocket() ? 'socket' : 'other';
}

/**
 * As in glibc's gnu_dev_major() and gnu_dev_minor(): 12 bits of the major number, 8 of the minor, 12 more of the minor.
 */
function rdevOf(status: fs.Stats): string | null {
  if (!status.isBlockDevice() && !status.isCharacterDevice()) return null;
  const rdev = BigInt(status.rdev);
  return `${((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n)}:${(rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n)}`;
}

const statusOf = (status: fs.Stats): FileStatus => ({
  kind: kindOf(status),
  mode: status.mode & 0o7777,
  uid: status.uid,
  gid: status.gid,
  size: status.size,
  rdev: rdevOf(status),
});

/** The size of a sysfs or procfs file means nothing: it is read until the end. */
function readAll(fd: number, limit: number): Uint8Array {
  let bytes = Buffer.alloc(Math.min(limit, 4_096));
  let at = 0;
  for (;;) {
    if (at === bytes.length) {
      if (at >= limit) break;
      bytes = Buffer.concat([bytes, Buffer.alloc(Math.min(bytes.length, limit - at))]);
    }
    const count = fs.readSync(fd, bytes, at, bytes.length - at, null);
    if (count === 0) break;
    at += count;
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, at);
}

function withFile<T>(path: string, flags: number, use: (fd: number) => T, mode?: number): T {
  const fd = fs.openSync(path, flags, mode);
  try {
    return use(fd);
  } finally {
    fs.closeSync(fd);
  }
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants;

export type SharesDescriptors = Files['sharesDescriptors'];

/** mknod(2) of a block device of mode 0600: 0, or the negative errno. */
export type MakeBlockNode = (path: string, major: number, minor: number) => number;

export class LinuxFiles implements Files {
  readonly #makeBlockNode: MakeBlockNode;
  readonly sharesDescriptors: SharesDescriptors;

  /** Node has neither mknod nor kcmp; without them the result is ENOSYS, or not known. */
  constructor(
    makeBlockNode: MakeBlockNode = () => -constants.errno.ENOSYS,
    sharesDescriptors: SharesDescriptors = () => null,
  ) {
    this.#makeBlockNode = makeBlockNode;
    this.sharesDescriptors = sharesDescriptors;
  }

  read(path: string, limit = DEFAULT_LIMIT): Uint8Array {
    return refusing('read', () => withFile(path, O_RDONLY, (fd) => readAll(fd, limit)));
  }

  write(path: string, text: string): void {
    // Checking whether it can be opened must not block: opening a FIFO would wait for a reader.
    const flags = text === '' ? O_WRONLY | O_NONBLOCK : O_WRONLY;
    refusing('write', () => withFile(path, flags, (fd) => void (text !== '' && fs.writeSync(fd, text))));
  }

  replace(path: string, text: string): void {
    const temporary = `${path}.${process.pid}`;
    refusing('write', () => {
      fs.rmSync(temporary, { force: true });
      try {
        const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
        withFile(
          temporary,
          flags,
          (fd) => {
            fs.writeFileSync(fd, text);
            fs.fsyncSync(fd);
          },
          0o600,
        );
        fs.renameSync(temporary, path);
      } catch (error) {
        fs.rmSync(temporary, { force: true });
        throw error;
      }
    });
  }

  list(path: string): string[] {
    return refusing('list', () => fs.readdirSync(path).sort());
  }

  readLink(path: string): string {
    return refusing('readlink', () => fs.readlinkSync(path));
  }

  realPath(path: string): string {
    return refusing('realpath', () => fs.realpathSync.native(path));
  }

  status(path: string): FileStatus {
    return statusOf(refusing('stat', () => fs.lstatSync(path)));
  }

  target(path: string): FileStatus {
    return statusOf(refusing('stat', () => fs.statSync(path)));
  }

  openExclusive(path: string): void {
    refusing('open', () => withFile(path, O_RDONLY | O_EXCL | O_NONBLOCK, () => {}));
  }

  makeBlockNode(path: string, rdev: string): void {
    const [major = 0, minor = 0] = rdev.split(':').map(Number);
    const rc = this.#makeBlockNode(path, major, minor);
    if (rc < 0) throw new KernelRefusal('mknod', -rc);
  }

  makeDirectory(path: string, mode: number): void {
    refusing('mkdir', () => {
      fs.mkdirSync(path, { mode });
      // The umask may have cleared bits.
      fs.chmodSync(path, mode);
    });
  }

  remove(path: string): void {
    refusing('unlink', () => fs.unlinkSync(path));
  }
}
