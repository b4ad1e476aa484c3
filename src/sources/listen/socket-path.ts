// Where the handover socket may be: in a directory where nobody else can put another in its place, and over nothing but the
// socket of an iopftop that has ended.

import { dirname } from 'node:path';
import { check, IommufdError } from '../../iommufd/error.ts';
import type { FileStatus, Files } from '../../kernel/files.ts';
import { type Kernel, KernelRefusal } from '../../kernel/kernel.ts';
import type { Sockets } from '../../kernel/sockets.ts';
import { Refusal } from '../../text/refusal.ts';
import { Errno } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/ids.ts';

const STICKY = 0o1000;
const OTHERS_WRITE = 0o002;
const OWNER_ONLY = 0o600;
/** Connections that wait until the engine comes round to them. */
const BACKLOG = 16;

const refusal = (path: string, why: string, hint: string): Refusal =>
  new Refusal('refused', `--listen ${path}: ${why}`, hint);

function statusOf(files: Files, path: string): FileStatus | null {
  try {
    return files.status(path);
  } catch (error) {
    if (error instanceof KernelRefusal && error.errno === Errno.ENOENT) return null;
    throw error instanceof KernelRefusal ? new IommufdError('listen', error.errno, path) : error;
  }
}

function checkDirectory(files: Files, path: string): void {
  let directory = dirname(path);
  try {
    directory = files.realPath(directory);
  } catch (error) {
    if (!(error instanceof KernelRefusal)) throw error;
    if (error.errno === Errno.ENOENT)
      throw refusal(path, `there is no directory ${directory}`, 'make it, for its owner only');
    throw new IommufdError('listen', error.errno, path);
  }
  const status = statusOf(files, directory);
  if (status?.kind !== 'directory') throw refusal(path, `${directory} is no directory`, 'give a path in one');
  if (status.mode & OTHERS_WRITE && !(status.mode & STICKY)) {
    throw refusal(
      path,
      `everybody can write in ${directory}`,
      'give a path in a directory that is yours, or set its sticky bit',
    );
  }
}

/** Removes the socket that a dead iopftop has left; refuses over anything else. */
function clear(files: Files, sockets: Sockets, path: string, kernel: Kernel): void {
  const status = statusOf(files, path);
  if (status === null) return;
  const hint = 'give another path, or remove it';
  if (status.kind !== 'socket')
    throw refusal(path, `a ${status.kind === 'other' ? 'special file' : status.kind} is there`, hint);
  const fd = sockets.connect(path);
  if (fd >= 0) kernel.close(fd);
  if (fd !== -Errno.ECONNREFUSED) throw refusal(path, 'the socket of another program is there', hint);
  const ours = process.geteuid?.() === status.uid && (status.mode & 0o777) === OWNER_ONLY;
  if (!ours) throw refusal(path, 'a socket is there that no iopftop of yours has left', hint);
  files.remove(path);
}

/** A listening socket at the path. Throws Refusal and IommufdError. */
export function openSocket(kernel: Kernel, path: string): Fd {
  const { files, sockets } = kernel;
  if (!sockets) throw refusal(path, 'this kernel has no sockets', 'leave --backend mock out');
  checkDirectory(files, path);
  clear(files, sockets, path, kernel);
  return check('listen', path, sockets.listen(path, BACKLOG)) as Fd;
}
