// The result of one read(), split and counted by group in one pass over the raw records. No object is made for a group: a
// caller that needs one asks for it.
import type { Attachment } from '../../sources/source.ts';
import { PgfaultFlag } from '../../uapi/iommufd.ts';
import { CHUNK_RECORDS, type Chunk } from './chunk.ts';
import type { PendingGroup } from './group.ts';
import type { PageTable } from './pages.ts';
import { cookieAt, countPerms, groupEnd, grpidAt, pasidAt, RECORD_WORDS, W } from './records.ts';
import type { Refaults } from './refaults.ts';
import type { Requesters } from './requesters.ts';

/** What a group is counted in. */
export interface Counted {
  readonly pages: PageTable;
  readonly refaults: Refaults;
  readonly requesters: Requesters;
}

/** Groups of a read: at most as many as records. Valid until the next one: its arrays are reused. */
export class Read {
  #chunk: Chunk | undefined;
  queue = 0;
  at = 0;
  /** The number of its first group, and how many there are. */
  firstGroup = 1;
  groups = 0;
  /** How many of them were at a page that occurred before. */
  repeated = 0;
  /** Index in the chunk of the first record of each, and of the record after the last. */
  readonly starts = new Uint32Array(CHUNK_RECORDS + 1);
  /** How often the page of each occurred before. */
  readonly repeats = new Uint32Array(CHUNK_RECORDS);
  /** The cookie of each with room for a code beside it: iommu_hwpt_page_response as it is written. */
  readonly responses = new Uint32Array(2 * CHUNK_RECORDS);
  readonly responseBytes = new Uint8Array(this.responses.buffer);

  get chunk(): Chunk {
    return this.#chunk as Chunk;
  }

  /** Finds the groups of the `count` records from index `from` of the chunk, and counts them. */
  take(chunk: Chunk, from: number, count: number, counted: Counted): void {
    this.#chunk = chunk;
    const limit = from + count;
    let n = 0;
    this.repeated = 0;
    this.repeats.fill(0, 0, count);
    for (let i = from; i < limit; i = this.starts[n]!) {
      const first = n;
      n = this.#split(chunk.words, i, limit, n);
      this.#count(counted, first, n);
    }
    this.groups = n;
  }

  /**
   * Records groups from record `from` on, the first as number `group`, as long as they have one device and PASID.
   * Returns the number after the last of them, where it puts the record after it.
   */
  #split(words: Uint32Array, from: number, limit: number, group: number): number {
    const { flags, devId, pasid, cookie } = W;
    const recordWords = RECORD_WORDS;
    const { starts, responses } = this;
    const first = from * RECORD_WORDS;
    const device = words[first + devId];
    const id = words[first + pasid];
    const kind = words[first + flags]!;
    const alone = (kind & PgfaultFlag.LAST_PAGE) !== 0;
    let n = group;
    let i = from;
    while (i < limit) {
      const at = Math.imul(i, recordWords);
      if (words[at + flags] !== kind || words[at + devId] !== device || words[at + pasid] !== id) break;
      starts[n] = i;
      responses[2 * n] = words[at + cookie]!;
      n++;
      i = alone ? i + 1 : groupEnd(words, i, limit);
    }
    starts[n] = i;
    return n;
  }

  /** Counts the groups `from` … `end` - 1, which have one device and PASID, for it and for their pages. */
  #count({ pages, refaults, requesters }: Counted, from: number, end: number): void {
    const { starts, repeats, at: nowNs, chunk } = this;
    const { words } = chunk;
    const firstRecord = starts[from]!;
    const records = starts[end]! - firstRecord;
    const at = firstRecord * RECORD_WORDS;
    const firstSeq = chunk.first | 0;
    let repeated = 0;
    for (let n = from; n < end; n++) {
      n = pages.noteUntilRepeat(words, starts, n, end, firstSeq);
      if (n === end) break;
      repeated++;
      repeats[n] = pages.before;
      refaults.note(pages.before, chunk, starts[n]!, nowNs);
    }
    this.repeated += repeated;
    const requester = requesters.of(words[at + W.devId]!, pasidAt(words, at));
    requester.add(end - from, records, repeated, nowNs);
    countPerms(requester.byPerm, words, firstRecord, firstRecord + records);
  }

  /** The device of group `n`, from 0, and the other fields as an answer has them. */
  who(n: number): Pick<PendingGroup, 'devId' | 'pasid' | 'grpid'> {
    const { words } = this.chunk;
    const at = this.starts[n]! * RECORD_WORDS;
    return { devId: words[at + W.devId]!, pasid: pasidAt(words, at), grpid: grpidAt(words, at) };
  }

  /** Group `n`, from 0, before anyone has decided about it. */
  group(n: number, throughOf: (devId: number, pasid: number) => Attachment | undefined): PendingGroup {
    const start = this.starts[n]!;
    const { devId, pasid, grpid } = this.who(n);
    return {
      group: this.firstGroup + n,
      queue: this.queue,
      cookie: cookieAt(this.chunk.words, start * RECORD_WORDS),
      seq: this.chunk.first + start,
      faults: this.starts[n + 1]! - start,
      devId,
      pasid,
      grpid,
      arrivedNs: this.at,
      through: throughOf(devId, pasid),
      repeats: this.repeats[n]!,
      rule: null,
      dueNs: Number.POSITIVE_INFINITY,
      broken: null,
      saved: null,
    };
  }
}
