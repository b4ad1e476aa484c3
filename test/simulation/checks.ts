// What has to be true after every turn: the engine's account, the journal and the stream against what the kernel saw.

import { parseRanges } from '../../src/engine/journal/answer-finder.ts';
import type { JournalEntry } from '../../src/protocol/messages.ts';
import type { Life } from './life.ts';
import { streamProblem } from './stream.ts';

export class Checks {
  readonly #life: Life;
  /** How much of the journal was read, and what it says of each group. */
  #journalRead: number;
  readonly #journal = new Map<number, string>();
  #lastT = 0;
  #seenMessages = 0;
  #nowNs = 0;

  constructor(life: Life) {
    this.#life = life;
    this.#journalRead = life.journalFrom;
  }

  /** null: all is well. */
  step(): string | null {
    const { kernel, ending } = this.#life;
    if (kernel.broken.length > 0) return kernel.broken[0] as string;
    if (ending === 'killed') return null;
    return this.#account() ?? this.#readJournal() ?? this.#time();
  }

  #account(): string | null {
    const { kernel, loop, ending } = this.#life;
    const { totals, pending } = loop.session.state.ledger;
    const { faults, groups, success, invalid, auto } = totals;
    if (faults !== kernel.faults) return `${faults} faults counted, ${kernel.faults} read`;
    if (groups !== kernel.groups.length) return `${groups} groups counted, ${kernel.groups.length} read`;
    if (success + invalid + auto + pending.size !== groups)
      return `${success} + ${invalid} + ${auto} + ${pending.size} pending are not ${groups} groups`;
    if (this.#life.options.readOnly && success + invalid > 0) return 'a read-only run has answered';
    const { requesters, queueFaults } = loop.session.state.ledger;
    let [bySource, byQueue] = [0, 0];
    for (const source of requesters.values()) bySource += source.groups;
    for (const count of queueFaults) byQueue += count ?? 0;
    if (bySource !== groups) return `the sources have ${bySource} groups of ${groups}`;
    if (byQueue !== faults) return `the queues have ${byQueue} faults of ${faults}`;
    if (ending !== null) return null;
    // Of a queue that was given up, which was told.
    if (loop.session.state.health.givenUp(0)) kernel.unseen = 0;
    if (kernel.unseen > 0) return `the kernel answered ${kernel.unseen} groups that nobody had seen`;
    if (pending.size !== kernel.outstanding.size)
      return `${pending.size} groups are pending, ${kernel.outstanding.size} outstanding`;
    for (const { number } of kernel.outstanding.values())
      if (!pending.get(number)) return `group ${number} is outstanding and not pending`;
    return null;
  }

  /** The new entries, in their order. */
  #readJournal(): string | null {
    const { disk, kernel } = this.#life;
    const end = disk.text.lastIndexOf('\n') + 1;
    if (end <= this.#journalRead) return null;
    const lines = disk.text.slice(this.#journalRead, end).split('\n').slice(0, -1);
    // The end of a line that a former run left torn.
    if (this.#journalRead === this.#life.journalFrom && lines[0] === '') lines.shift();
    this.#journalRead = end;
    for (const line of lines) {
      let entry: JournalEntry;
      try {
        entry = JSON.parse(line) as JournalEntry;
      } catch {
        // What a full disk cut off; the journal counts it as lost.
        if (this.#life.journal.lost > 0) continue;
        return `the journal has a line that is no JSON: ${line}`;
      }
      const { action, groups, code, result } = entry;
      if ((action !== 'answer' && action !== 'auto-responded') || groups === undefined) continue;
      const said = action === 'answer' && result === 'ok' ? String(code) : 'kernel';
      const pairs = parseRanges(groups);
      for (let i = 0; i < pairs.length; i += 2) {
        for (let number = pairs[i] as number; number <= (pairs[i + 1] as number); number++) {
          if (this.#journal.has(number)) return `the journal has group ${number} answered twice`;
          this.#journal.set(number, said);
          const truth = kernel.groups[number - 1]?.answer;
          if (truth !== said) return `the journal says ${said} of group ${number}, which is ${truth}`;
        }
      }
    }
    const { lost } = this.#life.journal;
    const answered = kernel.groups.length - kernel.outstanding.size;
    if (lost === 0 && this.#life.ending === null && this.#journal.size !== answered)
      return `the journal has ${this.#journal.size} answers, ${answered} were given`;
    return null;
  }

  #time(): string | null {
    const { front, loop } = this.#life;
    const nowNs = loop.session.state.nowNs();
    if (nowNs < this.#nowNs) return 'session time went back';
    this.#nowNs = nowNs;
    for (; this.#seenMessages < front.delivered.length; this.#seenMessages++) {
      const message = front.delivered[this.#seenMessages] as { type: string; t?: number };
      if (message.t === undefined) continue;
      if (message.t < this.#lastT) return `${message.type} at ${message.t} s came after ${this.#lastT} s`;
      this.#lastT = message.t;
    }
    return null;
  }

  /** The run is over. */
  end(thorough: boolean): string | null {
    const { kernel, ending, disk, journal } = this.#life;
    // Of a selftest device whose owner is killed the PASIDs stay attached (docs/kernel.md), and what came through them waits.
    const waiting = [...kernel.outstanding.values()].filter(({ pasid }) => ending !== 'killed' || pasid === 0);
    if (waiting.length > 0) return `${waiting.length} groups were never answered`;
    const left = this.#life.place.left(ending === 'killed');
    if (left !== null) return left;
    if (ending === 'killed') return null;
    const tail = disk.text.slice(disk.text.lastIndexOf('\n') + 1);
    if (tail !== '' && Number.isFinite(disk.space) === false && journal.lost === 0)
      return `the journal ends in the middle of a line: ${tail}`;
    return streamProblem(this.#life, this.#journal, thorough);
  }
}
