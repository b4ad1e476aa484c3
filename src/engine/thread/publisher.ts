// When a screen gets its next view: at a limited rate, one under way at a time, at once after a command, and rarely when
// nothing changes.
import type { View, WindowRequest } from '../../protocol/messages.ts';

/** Ages in seconds change even when nothing else does. */
const IDLE_NS = 1e9;

export class Publisher {
  readonly #post: (view: View) => void;
  readonly #make: (window: WindowRequest) => View;
  #window: WindowRequest | null = null;
  #underWay = false;
  #urgent = false;
  #lastNs = Number.NEGATIVE_INFINITY;
  #version = -1;

  constructor(make: (window: WindowRequest) => View, post: (view: View) => void) {
    this.#make = make;
    this.#post = post;
  }

  request(window: WindowRequest): void {
    this.#window = window;
    this.#urgent = true;
  }

  /** The next view is due at once: a command was executed, or simulated time has reached its instant. */
  hurry(): void {
    this.#urgent = true;
  }

  seen(): void {
    this.#underWay = false;
  }

  /** Nothing can be published until the screen sends something: no view was requested, or one is under way. */
  get blocked(): boolean {
    return !this.#window || this.#underWay;
  }

  /** Views per second that the screen wants. */
  get perSecond(): number {
    return this.#window?.perSecond ?? 1;
  }

  /** When the next view is due, in session time; Infinity when none is wanted. `busy`: something changes all the time. */
  deadlineNs(version: number, busy: boolean): number {
    if (!this.#window || this.#underWay) return Number.POSITIVE_INFINITY;
    if (this.#urgent) return 0;
    const everyNs = 1e9 / this.#window.perSecond;
    return this.#lastNs + (busy || version !== this.#version ? everyNs : Math.max(everyNs, IDLE_NS));
  }

  /** Sends the view that is due; false: none is. */
  publish(nowNs: number, version: number, busy: boolean): boolean {
    if (!this.#window || nowNs < this.deadlineNs(version, busy)) return false;
    this.#underWay = true;
    this.#urgent = false;
    this.#lastNs = nowNs;
    this.#version = version;
    this.#post(this.#make(this.#window));
    return true;
  }
}
