// A piece of the history: raw records as read() left them, and what the records of one read have in common, kept once.
import { RECORD_BYTES } from '../../iommufd/fault-queue.ts';
import { groupEnd } from './records.ts';

/** The most records that a group can have. */
export const CHUNK_RECORDS = 16_384;

export interface Chunk {
  /** Sequence number of its first record. */
  first: number;
  /** Records in it. */
  count: number;
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  /** Index into RECORD_STATES. */
  readonly states: Uint8Array;
  /** By record: who ended its group, as 1 + an index into ELSEWHERE; 0: as its state says. null: that holds for all records. */
  authors: Uint8Array | null;
  /** The read()s that filled it; what the records of one have in common is kept once. */
  reads: number;
  /** By read: the index of its first record, when it was (nanoseconds since the engine started), its first group, its queue. */
  readonly readFrom: Uint32Array;
  readonly readNs: Float64Array;
  readonly readGroup: Float64Array;
  readonly readQueue: Uint16Array;
}

export type ChunkData = Omit<Chunk, 'words'>;

export const newChunk = (): Chunk => {
  const buffer = new ArrayBuffer(CHUNK_RECORDS * RECORD_BYTES);
  return {
    first: 0,
    count: 0,
    bytes: new Uint8Array(buffer),
    words: new Uint32Array(buffer),
    states: new Uint8Array(CHUNK_RECORDS),
    authors: null,
    reads: 0,
    readFrom: new Uint32Array(CHUNK_RECORDS),
    readNs: new Float64Array(CHUNK_RECORDS),
    readGroup: new Float64Array(CHUNK_RECORDS),
    readQueue: new Uint16Array(CHUNK_RECORDS),
  };
};

/** As far as it is filled. */
export function chunkData(chunk: Chunk): ChunkData {
  const { first, count, reads, bytes, states, authors } = chunk;
  return {
    first,
    count,
    reads,
    bytes: bytes.slice(0, count * RECORD_BYTES),
    states: states.slice(0, count),
    authors: authors?.slice(0, count) ?? null,
    readFrom: chunk.readFrom.slice(0, reads),
    readNs: chunk.readNs.slice(0, reads),
    readGroup: chunk.readGroup.slice(0, reads),
    readQueue: chunk.readQueue.slice(0, reads),
  };
}

/** One that continues from there. */
export function chunkOf({ first, count, reads, authors, ...columns }: ChunkData): Chunk {
  const chunk = newChunk();
  Object.assign(chunk, { first, count, reads });
  for (const name of ['bytes', 'states', 'readFrom', 'readNs', 'readGroup', 'readQueue'] as const) {
    chunk[name].set(columns[name]);
  }
  if (authors) {
    chunk.authors = new Uint8Array(CHUNK_RECORDS);
    chunk.authors.set(authors);
  }
  return chunk;
}

/** The read that record `index` of the chunk came with. */
export function readOf({ readFrom, reads }: Chunk, index: number): number {
  let low = 0;
  let high = reads - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (readFrom[middle]! <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The index after the last record of read `read`. */
export const readEnd = (chunk: Chunk, read: number): number =>
  read + 1 < chunk.reads ? chunk.readFrom[read + 1]! : chunk.count;

/** Arrival times and group numbers of the records `start` … `end` - 1, from what was kept for each read. */
export function spread(chunk: Chunk, start: number, end: number, arrived: Float64Array, groups: Float64Array): void {
  for (let read = readOf(chunk, start); read < chunk.reads; read++) {
    const from = chunk.readFrom[read]!;
    if (from >= end) return;
    const limit = readEnd(chunk, read);
    let group = chunk.readGroup[read]!;
    for (let i = from; i < Math.min(limit, end); group++) {
      const next = groupEnd(chunk.words, i, limit);
      for (; i < Math.min(next, end); i++) {
        if (i < start) continue;
        arrived[i - start] = chunk.readNs[read]!;
        groups[i - start] = group;
      }
    }
  }
}
