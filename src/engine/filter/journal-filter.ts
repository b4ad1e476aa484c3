// The journal in memory through a filter: each entry is judged once, when a view is made. At most 1,000 are kept.
import type { FactsOf, FILTER_VARIABLES } from '../../protocol/filter-variables.ts';
import type { JournalEntry, JournalWindow } from '../../protocol/messages.ts';
import type { EngineState } from '../state.ts';

export type JournalFacts = FactsOf<(typeof FILTER_VARIABLES)['journal']>;

export class JournalFilter {
  readonly #state: EngineState;
  readonly #holds: (facts: JournalFacts) => boolean;
  /** Numbers since the start, from 0, of the entries let through that are still kept. */
  #found: number[] = [];
  #judged = 0;

  constructor(state: EngineState, holds: (facts: JournalFacts) => boolean) {
    this.#state = state;
    this.#holds = holds;
  }

  /** Takes up what was written since. Returns the number of the oldest entry kept. */
  #follow(): number {
    const { entries, recent } = this.#state.journal;
    const oldest = entries - recent.length;
    for (let n = Math.max(this.#judged, oldest); n < entries; n++) {
      if (this.#holds(facts(this.#state, recent[n - oldest] as JournalEntry))) this.#found.push(n);
    }
    this.#judged = entries;
    const gone = this.#found.findIndex((n) => n >= oldest);
    this.#found = gone < 0 ? [] : this.#found.slice(gone);
    return oldest;
  }

  /** In entries. */
  counts(): { matched: number; scanned: number; total: number } {
    this.#follow();
    const total = this.#state.journal.recent.length;
    return { matched: this.#found.length, scanned: total, total };
  }

  window(rows: number, first: number | null): JournalWindow {
    const oldest = this.#follow();
    const { recent } = this.#state.journal;
    const entries = this.#found.map((n) => recent[n - oldest] as JournalEntry);
    return journalPart(entries, rows, first);
  }
}

function facts(state: EngineState, entry: JournalEntry): JournalFacts {
  const { action, cause = '', rule, code = '', devId, pasid, result = '', count = 0 } = entry;
  return {
    action,
    cause,
    rule: rule ?? '',
    code,
    device: devId === undefined ? '' : state.deviceName(devId),
    devId: BigInt(devId ?? -1),
    pasid: BigInt(pasid ?? -1),
    result,
    count: BigInt(count),
  };
}

/** `rows` of the entries from the `first`-th (null: the newest); the last ones where there are not so many. */
export function journalPart(entries: readonly JournalEntry[], rows: number, first: number | null): JournalWindow {
  const most = Math.max(0, entries.length - rows);
  const from = Math.min(most, Math.max(0, first ?? most));
  return { first: from, total: entries.length, entries: entries.slice(from, from + rows) };
}
