// Which pages fault most. The page table counts without addresses; they are in the records of the history.
import type { Chunk } from './chunk.ts';
import type { History } from './history.ts';
import type { PageCount, PageTable } from './pages.ts';
import { pasidAt, RECORD_WORDS, W } from './records.ts';

export interface HotPage {
  devId: number;
  /** -1: none. */
  pasid: number;
  page: bigint;
  /** Groups whose first fault was at the page. */
  groups: number;
  repeats: number;
}

const PAGE_MASK = ~0xfff;
/** Pages kept that have lost their slot in the table; up to twice as many for a moment. */
const KEPT = 1_024;
/** How many of the table's most frequent pages are looked up. */
const LOOKED_UP = 512;

/** The record that stands for a page: its chunk and the index of its first word; undefined once it is evicted. */
function locate(history: History, seqLow: number): { chunk: Chunk; at: number } | undefined {
  const seq = history.sequence(seqLow);
  const chunk = history.find(seq);
  return chunk && { chunk, at: (seq - chunk.first) * RECORD_WORDS };
}

/** Device, PASID and page of the record at word `at`. */
export function pageAt({ words }: Chunk, at: number): Pick<HotPage, 'devId' | 'pasid' | 'page'> {
  const low = (words[at + W.addrLow]! & PAGE_MASK) >>> 0;
  const page = (BigInt(words[at + W.addrHigh]!) << 32n) | BigInt(low);
  return { devId: words[at + W.devId]!, pasid: pasidAt(words, at), page };
}

/**
 * The counts are exact while all pages in use have a slot in the table. A page that shares its slot with others is kept by
 * its address when it loses the slot, and is still counted; the few groups of a page that is forgotten early, and pages
 * whose newest record is no longer held, are not counted.
 */
export class HotPages {
  readonly #history: History;
  #kept = new Map<string, HotPage>();

  constructor(history: History) {
    this.#history = history;
  }

  #find({ seqLow, groups }: PageCount): HotPage | undefined {
    const record = locate(this.#history, seqLow);
    return record && { ...pageAt(record.chunk, record.at), groups, repeats: groups - 1 };
  }

  /** A page is losing its slot in the table. */
  keep(count: PageCount): void {
    const found = this.#find(count);
    if (!found) return;
    addTo(this.#kept, found);
    if (this.#kept.size >= 2 * KEPT) this.#kept = new Map(best([...this.#kept], KEPT));
  }

  snapshot(): Map<string, HotPage> {
    return structuredClone(this.#kept);
  }

  restore(kept: Map<string, HotPage>): void {
    this.#kept = kept;
  }

  /** At most `limit` pages, those with most groups first. */
  top(table: PageTable, limit: number): HotPage[] {
    const all = new Map([...this.#kept].map(([key, page]) => [key, { ...page }]));
    for (const count of table.top(LOOKED_UP)) {
      const found = this.#find(count);
      if (found) addTo(all, found);
    }
    return best([...all], limit).map(([, page]) => page);
  }
}

function addTo(pages: Map<string, HotPage>, page: HotPage): void {
  const key = `${page.devId}/${page.pasid}/${page.page}`;
  const known = pages.get(key);
  if (!known) {
    pages.set(key, page);
    return;
  }
  known.groups += page.groups;
  known.repeats += page.repeats;
}

const best = (pages: [string, HotPage][], limit: number): [string, HotPage][] =>
  pages.sort(([, a], [, b]) => b.groups - a.groups).slice(0, limit);
