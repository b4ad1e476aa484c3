// The file under the journal: opened for appending, never waited for, and continued at the start of a line.
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type FormerRun, unfinishedRun } from './former-run.ts';

const DEFAULT_HINT = 'give a file that can be written, in a folder that exists';

export class JournalError extends Error {
  readonly hint: string;

  constructor(path: string, code: string, hint = DEFAULT_HINT) {
    super(`the journal ${path} cannot be opened (${code})`);
    this.name = 'JournalError';
    this.hint = hint;
  }
}

/** Something that lines are appended to. */
export interface LineFile {
  /** What is there ends in the middle of a line: who wrote it was killed, or the disk was full. */
  readonly torn: boolean;
  /** The last run in it, where that has no end. */
  readonly unfinished: FormerRun | null;
  /** Appends `bytes` from `from` on; returns how many were taken, at least 1. Throws where none can be. */
  append(bytes: Uint8Array, from: number): number;
  close(): void;
}

export type OpenLineFile = (path: string) => LineFile;

const { O_APPEND, O_CREAT, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const NEWLINE = 0x0a;
const OTHERS_WRITE = 0o002;
/** How far it is looked back, in bytes. */
const TAIL = 4 * 2 ** 20;

/**
 * Opens or makes (mode 0600) the file. A FIFO or terminal is not waited for either: what it does not take at once is
 * refused (EAGAIN). Throws JournalError.
 */
export const openLineFile: OpenLineFile = (path) => {
  let fd: number;
  try {
    fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o600);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new JournalError(path, code, code === 'ENXIO' ? 'nobody reads this FIFO: start its reader first' : undefined);
  }
  try {
    refuseForeign(fd, path);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return {
    ...lookBack(fd, path),
    append: (bytes, from) => writeSync(fd, bytes, from),
    close: () => closeSync(fd),
  };
};

/**
 * In a directory where everybody can make files (/tmp), a file or link that somebody else has put there: what is written would
 * go where they want it, or to them. Kernels refuse that too (fs.protected_symlinks, protected_regular), not all of them.
 */
function refuseForeign(fd: number, path: string): void {
  const directory = statSync(dirname(path));
  if ((directory.mode & OTHERS_WRITE) === 0) return;
  const ours = [process.geteuid?.() ?? 0, directory.uid];
  const link = lstatSync(path);
  const file = fstatSync(fd);
  const hint = 'give a path in a directory of your own';
  if (link.isSymbolicLink() && !ours.includes(link.uid)) throw new JournalError(path, 'a link of somebody else', hint);
  if (file.isFile() && !ours.includes(file.uid)) throw new JournalError(path, 'a file of somebody else', hint);
  if (file.isFile() && file.nlink > 1) throw new JournalError(path, 'a file that has other names', hint);
}

/** What is there already; nothing of what is no file, or cannot be read. */
function lookBack(fd: number, path: string): Pick<LineFile, 'torn' | 'unfinished'> {
  const stat = fstatSync(fd);
  if (!stat.isFile() || stat.size === 0) return { torn: false, unfinished: null };
  const tail = Buffer.alloc(Math.min(stat.size, TAIL));
  try {
    const reader = openSync(path, O_RDONLY);
    try {
      const read = readSync(reader, tail, 0, tail.length, stat.size - tail.length);
      return { torn: tail[read - 1] !== NEWLINE, unfinished: unfinishedRun(tail.toString('utf8', 0, read)) };
    } finally {
      closeSync(reader);
    }
  } catch {
    return { torn: false, unfinished: null };
  }
}
