// The filters that a screen requests, one for each list, and the work on them between the engine's steps.
import { FILTER_VARIABLES } from '../../protocol/filter-variables.ts';
import type { DeviceRow, FilterReport, RuleTest, View, WindowRequest } from '../../protocol/messages.ts';
import { virtualTimeOf } from '../../sources/options.ts';
import type { PendingGroup } from '../ledger/group.ts';
import { compile } from '../rules/expression.ts';
import type { EngineState } from '../state.ts';
import { streamWindow } from '../views/snapshot.ts';
import { AskedFilter } from './asked.ts';
import { DeviceFilter } from './device-filter.ts';
import { JournalFilter, journalPart } from './journal-filter.ts';
import { PendingFilter } from './pending-filter.ts';
import { RuleTests } from './rule-test.ts';
import { ALL, BUSY, type Budget, IDLE, Slice } from './slice.ts';
import { StreamFilter } from './stream-filter.ts';

type Counts = Omit<FilterReport, 'asked' | 'text' | 'error' | 'at'>;

interface Budgets {
  busy: Budget;
  idle: Budget;
}

const budgetsOf = ({ options: { source } }: EngineState): Budgets =>
  virtualTimeOf(source) ? { busy: ALL, idle: ALL } : { busy: BUSY, idle: IDLE };

const all = (total: number): Counts => ({ matched: total, scanned: total, total });

export class Filters {
  readonly #state: EngineState;
  readonly #budgets: Budgets;
  readonly #stream: AskedFilter<StreamFilter>;
  readonly #pending: AskedFilter<PendingFilter>;
  readonly #journal: AskedFilter<JournalFilter>;
  readonly #devices: AskedFilter<DeviceFilter>;
  readonly #tests: RuleTests;

  constructor(state: EngineState, budgets = budgetsOf(state)) {
    this.#state = state;
    this.#budgets = budgets;
    this.#tests = new RuleTests(state);
    const { stream, pending, journal, devices } = FILTER_VARIABLES;
    this.#stream = new AskedFilter((text) => new StreamFilter(state, compile(text, stream)));
    this.#pending = new AskedFilter((text) => {
      const { judge, uses } = compile(text, pending);
      return new PendingFilter(state, judge, uses.has('age'));
    });
    this.#journal = new AskedFilter((text) => new JournalFilter(state, compile(text, journal).judge));
    this.#devices = new AskedFilter((text) => new DeviceFilter(compile(text, devices).judge));
  }

  /** Whether history or pending groups remain to be judged: the next step should come soon. */
  get unfinished(): boolean {
    const { filter: stream } = this.#stream;
    const { filter: pending } = this.#pending;
    return stream?.finished === false || pending?.finished === false || !this.#tests.finished;
  }

  /** A slice of the work, a short one while faults come in. A view then shows more. */
  work(busy: boolean): void {
    if (this.unfinished) this.#work(busy ? this.#budgets.busy : this.#budgets.idle);
  }

  #work(budget: Budget): void {
    const slice = new Slice(budget, () => this.#state.nowNs());
    const done = [this.#pending.filter, this.#stream.filter, this.#tests].map((part) => part?.work(slice) ?? false);
    if (done.includes(true)) this.#state.version++;
  }

  /** Before a view is made: takes the request and does a slice of work, so that short lists are complete at once. */
  request({ filters = {}, test }: Pick<WindowRequest, 'filters' | 'test'>): void {
    this.#stream.request(filters.stream);
    this.#pending.request(filters.pending);
    this.#journal.request(filters.journal);
    this.#devices.request(filters.devices);
    this.#tests.request(test);
    this.#pending.filter?.renew();
    this.work(true);
  }

  stream(window: WindowRequest): View['stream'] {
    return this.#stream.filter?.window(window) ?? streamWindow(this.#state, window);
  }

  /** The pending groups that are let through, `rows` from the `first`-th; null: there is no filter. */
  pending(first: number, rows: number): PendingGroup[] | null {
    return this.#pending.filter?.groups(first, rows) ?? null;
  }

  devices(rows: DeviceRow[]): DeviceRow[] {
    return this.#devices.filter?.rows(rows) ?? rows;
  }

  journal({ journal }: WindowRequest): View['journal'] {
    if (!journal) return null;
    return this.#journal.filter?.window(journal) ?? journalPart(this.#state, null, journal);
  }

  test(): RuleTest | null {
    return this.#tests.report();
  }

  /** `matched` devices of `total`; the other lists are counted here. */
  reports(matched: number, total: number): View['filters'] {
    const state = this.#state;
    const reports = {
      stream: this.#stream.report(this.#stream.filter?.counts() ?? all(state.ledger.history.held)),
      pending: this.#pending.report(this.#pending.filter?.counts() ?? all(state.ledger.pending.size)),
      journal: this.#journal.report(this.#journal.filter?.counts() ?? all(state.journal.recent.length)),
      devices: this.#devices.report({ ...all(total), ...this.#devices.filter?.broken(), matched }),
    };
    return Object.fromEntries(Object.entries(reports).filter(([, report]) => report !== null)) as View['filters'];
  }
}
