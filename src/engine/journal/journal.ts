// The append-only journal: one JSON line for every answer (those of one write() together) and every change of
// attachment. What cannot be written is counted and reported; it never stops an answer.
import type { JournalEntry } from '../../protocol/messages.ts';
import { type LineFile, type LookBack, type OpenLineFile, openLineFile } from './journal-file.ts';
import { Had } from './journal-had.ts';

const KEPT = 1_000;

/** Numbers as ranges: 1,2,3,7 → "1-3,7". */
export function ranges(numbers: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let j = i;
    while (j + 1 < numbers.length && numbers[j + 1] === numbers[j]! + 1) j++;
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
  /** What the file says about earlier runs; null: there is no file. */
  readonly before: LookBack | null;
  readonly #run: string | null;
  readonly #file: LineFile | null;
  readonly #had = new Had();
  #torn: boolean;

  /** `run`: the id that every entry gets; null: none. Throws JournalError when the file cannot be opened for appending. */
  constructor(path: string | null, open: OpenLineFile = openLineFile, run: string | null = null) {
    this.path = path;
    this.#run = run;
    this.#file = path === null ? null : open(path);
    this.#torn = this.#file?.torn ?? false;
    this.before = this.#file?.before ?? null;
  }

  write({ t, ...said }: JournalEntry): void {
    const entry = { t, ...(this.#run === null ? {} : { run: this.#run }), ...said } as JournalEntry;
    if (this.#file !== null && this.#shrunk(this.#file)) this.#sayAgain(t);
    this.#had.note(entry);
    this.#keep(entry);
  }

  /** What an emptied file has lost: which run the following entries belong to. */
  #sayAgain(t: number): void {
    const again = this.#had.restated(t);
    this.#torn = false;
    if (again !== null) this.#keep(again);
  }

  #shrunk(file: LineFile): boolean {
    try {
      return file.shrunk?.() === true;
    } catch {
      return false;
    }
  }

  #keep(entry: JournalEntry): void {
    this.entries++;
    this.recent.push(entry);
    if (this.recent.length > KEPT) this.recent.shift();
    if (this.#file === null) return;
    const line = Buffer.from(`${this.#torn ? '\n' : ''}${JSON.stringify(entry)}\n`);
    let done = 0;
    try {
      while (done < line.length) done += this.#file.append(line, done);
      this.#torn = false;
    } catch (error) {
      this.lost++;
      // A lone newline that ended a torn line leaves none.
      if (done > 0) this.#torn = !(this.#torn && done === 1);
      this.error = `${this.path}: ${(error as Error).message}; ${this.lost} entries lost`;
    }
  }

  /** A last attempt to make the file end in a whole line. */
  close(): void {
    if (this.#file === null) return;
    try {
      if (this.#torn) this.#file.append(Buffer.from('\n'), 0);
    } catch {
      // The next run that opens it will do it.
    }
    this.#file.close();
  }
}
