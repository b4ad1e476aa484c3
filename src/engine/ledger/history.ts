// The bounded history: raw records as read() left them, with their arrival times. Nothing is decoded here. Chunks are
// read into directly and recycled when evicted, so that a full history costs no further memory.
import { READ_BYTES, RECORD_BYTES } from '../../iommufd/fault-queue.ts';
import { groupEnd } from './records.ts';

/** More than this a group cannot have. */
export const CHUNK_RECORDS = 16_384;
/** Chunks that are made and touched beforehand, so that a burst does not wait for memory to be paged in: 7.5 MB. */
const SPARES = 8;
const READ_RECORDS = READ_BYTES / RECORD_BYTES;

export interface Chunk {
  /** Sequence number of its first record. */
  first: number;
  /** Records in it. */
  count: number;
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  /** Index into RECORD_STATES. */
  readonly states: Uint8Array;
  /** The read()s that filled it; what the records of one have in common is kept once. */
  reads: number;
  /** By read: the index of its first record, when it was (nanoseconds since the engine started), its first group, its queue. */
  readonly readFrom: Uint32Array;
  readonly readNs: Float64Array;
  readonly readGroup: Float64Array;
  readonly readQueue: Uint16Array;
}

const newChunk = (): Chunk => {
  const buffer = new ArrayBuffer(CHUNK_RECORDS * RECORD_BYTES);
  return {
    first: 0,
    count: 0,
    bytes: new Uint8Array(buffer),
    words: new Uint32Array(buffer),
    states: new Uint8Array(CHUNK_RECORDS),
    reads: 0,
    readFrom: new Uint32Array(CHUNK_RECORDS),
    readNs: new Float64Array(CHUNK_RECORDS),
    readGroup: new Float64Array(CHUNK_RECORDS),
    readQueue: new Uint16Array(CHUNK_RECORDS),
  };
};

/** Bytes that one record takes in a full chunk; the last 22 only where each was read alone. */
export const BYTES_PER_RECORD = RECORD_BYTES + 1 + 4 + 8 + 8 + 2;

export class History {
  readonly #capacity: number;
  readonly #chunks: Chunk[] = [];
  readonly #onEvict: (chunk: Chunk) => void;
  readonly #spares: Chunk[];
  #held = 0;
  #next = 1;
  evicted = 0;

  /** `capacity` in records, rounded up to whole chunks. `onEvict` may still read the chunk that is given up. */
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
    return this.#held === 0 ? 0 : (this.#chunks[0] as Chunk).first;
  }

  /** Oldest first. The newest may still be empty. */
  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  /** The chunk with room for one more read() of READ_BYTES. */
  tail(): Chunk {
    const last = this.#chunks.at(-1);
    if (last && last.count + READ_RECORDS <= CHUNK_RECORDS) return last;
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
      const chunk = this.#chunks[middle] as Chunk;
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

/** The read that record `index` of the chunk came with. */
export function readOf({ readFrom, reads }: Chunk, index: number): number {
  let low = 0;
  let high = reads - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((readFrom[middle] as number) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The index after the last record of read `read`. */
export const readEnd = (chunk: Chunk, read: number): number =>
  read + 1 < chunk.reads ? (chunk.readFrom[read + 1] as number) : chunk.count;

/** Arrival times and group numbers of the records `start` … `end` - 1, from what was kept for each read. */
function spread(chunk: Chunk, start: number, end: number, arrived: Float64Array, groups: Float64Array): void {
  for (let read = readOf(chunk, start); read < chunk.reads; read++) {
    const from = chunk.readFrom[read] as number;
    if (from >= end) return;
    const limit = readEnd(chunk, read);
    let group = chunk.readGroup[read] as number;
    for (let i = from; i < Math.min(limit, end); group++) {
      const next = groupEnd(chunk.words, i, limit);
      for (; i < Math.min(next, end); i++) {
        if (i < start) continue;
        arrived[i - start] = chunk.readNs[read] as number;
        groups[i - start] = group;
      }
    }
  }
}
