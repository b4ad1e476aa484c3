// The screen's clock: this machine's; where time is simulated all that is shown goes by that, so that the same keys give
// the same screen.
import type { Hello } from '../../protocol/messages.ts';

export class ScreenClock {
  /** Seconds of the session in the newest view. */
  session = 0;
  readonly #hello: Hello;

  constructor(hello: Hello) {
    this.#hello = hello;
  }

  /** Seconds, from a beginning of its own. */
  now(): number {
    return this.#hello.virtualTime ? this.session : performance.now() / 1000;
  }

  /** Simulated time stands still: nothing changes any more but by keys. */
  get paused(): boolean {
    const { pauseAt } = this.#hello;
    return pauseAt !== null && this.session >= pauseAt;
  }
}
