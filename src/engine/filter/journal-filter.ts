// The journal in memory through a filter: each entry is judged once, when a view is made. At most 1,000 are kept.

import type { FactsOf, FILTER_VARIABLES } from '../../protocol/filter-variables.ts';
import type { FilterReport, JournalEntry, JournalWindow, WindowRequest } from '../../protocol/messages.ts';
import { NO_PASID } from '../../uapi/pasid.ts';
import { brokenRows, type Judgement } from '../rules/expression.ts';
import type { EngineState } from '../state.ts';

export type JournalFacts = FactsOf<(typeof FILTER_VARIABLES)['journal']>;

type JournalRequest = NonNullable<WindowRequest['journal']>;

export class JournalFilter {
  readonly #state: EngineState;
  readonly #judge: (facts: JournalFacts) => Judgement;
  /** Numbers since the start, from 0, of the entries let through that are still kept. */
  #found: number[] = [];
  /** The same for those that could not be evaluated. */
  #broken: number[] = [];
  #why = '';
  #judged = 0;

  constructor(state: EngineState, judge: (facts: JournalFacts) => Judgement) {
    this.#state = state;
    this.#judge = judge;
  }

  /** Adds the entries written since. Returns the number of the oldest entry kept. */
  #follow(): number {
    const { entries, recent } = this.#state.journal;
    const oldest = entries - recent.length;
    for (let n = Math.max(this.#judged, oldest); n < entries; n++) {
      const { holds, error } = this.#judge(facts(this.#state, recent[n - oldest]!));
      if (holds) this.#found.push(n);
      if (error === null) continue;
      this.#broken.push(n);
      this.#why = error;
    }
    this.#judged = entries;
    this.#found = from(this.#found, oldest);
    this.#broken = from(this.#broken, oldest);
    return oldest;
  }

  /** Entries examined and let through. */
  counts(): Omit<FilterReport, 'asked' | 'text' | 'error' | 'at'> {
    this.#follow();
    const total = this.#state.journal.recent.length;
    return { matched: this.#found.length, ...brokenRows(this.#broken.length, this.#why), scanned: total, total };
  }

  window(request: JournalRequest): JournalWindow {
    this.#follow();
    return journalPart(this.#state, this.#found, request);
  }
}

/** The numbers from `oldest` on; they rise. */
function from(numbers: number[], oldest: number): number[] {
  const first = numbers.findIndex((n) => n >= oldest);
  return first < 0 ? [] : numbers.slice(first);
}

/** The journal's lines are open: what is not a number is treated as absent. */
const whole = (value: unknown, otherwise: number): bigint =>
  BigInt(typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : otherwise);

function facts(state: EngineState, entry: JournalEntry): JournalFacts {
  const { action, cause, change, rule, code, devId, pasid, result, count } = entry;
  return {
    action,
    cause: cause ?? '',
    change: typeof change === 'string' ? change : '',
    rule: rule ?? '',
    code: code ?? '',
    device: typeof devId === 'number' ? state.deviceName(devId) : '',
    devId: whole(devId, -1),
    pasid: whole(pasid, NO_PASID),
    result: result ?? '',
    count: whole(count, 0),
  };
}

/** The window of the entries with these numbers (from 0, rising); null: of all that are kept. */
export function journalPart(
  { journal: { entries, recent } }: EngineState,
  found: readonly number[] | null,
  { rows, end, ahead = 0 }: JournalRequest,
): JournalWindow {
  const oldest = entries - recent.length;
  const total = found?.length ?? recent.length;
  const number = (index: number) => found?.[index] ?? oldest + index;
  let to = total;
  if (end !== null) {
    while (to > 0 && number(to - 1) >= end) to--;
    to = Math.min(total, Math.max(to + ahead, rows));
  }
  const from = Math.max(0, to - rows);
  const numbers = Array.from({ length: to - from }, (_, i) => number(from + i));
  return {
    seqs: numbers.map((n) => n + 1),
    entries: numbers.map((n) => recent[n - oldest]!),
    older: from,
    newer: total - to,
  };
}
