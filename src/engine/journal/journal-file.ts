// The file of the journal: opened for appending, never waited for, and continued at the start of a line.
import { closeSync, constants, fstatSync, openSync, type Stats, writeSync } from 'node:fs';
import { ForeignFileError, openOwn } from '../../files/open-own.ts';
import { Refusal } from '../../text/refusal.ts';
import { type FormerRun, FormerRuns } from './former-run.ts';
import { endsLine, firstLines, linesBackwards } from './journal-tail.ts';

const DEFAULT_HINT = 'name a writable file in an existing directory';

export class JournalError extends Refusal {
  constructor(path: string, code: string, cause: unknown, hint: string | null = DEFAULT_HINT) {
    super('refused', `cannot open the journal ${path} (${code})`, hint, cause);
  }
}

/** What an opened journal says about earlier runs. */
export interface LookBack {
  /** Those without an end, the newest first. */
  readonly runs: readonly FormerRun[];
  /** How many more there are. */
  readonly more: number;
  /** Not null: only the last `looked` of `of` bytes, over all files, were searched. */
  readonly partly: { readonly looked: number; readonly of: number } | null;
}

/** A file that lines are appended to. */
export interface LineFile {
  /** It ends in the middle of a line: its writer was killed, or the disk was full. */
  readonly torn: boolean;
  readonly before: LookBack;
  /** Appends `bytes` from `from` on; returns how many were taken, at least 1. Throws if none can be. */
  append(bytes: Uint8Array, from: number): number;
  /** It was emptied since the last append, by a rotation: checked before each entry. */
  shrunk?(): boolean;
  close(): void;
}

export type OpenLineFile = (path: string) => LineFile;

const { O_APPEND, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
/** How far back to search, in bytes: the start waits for it. */
const TAIL = 16 * 2 ** 20;
/** Where a run that filled the whole file began. */
const FIRST = 2 ** 20;
const NOTHING: LookBack = { runs: [], more: 0, partly: null };

/**
 * Opens or creates (mode 0600) the file. A FIFO or terminal is not waited for: what it does not take at once is refused
 * (EAGAIN). Throws JournalError. `tail`: bytes to search backwards.
 */
export const openLineFile = (path: string, tail = TAIL): LineFile => {
  const fd = openJournal(path);
  const stat = fstatSync(fd);
  /** Minimum size of the file, unless somebody empties it. */
  let least = stat.size;
  return {
    ...(stat.isFile() ? lookBack(path, stat, tail) : { torn: false, before: NOTHING }),
    append(bytes, from) {
      const count = writeSync(fd, bytes, from);
      least += count;
      return count;
    },
    shrunk() {
      if (!stat.isFile()) return false;
      const { size } = fstatSync(fd);
      const smaller = size < least;
      // Other processes may have appended, too.
      least = size;
      return smaller;
    },
    close: () => closeSync(fd),
  };
};

function openJournal(path: string): number {
  try {
    return openOwn(path, O_WRONLY | O_APPEND | O_NONBLOCK, 0o600);
  } catch (error) {
    if (error instanceof ForeignFileError) throw new JournalError(path, error.message, error, error.hint);
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const hint = code === 'ENXIO' ? 'this FIFO has no reader: start the reader first' : undefined;
    throw new JournalError(path, code, error, hint);
  }
}

/** Nothing is known about a file that cannot be read. */
function reading<T>(path: string, flags: number, use: (fd: number, stat: Stats) => T, otherwise: T): T {
  try {
    const fd = openSync(path, O_RDONLY | O_NONBLOCK | flags);
    try {
      const stat = fstatSync(fd);
      return stat.isFile() ? use(fd, stat) : otherwise;
    } finally {
      closeSync(fd);
    }
  } catch {
    return otherwise;
  }
}

/**
 * What is already there, and in PATH.1, where logrotate puts the previous file (renamed, or copied and emptied here). The
 * rotated one only if it has the journal's owner.
 */
function lookBack(path: string, { uid }: Stats, tail: number): Pick<LineFile, 'torn' | 'before'> {
  const runs = new FormerRuns();
  let [looked, of] = [0, 0];
  const look = (fd: number, size: number): void => {
    const from = Math.max(0, size - (tail - looked));
    linesBackwards(fd, { from, to: size }, (line) => runs.take(line));
    if (from > 0 && runs.withoutStart.size > 0) {
      firstLines(fd, Math.min(from, FIRST), (line) => runs.takeStart(line));
    }
    looked += size - from;
    of += size;
  };
  const torn = reading(
    path,
    0,
    (fd, { size }) => {
      look(fd, size);
      return size > 0 && !endsLine(fd, size);
    },
    false,
  );
  reading(`${path}.1`, O_NOFOLLOW, (fd, stat) => (stat.uid === uid ? look(fd, stat.size) : undefined), undefined);
  const partly = looked < of ? { looked, of } : null;
  return { torn, before: { runs: runs.result(), more: runs.more, partly } };
}
