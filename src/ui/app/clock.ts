// The screen's clock: this machine's; if time is simulated, everything on the screen uses simulated time, so the same keys
// give the same screen.
import type { Hello } from '../../protocol/messages.ts';

export class ScreenClock {
  /** Seconds of the session in the newest view. */
  session = 0;
  readonly #hello: Hello;

  constructor(hello: Hello) {
    this.#hello = hello;
  }

  /** Seconds since an arbitrary start. */
  now(): number {
    return this.#hello.virtualTime ? this.session : performance.now() / 1000;
  }

  /** Simulated time is stopped: only keys change anything now. */
  get paused(): boolean {
    const { pauseAt } = this.#hello;
    return pauseAt !== null && this.session >= pauseAt;
  }
}
