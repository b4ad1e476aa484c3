// The stream through a filter: which records it lets through, and the part of them that a screen shows.
import type { FilterReport, StreamWindow, WindowRequest } from '../../protocol/messages.ts';
import { STATE } from '../ledger/group.ts';
import { brokenRows, type Expression } from '../rules/expression.ts';
import type { EngineState } from '../state.ts';
import { GroupReader, type ReadFacts } from './group-reader.ts';
import { HistoryScan, type Part } from './history-scan.ts';
import { ALWAYS, Matches } from './matches.ts';
import type { Slice } from './slice.ts';
import { gather } from './stream-rows.ts';

/** Of one chunk. */
interface Found {
  readonly rows: Matches;
  /** Records of groups for which it could not be evaluated. */
  broken: number;
}

export class StreamFilter {
  readonly #state: EngineState;
  readonly #expression: Expression<ReadFacts>;
  readonly #reader: GroupReader;
  readonly #scan: HistoryScan<Found>;
  /** Why evaluation failed for the last such group. */
  #why = '';

  constructor(state: EngineState, expression: Expression<ReadFacts>) {
    this.#state = state;
    this.#expression = expression;
    this.#reader = new GroupReader((devId) => state.deviceName(devId));
    this.#scan = new HistoryScan({
      history: state.ledger.history,
      reader: this.#reader,
      repeats: expression.uses.has('repeats'),
      make: () => ({ rows: new Matches(), broken: 0 }),
      visit: (part, from, end) => {
        const { mask, error } = this.#judge(part.chunk.states[from]!);
        if (mask !== 0) part.found.rows.add(from, end, mask);
        if (error === null) return;
        part.found.broken += end - from;
        this.#why = error;
      },
    });
  }

  /** In which states the group is let through: a bit each. Once answered, a group stays in its state. */
  #judge(state: number): { mask: number; error: string | null } {
    const { judge, uses } = this.#expression;
    this.#reader.stateIndex = state;
    const { holds, error } = judge(this.#reader);
    if (!uses.has('state') || state !== STATE.pending) return { mask: holds ? ALWAYS : 0, error };
    let mask = 0;
    for (const each of Object.values(STATE)) {
      this.#reader.stateIndex = each;
      if (judge(this.#reader).holds) mask |= 1 << each;
    }
    return { mask, error };
  }

  get finished(): boolean {
    return this.#scan.finished;
  }

  work(slice: Slice): boolean {
    return this.#scan.work(slice);
  }

  /** Records examined and let through. */
  counts(): Omit<FilterReport, 'asked' | 'text' | 'error' | 'at'> {
    let matched = 0;
    let broken = 0;
    for (const { found, chunk } of this.#scan.parts) {
      matched += found.rows.count(chunk);
      broken += found.broken;
    }
    const { scanned } = this.#scan;
    return { matched, ...brokenRows(broken, this.#why), scanned, total: this.#state.ledger.history.held };
  }

  /** Like the window without a filter, over the records let through so far. */
  window({ streamRows, streamEnd, streamAhead = 0 }: WindowRequest): StreamWindow {
    const { parts } = this.#scan;
    const counts = parts.map(({ found, chunk }) => found.rows.count(chunk));
    const all = counts.reduce((sum, n) => sum + n, 0);
    const upTo = streamEnd === null ? all : Math.min(all, upToSeq(parts, counts, streamEnd) + streamAhead);
    const end = Math.max(upTo, Math.min(streamRows, all));
    const first = Math.max(0, end - streamRows);
    return {
      ...gather(this.#state.ledger.history, pick(parts, counts, first, end)),
      older: first,
      newer: all - end,
      oldest: pick(parts, counts, 0, Math.min(1, all))[0] ?? 0,
      newest: pick(parts, counts, Math.max(0, all - 1), all)[0] ?? 0,
    };
  }
}

/** How many of those let through have a sequence number of at most `seq`. */
function upToSeq(parts: readonly Part<Found>[], counts: number[], seq: number): number {
  let before = 0;
  for (const [i, { found, chunk, first }] of parts.entries()) {
    if (first > seq) break;
    if (first + chunk.count - 1 <= seq) before += counts[i]!;
    else {
      found.rows.each(chunk, (row) => {
        if (first + row > seq) return false;
        before++;
        return true;
      });
    }
  }
  return before;
}

/** Sequence numbers of those let through from the `from`-th to before the `to`-th, from 0. */
function pick(parts: readonly Part<Found>[], counts: number[], from: number, to: number): number[] {
  const seqs: number[] = [];
  let at = 0;
  for (const [i, { found, chunk, first }] of parts.entries()) {
    const count = counts[i]!;
    let place = at;
    at += count;
    if (at <= from) continue;
    if (place >= to) break;
    found.rows.each(chunk, (row) => {
      if (place >= from && place < to) seqs.push(first + row);
      return ++place < to;
    });
  }
  return seqs;
}
