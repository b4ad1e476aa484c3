// Files of the running kernel. Node's own calls: nothing here is on a path that has to be fast.
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
  return status.isSocket() ? 'socket' : 'other';
}

/** The size of a file of sysfs or procfs says nothing: it is read until nothing more comes. */
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

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = fs.constants;

export class LinuxFiles implements Files {
  read(path: string, limit = DEFAULT_LIMIT): Uint8Array {
    return refusing('read', () => withFile(path, O_RDONLY, (fd) => readAll(fd, limit)));
  }

  write(path: string, text: string): void {
    refusing('write', () => withFile(path, O_WRONLY, (fd) => void fs.writeSync(fd, text)));
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
    const status = refusing('stat', () => fs.lstatSync(path));
    return {
      kind: kindOf(status),
      mode: status.mode & 0o7777,
      uid: status.uid,
      gid: status.gid,
      size: status.size,
    };
  }

  makeDirectory(path: string, mode: number): void {
    refusing('mkdir', () => {
      fs.mkdirSync(path, { mode });
      // The umask may have taken bits away.
      fs.chmodSync(path, mode);
    });
  }

  remove(path: string): void {
    refusing('unlink', () => fs.unlinkSync(path));
  }
}
