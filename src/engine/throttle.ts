// A failure that affects every group (a page that cannot be mapped, say) is reported once per second for each kind; the rest is
// counted, and the count is reported when the second is over.
import type { ErrorMessage } from '../protocol/messages.ts';

const EVERY_NS = 1e9;

interface Said {
  /** The last one that was not reported separately. */
  last: ErrorMessage;
  more: number;
  untilNs: number;
}

const kindOf = ({ kind, operation, errno, message }: ErrorMessage): string =>
  operation === null ? `${kind} ${message}` : `${operation} ${errno}`;

export class Throttle {
  readonly #said = new Map<string, Said>();
  #nextNs = Number.POSITIVE_INFINITY;

  /** When `due` has something to report or forget, in session time; Infinity if nothing was reported recently. */
  get nextDueNs(): number {
    return this.#nextNs;
  }

  /** True if this one must be reported now; otherwise it is counted. */
  admit(error: ErrorMessage, nowNs: number): boolean {
    const key = kindOf(error);
    const said = this.#said.get(key);
    if (said && nowNs < said.untilNs) {
      said.last = error;
      said.more++;
      return false;
    }
    const more = said?.more ?? 0;
    if (more > 0) error.more = more;
    this.#open(key, error, nowNs);
    return true;
  }

  #open(key: string, last: ErrorMessage, nowNs: number): void {
    const untilNs = nowNs + EVERY_NS;
    this.#said.set(key, { last, more: 0, untilNs });
    this.#nextNs = Math.min(this.#nextNs, untilNs);
  }

  /** What was counted in the seconds that are over at `nowNs`: the last of each kind, on behalf of all of them. */
  due(nowNs: number): ErrorMessage[] {
    if (nowNs < this.#nextNs) return [];
    this.#nextNs = Number.POSITIVE_INFINITY;
    const told: ErrorMessage[] = [];
    for (const [key, said] of this.#said) {
      if (said.untilNs > nowNs) {
        this.#nextNs = Math.min(this.#nextNs, said.untilNs);
        continue;
      }
      this.#said.delete(key);
      if (said.more === 0) continue;
      told.push({ ...said.last, ...(said.more > 1 ? { more: said.more - 1 } : {}) });
      // It also counts for its own second, so that there is never more than one of a kind per second.
      if (Number.isFinite(nowNs)) this.#open(key, said.last, nowNs);
    }
    return told;
  }
}
