// One group in detail: pending, still in the history, or known by its number only.
import { type GroupDetail, RECORD_STATES, type WindowRequest } from '../../protocol/messages.ts';
import { AnswerFinder, type FoundAnswer } from '../journal/answer-finder.ts';
import { countRepeats, type FoundGroup, findGroup } from '../ledger/find-group.ts';
import type { PendingGroup } from '../ledger/group.ts';
import { type GroupRecords, RECORD_WORDS } from '../ledger/records.ts';
import type { EngineState } from '../state.ts';

/** Records in one view: a group can have 2,048. */
const MOST_ROWS = 512;

type Part = Pick<GroupDetail, 'from' | 'records'>;

function part(group: GroupRecords, { from, rows }: { from: number; rows: number }): Part {
  const faults = group.end - group.from;
  const first = Math.max(0, Math.min(from, faults));
  const end = Math.min(faults, first + Math.min(rows, MOST_ROWS));
  const words = group.words.slice((group.from + first) * RECORD_WORDS, (group.from + end) * RECORD_WORDS);
  return { from: first, records: new Uint8Array(words.buffer) };
}

function answerOf(found: FoundAnswer | null, arrivedNs: number | null): GroupDetail['answer'] {
  if (!found) return null;
  const { t, cause, rule } = found;
  // The journal's times are whole microseconds.
  const latencyNs = arrivedNs === null ? null : Math.max(0, Math.round(t * 1e9 - arrivedNs));
  return { t, cause, rule, latencyNs };
}

export class Details {
  readonly #state: EngineState;
  readonly #answers: AnswerFinder;
  /** Repeats of the last requested group: they are counted once. */
  #repeats = { group: 0, count: 0 };

  constructor(state: EngineState) {
    this.#state = state;
    this.#answers = new AnswerFinder(state.journal);
  }

  detail(wanted: NonNullable<WindowRequest['detail']>): GroupDetail {
    const pending = this.#state.ledger.pending.get(wanted.group);
    if (pending) return this.#pending(pending, wanted);
    const found = findGroup(this.#state.ledger.history, wanted.group);
    return found ? this.#held(found, wanted) : this.#missing(wanted.group);
  }

  #pending(group: PendingGroup, wanted: { from: number; rows: number }): GroupDetail {
    return {
      group: group.group,
      found: 'held',
      queue: group.queue,
      faults: group.faults,
      ...part(this.#state.ledger.records(group), wanted),
      seq: group.seq,
      arrived: group.arrivedNs / 1e9,
      state: 'pending',
      repeats: group.repeats,
      answer: null,
    };
  }

  #held(found: FoundGroup, wanted: { group: number; from: number; rows: number }): GroupDetail {
    const { chunk, read, from, end } = found;
    const { group } = wanted;
    const arrivedNs = chunk.readNs[read]!;
    return {
      group,
      found: 'held',
      queue: chunk.readQueue[read]!,
      faults: end - from,
      ...part({ words: chunk.words, from, end }, wanted),
      seq: chunk.first + from,
      arrived: arrivedNs / 1e9,
      state: RECORD_STATES[chunk.states[from]!] ?? null,
      repeats: this.#countRepeats(group, found),
      answer: answerOf(this.#answers.find(group), arrivedNs),
    };
  }

  #countRepeats(group: number, found: FoundGroup): number {
    if (this.#repeats.group !== group)
      this.#repeats = { group, count: countRepeats(this.#state.ledger.history, found) };
    return this.#repeats.count;
  }

  #missing(group: number): GroupDetail {
    const read = Number.isInteger(group) && group >= 1 && group <= this.#state.ledger.totals.groups;
    const answer = read ? this.#answers.find(group) : null;
    return {
      group,
      found: read ? 'evicted' : 'unknown',
      queue: -1,
      faults: 0,
      from: 0,
      seq: 0,
      records: new Uint8Array(0),
      arrived: 0,
      state: answer?.state ?? null,
      repeats: 0,
      answer: answerOf(answer, null),
    };
  }
}
