// Where the handover socket may be: in a directory where nobody else can replace it, and only over the socket of an iopftop
// that has ended.

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
/** Connections that may wait to be accepted. */
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
      throw refusal(path, `directory ${directory} does not exist`, 'create it with mode 0700');
    throw new IommufdError('listen', error.errno, path);
  }
  const status = statusOf(files, directory);
  if (status?.kind !== 'directory')
    throw refusal(path, `${directory} is not a directory`, 'use a path in an existing directory');
  if (status.mode & OTHERS_WRITE && !(status.mode & STICKY)) {
    throw refusal(
      path,
      `${directory} is writable by everybody`,
      'use a path in your own directory, or set its sticky bit',
    );
  }
}

/** Removes the socket that a dead iopftop left behind; refuses anything else. */
function clear(files: Files, sockets: Sockets, path: string, kernel: Kernel): void {
  const status = statusOf(files, path);
  if (status === null) return;
  const hint = 'use another path, or remove it';
  if (status.kind !== 'socket')
    throw refusal(path, `a ${status.kind === 'other' ? 'special file' : status.kind} is already there`, hint);
  const fd = sockets.connect(path);
  if (fd >= 0) kernel.close(fd);
  if (fd !== -Errno.ECONNREFUSED) throw refusal(path, "another program's socket is already there", hint);
  const ours = process.geteuid?.() === status.uid && (status.mode & 0o777) === OWNER_ONLY;
  if (!ours) throw refusal(path, 'a socket is already there that your iopftop did not leave', hint);
  files.remove(path);
}

/** A listening socket at the path. Throws Refusal and IommufdError. */
export function openSocket(kernel: Kernel, path: string): Fd {
  const { files, sockets } = kernel;
  if (!sockets) throw refusal(path, 'the simulated kernel has no sockets', 'remove --backend mock');
  checkDirectory(files, path);
  clear(files, sockets, path, kernel);
  return check('listen', path, sockets.listen(path, BACKLOG)) as Fd;
}
