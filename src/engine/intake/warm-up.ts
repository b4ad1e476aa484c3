// A burst that comes first meets code that was never run, and is read and answered several times as slowly as the next one.
// So the account of a batch is practised while nothing happens: on a ledger of its own, a slice at a time between two steps,
// and not at the start, when others want the processor.
import { PgfaultFlag } from '../../uapi/iommufd.ts';
import { Ledger } from '../ledger/ledger.ts';
import { RECORD_WORDS, W } from '../ledger/records.ts';

/** Session time from which on it is done: the screen is there by then. */
const FROM_NS = 1e9;
/** Groups in a slice: a millisecond, which an answer may wait for it. */
const GROUPS = 512;
/** From one slice to the next: on a machine of one CPU the screen is not kept waiting for it. */
const APART_NS = 20e6;
/** After so many the compiler has done what it does. */
const SLICES = 40;

export class WarmUp {
  /** Made when it is first wanted. */
  #ledger: Ledger | null = null;
  #done = 0;
  #nextNs = FROM_NS;

  /** When there is something to practise; Infinity: it is done. */
  get dueNs(): number {
    return this.#done < SLICES ? this.#nextNs : Number.POSITIVE_INFINITY;
  }

  /** One slice, where it is time for it. */
  work(nowNs: number): void {
    if (nowNs < this.dueNs) return;
    this.#ledger ??= new Ledger({ records: 1, loopFrom: 8, ofOthers: false });
    practise(this.#ledger, this.#done++);
    this.#nextNs = nowNs + APART_NS;
    if (this.#done === SLICES) this.#ledger = null;
  }
}

/** One read(), of pages that are new. */
function practise(ledger: Ledger, slice: number): void {
  const chunk = ledger.history.tail();
  const { words } = chunk;
  for (let i = 0; i < GROUPS; i++) {
    const at = (chunk.count + i) * RECORD_WORDS;
    words[at + W.flags] = PgfaultFlag.LAST_PAGE;
    words[at + W.devId] = 1;
    words[at + W.perm] = 1;
    words[at + W.addrLow] = ((slice * GROUPS + i) << 12) >>> 0;
    words[at + W.cookie] = i + 1;
  }
  const read = ledger.read(chunk, GROUPS, 0, slice * 1e6);
  ledger.answeredAtOnce(read, read.groups, 'success', 'rule', slice * 1e6 + 1e5);
}
