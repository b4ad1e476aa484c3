// Opening a file to write to, where others could have put something into its place: what is written would go where they want
// it, or to them, and what is there be emptied. Kernels refuse that too (fs.protected_symlinks, protected_regular), not all of
// them.
import { closeSync, constants, fstatSync, ftruncateSync, lstatSync, openSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Refusal } from '../text/refusal.ts';
import { everybodyWrites, trustedByRoot } from './trusted.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_TRUNC } = constants;

/** Something of somebody else is there. */
export class ForeignFileError extends Refusal {
  declare readonly hint: string;

  constructor(what: string) {
    super('refused', what, 'give a path in a directory of your own');
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Those whose files and directories are as good as ours. */
const ours = (): readonly number[] => {
  const euid = process.geteuid?.() ?? 0;
  return euid === 0 ? trustedByRoot().uids : [0, euid];
};

/** Everybody can make files in it; for root also that of somebody else. */
function isShared(directory: Stats): boolean {
  return everybodyWrites(directory) || (process.geteuid?.() === 0 && !ours().includes(directory.uid));
}

function refuseForeign(file: Stats): void {
  if (file.isSymbolicLink()) throw new ForeignFileError('a link, in a directory where others can make one');
  if (!ours().includes(file.uid)) throw new ForeignFileError('a file of somebody else');
  if (file.isFile() && file.nlink > 1) throw new ForeignFileError('a file that has other names');
}

/**
 * Opens `path`, or makes it with `mode`, to write to it. `flags` as of open(2); with O_TRUNC it is emptied once it is known
 * whose it is. Where others can make files, no link is followed and nothing of theirs is opened. Throws ForeignFileError, or
 * Node's error.
 */
export function openOwn(path: string, flags: number, mode: number): number {
  try {
    // Nothing was there: whatever else happens meanwhile, it is ours.
    return openSync(path, flags | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  if (!isShared(statSync(dirname(path)))) return openSync(path, flags | O_CREAT, mode);
  // A FIFO of somebody else is not even opened: that could take for ever.
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
