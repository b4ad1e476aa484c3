// How simulated time advances for a screen: from the instant of one view to that of the next, and no further than the pause.

export class Pace {
  readonly #pauseNs: number | null;
  readonly #realMs: () => number;
  #wentOnMs = Number.NEGATIVE_INFINITY;

  /** `realMs`: the machine's clock, for the person at the screen. */
  constructor(pauseAtMs: number | null, realMs: () => number) {
    this.#pauseNs = pauseAtMs === null ? null : pauseAtMs * 1e6;
    this.#realMs = realMs;
  }

  /** Where time goes next, in session time: a multiple of the views' interval, or the pause; null: it is stopped. */
  nextNs(nowNs: number, perSecond: number): number | null {
    const pauseNs = this.#pauseNs ?? Number.POSITIVE_INFINITY;
    if (nowNs >= pauseNs) return null;
    const everyNs = 1e9 / perSecond;
    return Math.min((Math.floor(nowNs / everyNs) + 1) * everyNs, pauseNs);
  }

  /** Milliseconds of the machine's clock until time may advance; 0 on the way to a pause, which nobody watches. */
  waitMs(perSecond: number): number {
    if (this.#pauseNs !== null) return 0;
    return Math.max(0, this.#wentOnMs + 1_000 / perSecond - this.#realMs());
  }

  goOn(): void {
    this.#wentOnMs = this.#realMs();
  }
}
