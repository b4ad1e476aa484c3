// How characters came: one by one, as a person types them, or together, as a paste without brackets does, a macro, a token
// that types, a terminal's answerback. What comes together is looked at, and is text where text is typed; it never acts.
import type { KeyPress } from './key-press.ts';

/**
 * Characters that come within so many milliseconds of one another came together. Whoever types two keys on purpose takes
 * longer; what types for somebody (a serial line, a keyboard token, xdotool) is faster. A held key repeats faster than
 * that too, and is to answer one group, not all of them.
 */
export const TOGETHER_MS = 40;
/** After more characters together than a slow link may put into one packet, that a person has typed, so long nothing acts: */
export const REST_MS = 1_000;
const FEW = 3;

/** `resting`: by itself, but soon after many together. */
export type Coming = 'alone' | 'together' | 'resting';

/** Whether it is a character of a stream of text, as a paste has them. Keys with a sequence of their own are none. */
export const isTyped = ({ name, text, place }: KeyPress): boolean =>
  name !== 'paste' && !place && (text !== '' || /^(enter|tab|backspace|(ctrl|alt)-.*)$/.test(name));

export class Pace {
  private last = Number.NEGATIVE_INFINITY;
  private run: { first: string; count: number; same: boolean } = { first: '', count: 0, same: true };
  private restsUntil = Number.NEGATIVE_INFINITY;

  /**
   * How each key of one read came, at `now`, in milliseconds. `close`: whatever the clock says, the last character was
   * right before. Ctrl-C is the way out, and comes alone unless text comes right after it.
   */
  mark(keys: readonly KeyPress[], now: number, close: boolean): Coming[] {
    const typed = keys.filter(isTyped);
    const lastOther = keys.findLastIndex((key) => isTyped(key) && key.name !== 'ctrl-c');
    const together = close || typed.length > 1 || now - this.last < TOGETHER_MS;
    return keys.map((key, i) => {
      if (!isTyped(key)) return 'alone';
      this.count(key.name, together, now);
      if (key.name === 'ctrl-c' && i > lastOther) return 'alone';
      if (together) return 'together';
      return now < this.restsUntil ? 'resting' : 'alone';
    });
  }

  /** What came has been worked off: what is read next came no earlier than this, or was waiting meanwhile. */
  worked(now: number): void {
    if (this.last !== Number.NEGATIVE_INFINITY) this.last = Math.max(this.last, now);
  }

  private count(name: string, together: boolean, now: number): void {
    const { first, count, same } = this.run;
    this.run =
      together && count
        ? { first, count: count + 1, same: same && name === first }
        : { first: name, count: 1, same: true };
    this.last = now;
    if (this.run.count > FEW && !this.run.same) this.restsUntil = now + REST_MS;
  }
}
