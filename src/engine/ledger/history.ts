// The bounded history: raw records as read() left them, with their arrival times. Nothing is decoded here. Reads go directly
// into chunks, which are recycled when evicted, so that a full history needs no more memory.
import { READ_BYTES, RECORD_BYTES } from '../../iommufd/fault-queue.ts';
import { CHUNK_RECORDS, type Chunk, type ChunkData, chunkData, chunkOf, newChunk, spread } from './chunk.ts';

/** Chunks that are allocated and touched in advance, so that a burst does not wait for memory to be paged in: 7.5 MB. */
const SPARES = 8;

export interface HistoryData {
  chunks: ChunkData[];
  next: number;
  evicted: number;
}

/** Bytes that one record takes in a full chunk; the last 22 only if each was read alone. */
export const BYTES_PER_RECORD = RECORD_BYTES + 1 + 4 + 8 + 8 + 2;

export class History {
  /** Records of a read() that the tail has room for. */
  static readonly READ_RECORDS = READ_BYTES / RECORD_BYTES;
  readonly #capacity: number;
  readonly #chunks: Chunk[] = [];
  readonly #onEvict: (chunk: Chunk) => void;
  readonly #spares: Chunk[];
  #held = 0;
  #next = 1;
  evicted = 0;

  /** `capacity` in records, rounded up to whole chunks. `onEvict` may still read the evicted chunk. */
  constructor(capacity: number, onEvict: (chunk: Chunk) => void) {
    this.#capacity = Math.max(capacity, CHUNK_RECORDS);
    this.#onEvict = onEvict;
    this.#spares = Array.from({ length: Math.min(SPARES, this.#capacity / CHUNK_RECORDS) }, () => {
      const chunk = newChunk();
      for (const column of [chunk.bytes, chunk.states]) column.fill(0);
      return chunk;
    });
  }

  /** Sequence number of the newest record, 0 before the first. */
  get newest(): number {
    return this.#next - 1;
  }

  /** Sequence number of the oldest record held, 0 when there is none. */
  get oldest(): number {
    return this.#held === 0 ? 0 : this.#chunks[0]!.first;
  }

  /** Records held. */
  get held(): number {
    return this.#held;
  }

  /** Oldest first. The newest may still be empty. */
  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  /** The chunk with room for one more read() of READ_BYTES. */
  tail(): Chunk {
    const last = this.#chunks.at(-1);
    if (last && last.count + History.READ_RECORDS <= CHUNK_RECORDS) return last;
    return this.#push();
  }

  /** An empty chunk, for a read() of all of its bytes. */
  empty(): Chunk {
    const last = this.#chunks.at(-1);
    return last?.count === 0 ? last : this.#push();
  }

  #push(): Chunk {
    while (this.#held + CHUNK_RECORDS > this.#capacity && this.#chunks.length > 0) this.#evict();
    const chunk = this.#spares.pop() ?? newChunk();
    chunk.first = this.#next;
    chunk.count = 0;
    chunk.reads = 0;
    chunk.authors = null;
    this.#chunks.push(chunk);
    return chunk;
  }

  /** Where the next read() goes: READ_BYTES at the end of the tail. */
  static place(tail: Chunk): Uint8Array {
    const start = tail.count * RECORD_BYTES;
    return tail.bytes.subarray(start, start + READ_BYTES);
  }

  /** Takes over `records` records that were read into the tail; returns the index of the first one in it. */
  commit(tail: Chunk, records: number, arrivedNs: number, firstGroup: number, queue: number): number {
    const from = tail.count;
    tail.count += records;
    tail.readFrom[tail.reads] = from;
    tail.readNs[tail.reads] = arrivedNs;
    tail.readQueue[tail.reads] = queue;
    tail.readGroup[tail.reads++] = firstGroup;
    tail.states.fill(0, from, tail.count);
    this.#held += records;
    this.#next += records;
    return from;
  }

  #evict(): void {
    const chunk = this.#chunks.shift() as Chunk;
    this.#onEvict(chunk);
    this.#held -= chunk.count;
    this.evicted += chunk.count;
    this.#spares.push(chunk);
  }

  /** The chunk that holds record `seq`, undefined once it is evicted. */
  find(seq: number): Chunk | undefined {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const chunk = this.#chunks[middle]!;
      if (seq < chunk.first) high = middle - 1;
      else if (seq >= chunk.first + chunk.count) low = middle + 1;
      else return chunk;
    }
    return undefined;
  }

  /** A sequence number by its low 32 bits: of the records that can still be held there is one. */
  sequence(low: number): number {
    return this.newest - ((this.newest - low) >>> 0);
  }

  /** The state of the record with these low 32 bits of its number, undefined once it is evicted. */
  stateOf(seqLow: number): number | undefined {
    const seq = this.sequence(seqLow);
    const chunk = this.find(seq);
    return chunk?.states[seq - chunk.first];
  }

  /** Marks `count` records from `seq` (of one group, so of one chunk) with an index into RECORD_STATES. */
  mark(seq: number, count: number, state: number): void {
    const chunk = this.find(seq);
    chunk?.states.fill(state, seq - chunk.first, seq - chunk.first + count);
  }

  /** The same for who ended the group, if its state does not say: an index into ELSEWHERE. */
  markAuthor(seq: number, count: number, author: number): void {
    const chunk = this.find(seq);
    if (!chunk) return;
    chunk.authors ??= new Uint8Array(CHUNK_RECORDS);
    chunk.authors.fill(author + 1, seq - chunk.first, seq - chunk.first + count);
  }

  /** Who ended the group of record `seq`, as an index into ELSEWHERE; null: its state says it. */
  authorOf(seq: number): number | null {
    const chunk = this.find(seq);
    const author = chunk?.authors?.[seq - chunk.first] ?? 0;
    return author === 0 ? null : author - 1;
  }

  snapshot(): HistoryData {
    return {
      chunks: this.#chunks.map(chunkData),
      next: this.#next,
      evicted: this.evicted,
    };
  }

  /** Into one of the same capacity that has no records. */
  restore({ chunks, next, evicted }: HistoryData): void {
    for (const data of chunks) this.#chunks.push(chunkOf(data));
    this.#held = chunks.reduce((sum, { count }) => sum + count, 0);
    this.#next = next;
    this.evicted = evicted;
  }

  /** A copy of the records `first` … `last` that are held: raw bytes, arrival (ns), group numbers, states. */
  copy(first: number, last: number) {
    const from = Math.max(first, this.oldest);
    const count = this.#held === 0 ? 0 : Math.max(0, Math.min(last, this.newest) - from + 1);
    const out = {
      first: count === 0 ? 0 : from,
      records: new Uint8Array(count * RECORD_BYTES),
      arrived: new Float64Array(count),
      groups: new Float64Array(count),
      states: new Uint8Array(count),
    };
    for (let done = 0; done < count; ) {
      const chunk = this.find(from + done) as Chunk;
      const start = from + done - chunk.first;
      const end = Math.min(chunk.count, start + count - done);
      out.records.set(chunk.bytes.subarray(start * RECORD_BYTES, end * RECORD_BYTES), done * RECORD_BYTES);
      spread(chunk, start, end, out.arrived.subarray(done), out.groups.subarray(done));
      out.states.set(chunk.states.subarray(start, end), done);
      done += end - start;
    }
    return out;
  }
}
