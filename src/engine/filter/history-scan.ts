// Scans the history in slices, chunk by chunk, newest chunk first, and continues as records arrive. Results are kept by
// chunk, so that they go when their chunk is evicted.
import { type Chunk, readEnd } from '../ledger/chunk.ts';
import type { History } from '../ledger/history.ts';
import { PageTable } from '../ledger/pages.ts';
import { groupEnd, RECORD_WORDS } from '../ledger/records.ts';
import type { GroupReader } from './group-reader.ts';
import type { Slice } from './slice.ts';

/** What is known about one chunk. */
export interface Part<Found> {
  readonly chunk: Chunk;
  /** Sequence number of its first record: chunks are recycled, numbers are not. */
  readonly first: number;
  /** Records examined, from its beginning. */
  scanned: number;
  /** Groups examined. */
  groups: number;
  readonly found: Found;
}

interface ScanPosition<Found> extends Part<Found> {
  /** The read() that `scanned` is in, where it ends, and the number of the next group. */
  read: number;
  limit: number;
  group: number;
}

export interface ScanOptions<Found> {
  history: History;
  reader: GroupReader;
  /**
   * Repeats are wanted: they are counted again, among the records held, so the oldest chunk comes first. (The repeats that a
   * read() finds are not kept: that would slow down the intake for every record.)
   */
  repeats: boolean;
  make: () => Found;
  /** Judges the group that the reader is at: the records `from` … `end` - 1 of the chunk. */
  visit: (part: Part<Found>, from: number, end: number) => void;
}

export class HistoryScan<Found> {
  readonly #options: ScanOptions<Found>;
  readonly #pages: PageTable | null;
  /** As the chunks of the history: oldest first. */
  readonly #parts: ScanPosition<Found>[] = [];

  constructor(options: ScanOptions<Found>) {
    this.#options = options;
    this.#pages = options.repeats ? new PageTable() : null;
  }

  /** Oldest first, without evicted chunks. */
  get parts(): readonly Part<Found>[] {
    this.#follow();
    return this.#parts;
  }

  /** Records examined that are still held. */
  get scanned(): number {
    return this.parts.reduce((sum, part) => sum + part.scanned, 0);
  }

  get finished(): boolean {
    return this.parts.every((part) => part.scanned === part.chunk.count);
  }

  /** Drops evicted chunks, and adds new ones. */
  #follow(): void {
    const { chunks } = this.#options.history;
    const oldest = chunks[0]?.first ?? 0;
    while (this.#parts[0] && this.#parts[0].first < oldest) this.#parts.shift();
    for (let i = this.#parts.length; i < chunks.length; i++) {
      const chunk = chunks[i]!;
      const found = this.#options.make();
      this.#parts.push({ chunk, first: chunk.first, scanned: 0, groups: 0, found, read: -1, limit: 0, group: 0 });
    }
  }

  /** Continues until all is examined or the slice is over. Returns whether anything was examined. */
  work(slice: Slice): boolean {
    this.#follow();
    let any = false;
    for (let n = 0; n < this.#parts.length && !slice.over; n++) {
      const part = this.#parts[this.#pages ? n : this.#parts.length - 1 - n] as ScanPosition<Found>;
      if (part.scanned === part.chunk.count) continue;
      any = true;
      this.#go(part, slice);
    }
    return any;
  }

  #go(part: ScanPosition<Found>, slice: Slice): void {
    const { reader, visit } = this.#options;
    const { chunk } = part;
    while (part.scanned < chunk.count && !slice.over) {
      const from = part.scanned;
      if (from === part.limit) this.#nextRead(part);
      const end = groupEnd(chunk.words, from, part.limit);
      reader.at(chunk.words, from, end);
      reader.groupNumber = part.group++;
      reader.queueIndex = chunk.readQueue[part.read]!;
      if (this.#pages) reader.repeatCount = this.#pages.note(chunk.words, from * RECORD_WORDS, (part.first + from) | 0);
      visit(part, from, end);
      part.scanned = end;
      part.groups++;
      slice.spend();
    }
  }

  #nextRead(part: ScanPosition<Found>): void {
    part.read++;
    part.limit = readEnd(part.chunk, part.read);
    part.group = part.chunk.readGroup[part.read]!;
  }
}
