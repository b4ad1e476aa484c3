// Where in the history a group is: its number is kept once for each read().
import { type Chunk, readEnd, readOf } from './chunk.ts';
import type { History } from './history.ts';
import { groupEnd, pasidAt, RECORD_WORDS, W } from './records.ts';

/** The records `from` … `end` - 1 of the chunk, which came with read `read`. */
export interface FoundGroup {
  chunk: Chunk;
  read: number;
  from: number;
  end: number;
}

/** The last of `count` items whose rising `number(i)` is at most `wanted`; -1: none. */
function lastUpTo(wanted: number, count: number, number: (i: number) => number): number {
  let low = -1;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (number(middle) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Undefined for a group whose records are not held. */
export function findGroup({ chunks }: History, group: number): FoundGroup | undefined {
  // The newest chunk may have no record yet.
  const filled = chunks.at(-1)?.count === 0 ? chunks.length - 1 : chunks.length;
  const chunk = chunks[lastUpTo(group, filled, (i) => chunks[i]!.readGroup[0]!)];
  if (!chunk) return undefined;
  const read = lastUpTo(group, chunk.reads, (i) => chunk.readGroup[i]!);
  const limit = readEnd(chunk, read);
  let from = chunk.readFrom[read]!;
  for (let at = chunk.readGroup[read]!; from < limit; at++) {
    const end = groupEnd(chunk.words, from, limit);
    if (at === group) return { chunk, read, from, end };
    from = end;
  }
  return undefined;
}

/** Records before a group among which its repeats are counted: a fraction of a millisecond. */
const LOOK_BACK = 65_536;
const PAGE_SHIFT = 12;

/** How many groups before this one, within LOOK_BACK records, have its device, PASID and page. */
export function countRepeats(history: History, { chunk, from }: FoundGroup): number {
  const is = samePage(chunk.words, from * RECORD_WORDS);
  const first = Math.max(history.oldest, chunk.first + from - LOOK_BACK);
  let repeats = 0;
  for (const each of history.chunks) {
    if (each.first > chunk.first || each.first + each.count <= first) continue;
    const end = each === chunk ? from : each.count;
    const start = Math.max(0, first - each.first);
    for (let read = readOf(each, start); read < each.reads && each.readFrom[read]! < end; read++) {
      const limit = Math.min(end, readEnd(each, read));
      for (let i = each.readFrom[read]!; i < limit; i = groupEnd(each.words, i, limit)) {
        if (i >= start && is(each.words, i * RECORD_WORDS)) repeats++;
      }
    }
  }
  return repeats;
}

/** Whether a record has the device, PASID and page of the one at word `at`. */
function samePage(of: Uint32Array, at: number): (words: Uint32Array, at: number) => boolean {
  const devId = of[at + W.devId];
  const pasid = pasidAt(of, at);
  const page = of[at + W.addrLow]! >>> PAGE_SHIFT;
  const high = of[at + W.addrHigh];
  return (words, w) =>
    words[w + W.devId] === devId &&
    words[w + W.addrLow]! >>> PAGE_SHIFT === page &&
    words[w + W.addrHigh] === high &&
    pasidAt(words, w) === pasid;
}
