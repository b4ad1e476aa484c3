// The append-only journal: one JSON line for every answer (those of one write() together) and every change of
// attachment. What cannot be written is counted and said; it never stops an answer.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { JournalEntry } from '../protocol/messages.ts';

export class JournalError extends Error {
  readonly hint = 'give a file that can be written, in a folder that exists';

  constructor(path: string, code: string) {
    super(`the journal ${path} cannot be opened (${code})`);
    this.name = 'JournalError';
  }
}

const KEPT = 1_000;

/** Numbers as ranges: 1,2,3,7 → "1-3,7". */
export function ranges(numbers: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let j = i;
    while (j + 1 < numbers.length && numbers[j + 1] === (numbers[j] as number) + 1) j++;
    parts.push(i === j ? `${numbers[i]}` : `${numbers[i]}-${numbers[j]}`);
    i = j + 1;
  }
  return parts.join(',');
}

export class Journal {
  readonly path: string | null;
  readonly recent: JournalEntry[] = [];
  entries = 0;
  /** Entries that the file did not get. */
  lost = 0;
  error: string | null = null;
  #fd: number | null = null;
  #torn = false;

  /** Throws JournalError when the file cannot be opened for appending. */
  constructor(path: string | null) {
    this.path = path;
    if (path === null) return;
    try {
      this.#fd = openSync(path, 'a', 0o600);
    } catch (error) {
      throw new JournalError(path, (error as NodeJS.ErrnoException).code ?? String(error));
    }
  }

  write(entry: JournalEntry): void {
    this.entries++;
    this.recent.push(entry);
    if (this.recent.length > KEPT) this.recent.shift();
    if (this.#fd === null) return;
    const line = Buffer.from(`${this.#torn ? '\n' : ''}${JSON.stringify(entry)}\n`);
    let done = 0;
    try {
      while (done < line.length) done += writeSync(this.#fd, line, done);
      this.#torn = false;
    } catch (error) {
      this.lost++;
      this.#torn ||= done > 0;
      this.error = `${this.path}: ${(error as Error).message}; ${this.lost} entries are not in it`;
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }
}
