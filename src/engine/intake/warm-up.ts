// The first burst would run cold code, and would be read and answered several times as slowly as the next one. So batch
// accounting is practised while nothing happens: on a separate ledger, a slice at a time between two steps, and not at the
// start, when others need the processor.
import { PgfaultFlag } from '../../uapi/iommufd.ts';
import { Ledger } from '../ledger/ledger.ts';
import { RECORD_WORDS, W } from '../ledger/records.ts';

/** Session time at which it starts: the screen is up by then. */
const FROM_NS = 1e9;
/** Groups in a slice: a millisecond, by which an answer may be delayed. */
const GROUPS = 512;
/** From one slice to the next: on a machine with one CPU the screen does not wait for it. */
const APART_NS = 20e6;
/** After this many the compiler has done its work. */
const SLICES = 40;

export class WarmUp {
  /** Made on first use. */
  #ledger: Ledger | null = null;
  #done = 0;
  #nextNs = FROM_NS;

  /** When there is something to practise; Infinity: it is done. */
  get dueNs(): number {
    return this.#done < SLICES ? this.#nextNs : Number.POSITIVE_INFINITY;
  }

  /** One slice, if it is due. */
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
