// The file under the journal: opened for appending, never waited for, and continued at the start of a line.
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { ForeignFileError, openOwn } from '../files/open-own.ts';
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

const { O_APPEND, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const NEWLINE = 0x0a;
/** How far it is looked back, in bytes. */
const TAIL = 4 * 2 ** 20;

/**
 * Opens or makes (mode 0600) the file. A FIFO or terminal is not waited for either: what it does not take at once is
 * refused (EAGAIN). Throws JournalError.
 */
export const openLineFile: OpenLineFile = (path) => {
  const fd = openJournal(path);
  return {
    ...lookBack(fd, path),
    append: (bytes, from) => writeSync(fd, bytes, from),
    close: () => closeSync(fd),
  };
};

function openJournal(path: string): number {
  try {
    return openOwn(path, O_WRONLY | O_APPEND | O_NONBLOCK, 0o600);
  } catch (error) {
    if (error instanceof ForeignFileError) throw new JournalError(path, error.message, error.hint);
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new JournalError(path, code, code === 'ENXIO' ? 'nobody reads this FIFO: start its reader first' : undefined);
  }
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
