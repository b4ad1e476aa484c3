// What one screen gets: the snapshot of all, and the windows it requested, through their filters.
import type { Snapshot, View, WindowRequest } from '../../protocol/messages.ts';
import { choiceReport } from '../answers/choice.ts';
import { Filters } from '../filter/filters.ts';
import type { EngineState } from '../state.ts';
import { Details } from './detail.ts';
import { pendingRow } from './snapshot.ts';
import { statistics } from './statistics.ts';

export class Views {
  readonly #state: EngineState;
  readonly #filters: Filters;
  readonly #details: Details;

  constructor(state: EngineState, filters = new Filters(state)) {
    this.#state = state;
    this.#filters = filters;
    this.#details = new Details(state);
  }

  /** A filter or a test has more to examine: the next step should come soon. */
  get unfinished(): boolean {
    return this.#filters.unfinished;
  }

  /** A slice of that work. `busy`: faults are coming in. */
  work(busy: boolean): void {
    this.#filters.work(busy);
  }

  /** The viewer is gone: its filters watch nothing. */
  close(): void {
    this.#filters.request({});
  }

  /** `take` makes the snapshot, with this many pending groups from the given first one. */
  view(window: WindowRequest, take: (first: number, rows: number) => Snapshot): View {
    const state = this.#state;
    const filters = this.#filters;
    filters.request(window);
    const { pendingFirst, pendingRows } = window;
    const groups = filters.pending(pendingFirst, pendingRows);
    const all = take(pendingFirst, groups ? 0 : pendingRows);
    const devices = filters.devices(all.devices);
    const nowNs = state.nowNs();
    const pending = groups?.map((group) => pendingRow(state, group, nowNs)) ?? all.pending;
    return {
      type: 'view',
      snapshot: { ...all, pending },
      devices,
      stream: filters.stream(window),
      trend: state.ledger.trend.read(nowNs),
      filters: filters.reports(devices.length, all.devices.length),
      journal: filters.journal(window),
      detail: window.detail ? this.#details.detail(window.detail) : null,
      statistics: window.statistics ? statistics(state) : null,
      test: filters.test(),
      chosen: window.chosen ? choiceReport(state, window.chosen, nowNs) : null,
    };
  }
}
