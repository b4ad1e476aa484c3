// How characters came: one by one, as a person types them, or together, as a paste without brackets does, a macro, a token
// that types, a terminal's answerback. What comes together is text where text is typed; it never acts.
import type { KeyPress } from './key-press.ts';

/**
 * Characters within this many milliseconds of each other came together. A person who types two keys on purpose takes longer;
 * an automatic source (a serial line, a keyboard token, xdotool) is faster.
 */
export const TOGETHER_MS = 40;
/**
 * The same for one repeated key: it is held down, and must answer one group, not all of them. Keyboards repeat every 30 to
 * 92 ms by default (the Linux console and macOS some 90, X 40); pressing a key again takes longer.
 */
export const REPEAT_MS = 150;
/** A key that is held down begins to repeat after at most this long, by default. */
const REPEAT_BEGINS_MS = 1_200;
/** After more characters together than a slow link may put into one packet, that a person has typed, so long nothing acts: */
export const REST_MS = 1_000;
const FEW = 3;
/** After the loop has waited this long for nothing, what is read then was not queued before. */
const WAITED_MS = 1;

/** When something came, in milliseconds, and how long the loop has waited for what comes until then, all told. */
export interface Arrival {
  at: number;
  waited: number;
}

/** `resting`: by itself, but soon after many together. */
export type Coming = 'alone' | 'together' | 'resting';

/** Whether it is a character of a stream of text, as a paste has them. Keys with a sequence of their own are none. */
export const isTyped = ({ name, text, place }: KeyPress): boolean =>
  name !== 'paste' && !place && (text !== '' || /^(enter|tab|backspace|(ctrl|alt)-.*)$/.test(name));

export class Pace {
  #last = Number.NEGATIVE_INFINITY;
  /** How long the loop had waited then. */
  #waited = Number.NEGATIVE_INFINITY;
  #lastName = '';
  #run: { first: string; count: number; same: boolean } = { first: '', count: 0, same: true };
  #restsUntil = Number.NEGATIVE_INFINITY;

  /**
   * Whether it may have been in the terminal's queue while the loop handled the previous input: the clock says when it was
   * read, not when it came.
   */
  queued({ waited }: Arrival): boolean {
    return waited - this.#waited < WAITED_MS;
  }

  /**
   * How each key of one read came. `close`: whatever the clock says, the last character was right before. Ctrl-C is the way
   * out, and comes alone unless text comes right after it. `counts`: which keys are considered.
   */
  mark(keys: readonly KeyPress[], came: Arrival, close: boolean, counts: (key: KeyPress) => boolean): Coming[] {
    const { at: now } = came;
    const typed = keys.filter(counts);
    const lastOther = keys.findLastIndex((key) => counts(key) && key.name !== 'ctrl-c');
    const least = typed[0]?.name === this.#lastName ? REPEAT_MS : TOGETHER_MS;
    const together = close || typed.length > 1 || now - this.#last < least || this.queued(came);
    return keys.map((key, i) => {
      if (!counts(key)) return 'alone';
      this.#count(key.name, together, came);
      if (key.name === 'ctrl-c' && i > lastOther) return 'alone';
      if (together) return 'together';
      return now < this.#restsUntil ? 'resting' : 'alone';
    });
  }

  /**
   * How long a key that came alone waits for what may follow: the second of its name may be the first that a held key repeats.
   */
  patience({ name }: KeyPress, before: { name: string; at: number }, now: number): number {
    return name === before.name && now - before.at < REPEAT_BEGINS_MS ? REPEAT_MS : TOGETHER_MS;
  }

  /** The last key considered, and when it came. */
  get newest(): { name: string; at: number } {
    return { name: this.#lastName, at: this.#last };
  }

  #count(name: string, together: boolean, { at: now, waited }: Arrival): void {
    const { first, count, same } = this.#run;
    this.#run =
      together && count
        ? { first, count: count + 1, same: same && name === first }
        : { first: name, count: 1, same: true };
    this.#last = now;
    this.#waited = waited;
    this.#lastName = name;
    if (this.#run.count > FEW && !this.#run.same) this.#restsUntil = now + REST_MS;
  }
}
