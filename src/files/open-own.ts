// Opens a file for writing where other users could have put something in its place: the data would go where they want it,
// or to them, and an existing file would be emptied. Some kernels refuse that too (fs.protected_symlinks,
// protected_regular).
import { closeSync, constants, fstatSync, ftruncateSync, lstatSync, openSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Refusal } from '../text/refusal.ts';
import { everybodyWrites, trustedByRoot } from './trusted.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_TRUNC } = constants;

/** Another user's file already exists there. */
export class ForeignFileError extends Refusal {
  declare readonly hint: string;

  constructor(what: string) {
    super('refused', what, 'give a path in a directory of your own');
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Users whose files and directories count as ours. */
const ours = (): readonly number[] => {
  const euid = process.geteuid?.() ?? 0;
  return euid === 0 ? trustedByRoot().uids : [0, euid];
};

/** Anyone can create files in it; for root also another user's directory. */
function isShared(directory: Stats): boolean {
  return everybodyWrites(directory) || (process.geteuid?.() === 0 && !ours().includes(directory.uid));
}

function refuseForeign(file: Stats): void {
  if (file.isSymbolicLink()) throw new ForeignFileError('a link, in a directory where other users can create one');
  if (!ours().includes(file.uid)) throw new ForeignFileError("another user's file");
  if (file.isFile() && file.nlink > 1) throw new ForeignFileError('a file with more than one hard link');
}

/**
 * Opens `path` for writing, or creates it with `mode`. `flags` as for open(2); with O_TRUNC it is emptied once its owner is
 * known. In directories where others can create files, no link is followed and none of their files is opened. Throws
 * ForeignFileError, or Node's error.
 */
export function openOwn(path: string, flags: number, mode: number): number {
  try {
    // The file did not exist: whatever happens meanwhile, it is ours.
    return openSync(path, flags | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  if (!isShared(statSync(dirname(path)))) return openSync(path, flags | O_CREAT, mode);
  // Another user's FIFO is not even opened: that could block forever.
  refuseForeign(lstatSync(path));
  const fd = openSync(path, (flags & ~O_TRUNC) | O_NOFOLLOW);
  try {
    const file = fstatSync(fd);
    refuseForeign(file);
    if ((flags & O_TRUNC) !== 0 && file.isFile()) ftruncateSync(fd);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
