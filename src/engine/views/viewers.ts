// What each subscriber views: one that requests a window has its own filters, so that another one's do not undo its work.
import type { Snapshot, View, WindowRequest } from '../../protocol/messages.ts';
import type { SubscriberId } from '../options.ts';
import type { EngineState } from '../state.ts';
import { Views } from './view.ts';

export class Viewers {
  readonly #state: EngineState;
  readonly #views = new Map<SubscriberId, Views>();

  constructor(state: EngineState) {
    this.#state = state;
  }

  /** A filter or a test has more to examine: the next step should come soon. */
  get unfinished(): boolean {
    for (const views of this.#views.values()) if (views.unfinished) return true;
    return false;
  }

  /** A slice of that work, for one of them in turn. `busy`: faults are coming in. */
  work(busy: boolean): void {
    for (const [of, views] of this.#views) {
      if (!views.unfinished) continue;
      views.work(busy);
      this.#views.delete(of);
      this.#views.set(of, views);
      return;
    }
  }

  /** `take` makes the snapshot, with this many pending groups from the given first one. */
  view(window: WindowRequest, of: SubscriberId, take: (first: number, rows: number) => Snapshot): View {
    let views = this.#views.get(of);
    if (!views) {
      views = new Views(this.#state);
      this.#views.set(of, views);
    }
    return views.view(window, take);
  }

  /** It has left: its filters no longer watch anything. */
  leave(of: SubscriberId): void {
    this.#views.get(of)?.close();
    this.#views.delete(of);
  }
}
