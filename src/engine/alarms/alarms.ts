// Alarms: measured at most ten times per second, and at once when a group has waited long enough for one. The session asks
// when it must wake up for them; nothing here waits, and nothing is due repeatedly while nothing happens.
import type { Alarm } from '../../protocol/messages.ts';
import type { AlarmThresholds } from '../options.ts';
import type { EngineState } from '../state.ts';
import { AlarmBook, type Change } from './alarm-book.ts';
import { broken, dropped, hung, oldest, pending, rate, refault } from './measures.ts';

const EVERY_NS = 1e8;
/** A fault leaves the rate this long after it was read. */
const RATE_NS = 1.2e9;

export class Alarms {
  readonly #state: EngineState;
  readonly #thresholds: AlarmThresholds;
  readonly #streamMissed: () => number;
  readonly #book = new AlarmBook();
  #lastNs = Number.NEGATIVE_INFINITY;
  /** A step came too early to measure: it may have changed something. */
  #skipped = false;
  /** The state's version at the last measurement. */
  #checkedVersion = -1;

  /** `streamMissed`: records, answers and messages that the stream's reader has missed so far. */
  constructor(state: EngineState, streamMissed: () => number) {
    this.#state = state;
    this.#thresholds = state.options.alarms;
    this.#streamMissed = streamMissed;
  }

  /** Those that are up, worst first, as of now. */
  list(nowNs: number): Alarm[] {
    this.#measure(nowNs);
    return this.#book.list;
  }

  /** Those that are up, as last reported. */
  get told(): Alarm[] {
    return this.#book.list;
  }

  /** When the session must check again although nothing happens; Infinity: never. */
  get nextDueNs(): number {
    return Math.min(this.#skipped ? this.#lastNs + EVERY_NS : Number.POSITIVE_INFINITY, this.#deadlineNs());
  }

  #deadlineNs(): number {
    const { refaults, losses } = this.#state.ledger;
    return Math.min(this.#oldestDueNs(), refaults.nextOverNs, losses.nextOverNs, this.#rateDueNs());
  }

  /** When the oldest group has waited for the threshold, or for twice as long. */
  #oldestDueNs(): number {
    const { oldestMs } = this.#thresholds;
    const group = this.#state.ledger.pending.oldest;
    const level = this.#book.level('oldest');
    if (oldestMs === null || !group || level === 'critical') return Number.POSITIVE_INFINITY;
    return group.arrivedNs + oldestMs * 1e6 * (level === null ? 1 : 2);
  }

  /** The rate changes for a while after the last fault. */
  #rateDueNs(): number {
    const last = this.#state.ledger.rate.lastNs;
    if (this.#thresholds.rate === null || this.#lastNs >= last + RATE_NS) return Number.POSITIVE_INFINITY;
    return this.#lastNs + EVERY_NS;
  }

  /**
   * Must be called after every step. `onlyWoken`: for a message, not for a fault. Then nothing is done if nothing has changed
   * and nothing is due: messages arrive at random, in simulated time too, and an extra measurement would move those that
   * follow.
   */
  check(onlyWoken: boolean): void {
    const nowNs = this.#state.nowNs();
    if (onlyWoken && this.#state.version === this.#checkedVersion && nowNs < this.nextDueNs) return;
    this.#look(nowNs);
    this.#checkedVersion = this.#state.version;
  }

  #look(nowNs: number): void {
    if (nowNs < this.#lastNs + EVERY_NS && nowNs < this.#deadlineNs()) {
      this.#skipped = true;
      return;
    }
    this.#measure(nowNs);
  }

  #measure(nowNs: number): void {
    const state = this.#state;
    const thresholds = this.#thresholds;
    this.#lastNs = nowNs;
    this.#skipped = false;
    this.#noteLosses(nowNs);
    const measures = [
      ...hung(state, nowNs),
      ...broken(state),
      ...oldest(state, thresholds, nowNs),
      ...pending(state, thresholds),
      ...refault(state, thresholds, nowNs),
      ...rate(state, thresholds, nowNs),
      ...dropped(state.ledger.losses.lastMinute(nowNs), thresholds),
    ];
    for (const change of this.#book.update(measures, state.t(nowNs))) this.#tell(change, nowNs);
  }

  /** Counts kept elsewhere, which only increase. */
  #noteLosses(nowNs: number): void {
    const { ledger, journal } = this.#state;
    const { total } = ledger.losses;
    ledger.lost('stream', this.#streamMissed() - total.stream, nowNs);
    ledger.lost('journal', journal.lost - total.journal, nowNs);
  }

  #tell({ alarm, change }: Change, nowNs: number): void {
    const state = this.#state;
    const { kind, level, value, threshold, devId, pasid, text } = alarm;
    const of = devId === null ? {} : { devId, pasid };
    state.log({ action: 'alarm', change, kind, level, value, threshold, ...of, text }, nowNs);
    state.version++;
    state.emit({ type: 'alarm', t: state.t(nowNs), change, ...alarm });
  }
}
