// What answered a group, from the journal's entries in memory: they name groups as ranges of numbers.
import type { Answer, Cause, JournalEntry } from '../../protocol/messages.ts';
import type { Journal } from './journal.ts';

/** "1-3,7" → 1, 3, 7, 7. */
export function parseRanges(text: string): Float64Array {
  const parts = text === '' ? [] : text.split(',');
  const pairs = new Float64Array(parts.length * 2);
  for (const [i, part] of parts.entries()) {
    const dash = part.indexOf('-');
    pairs[2 * i] = Number(dash < 0 ? part : part.slice(0, dash));
    pairs[2 * i + 1] = Number(part.slice(dash + 1));
  }
  return pairs;
}

function names(pairs: Float64Array, group: number): boolean {
  for (let i = 0; i < pairs.length; i += 2) {
    if (group >= pairs[i]! && group <= pairs[i + 1]!) return true;
  }
  return false;
}

export interface FoundAnswer {
  t: number;
  /** The answer that the device got: auto, if the kernel gave it itself. */
  state: Answer | 'auto';
  cause: Cause;
  rule: string | null;
}

export class AnswerFinder {
  readonly #journal: Journal;
  /** The numbers of an entry, parsed on demand. */
  readonly #parsed = new WeakMap<JournalEntry, Float64Array>();
  #group = 0;
  #found: FoundAnswer | null = null;
  /** Entries written that were searched for `#group`. */
  #searched = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** null: not in the journal in memory. Asking for the same group again only searches the new entries. */
  find(group: number): FoundAnswer | null {
    if (group !== this.#group) {
      this.#group = group;
      this.#found = null;
      this.#searched = 0;
    }
    const { entries, recent } = this.#journal;
    const oldest = entries - recent.length;
    for (let n = entries - 1; this.#found === null && n >= Math.max(oldest, this.#searched); n--) {
      this.#found = this.#answerIn(recent[n - oldest]!, group);
    }
    this.#searched = entries;
    return this.#found;
  }

  #answerIn(entry: JournalEntry, group: number): FoundAnswer | null {
    const { action, cause, groups, t, code, rule = null, result } = entry;
    if (
      (action !== 'answer' && action !== 'auto-responded') ||
      groups === undefined ||
      cause === undefined ||
      cause === 'start'
    )
      return null;
    let pairs = this.#parsed.get(entry);
    if (!pairs) {
      pairs = parseRanges(groups);
      this.#parsed.set(entry, pairs);
    }
    if (!names(pairs, group)) return null;
    return { t, state: code && result !== 'gone' ? code : 'auto', cause, rule };
  }
}
