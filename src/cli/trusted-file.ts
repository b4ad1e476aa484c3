// Files that decide what is done as root: one that others could change or replace is refused.
import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { type Distrust, distrust, distrustOfPath, type Trusted, trustedByRoot } from '../files/trusted.ts';
import { UsageError } from './usage-error.ts';

const RISK = 'whoever can write it decides what is done as root';

/** Another user could have written it. */
export class DistrustedFile extends UsageError {
  /** It belongs to another user; it is not one of ours that others can write. */
  readonly foreign: boolean;

  constructor(message: string, { hint, foreign }: Distrust) {
    super(message, hint);
    this.foreign = foreign;
  }
}

/**
 * Throws DistrustedFile. What is not a regular file (a pipe, /dev/stdin) is trusted like whoever gave it. `name`: its name
 * in messages.
 */
export function checkTrusted(name: string, path: string, stat: Stats, trusted: Trusted): void {
  if (!stat.isFile()) return;
  const file = distrust(stat, trusted);
  if (file) throw new DistrustedFile(`${name} ${file.why}: ${RISK}`, file);
  const place = distrustOfPath(path, trusted);
  if (place) throw new DistrustedFile(`${name}: ${place.path} ${place.why}: ${RISK}`, place);
}

/**
 * The bytes of a file that, where we are root, nobody else could have written. `check` throws before reading if the file is
 * not acceptable. Throws UsageError, or Node's error.
 */
export function readTrusted(name: string, path: string, flags: number, check: (stat: Stats) => void): Buffer {
  const fd = openSync(path, flags);
  try {
    const stat = fstatSync(fd);
    check(stat);
    if (process.geteuid?.() === 0) checkTrusted(name, path, stat, trustedByRoot());
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}
