// The facts of a group, read from its raw records only when an expression uses them: most use two or three.
import type { FactsOf, FILTER_VARIABLES } from '../../protocol/filter-variables.ts';
import { RECORD_STATES } from '../../protocol/messages.ts';
import { PgfaultPerm } from '../../uapi/perm.ts';
import type { PendingGroup } from '../ledger/group.ts';
import { addrAt, type GroupRecords, pasidAt, RECORD_WORDS, W } from '../ledger/records.ts';

export type ReadFacts = FactsOf<(typeof FILTER_VARIABLES)['pending']>;

/** Facts of one group at a time: `at` moves it; its caller sets the fields that no record has. */
export class GroupReader implements ReadFacts {
  #words: Uint32Array = new Uint32Array(RECORD_WORDS);
  #from = 0;
  #last = 0;
  readonly #names = new Map<number, string>();
  readonly #nameOf: (devId: number) => string;
  groupNumber = 0;
  queueIndex = 0;
  repeatCount = 0;
  /** Index into RECORD_STATES. */
  stateIndex = 0;
  ageMs = 0;

  constructor(nameOf: (devId: number) => string) {
    this.#nameOf = nameOf;
  }

  /** Moves to the group of the records `from` … `end` - 1 of `words`. */
  at(words: Uint32Array, from: number, end: number): void {
    this.#words = words;
    this.#from = from * RECORD_WORDS;
    this.#last = (end - 1) * RECORD_WORDS;
  }

  /** Moves to a group that was read, which has these records. */
  to({ group, queue, repeats }: PendingGroup, { words, from, end }: GroupRecords): void {
    this.at(words, from, end);
    this.groupNumber = group;
    this.queueIndex = queue;
    this.repeatCount = repeats;
  }

  #word(offset: number, at = this.#from): number {
    return this.#words[at + offset]!;
  }

  #asks(bit: number): boolean {
    for (let at = this.#from; at <= this.#last; at += RECORD_WORDS)
      if ((this.#word(W.perm, at) & bit) !== 0) return true;
    return false;
  }

  get device(): string {
    const devId = this.#word(W.devId);
    let name = this.#names.get(devId);
    if (name === undefined) {
      name = this.#nameOf(devId);
      this.#names.set(devId, name);
    }
    return name;
  }

  get devId(): bigint {
    return BigInt(this.#word(W.devId));
  }

  get pasid(): bigint {
    return BigInt(pasidAt(this.#words, this.#from));
  }

  get grpid(): bigint {
    return BigInt(this.#word(W.grpid));
  }

  get faults(): bigint {
    return BigInt((this.#last - this.#from) / RECORD_WORDS + 1);
  }

  get addr(): bigint {
    return addrAt(this.#words, this.#from);
  }

  get last(): bigint {
    return addrAt(this.#words, this.#last);
  }

  get read(): boolean {
    return this.#asks(PgfaultPerm.READ);
  }

  get write(): boolean {
    return this.#asks(PgfaultPerm.WRITE);
  }

  get exec(): boolean {
    return this.#asks(PgfaultPerm.EXEC);
  }

  get priv(): boolean {
    return this.#asks(PgfaultPerm.PRIV);
  }

  get repeats(): bigint {
    return BigInt(this.repeatCount);
  }

  get queue(): bigint {
    return BigInt(this.queueIndex);
  }

  get group(): bigint {
    return BigInt(this.groupNumber);
  }

  get cookie(): bigint {
    return BigInt(this.#word(W.cookie));
  }

  get state(): string {
    return RECORD_STATES[this.stateIndex]!;
  }

  get age(): bigint {
    return BigInt(this.ageMs);
  }
}
