// From terminal input to the keys that do something. Time comes from the clock that is passed in.
import { KeyDecoder } from './input.ts';
import type { KeyPress } from './key-press.ts';
import { type Arrival, type Coming, isTyped, Pace, TOGETHER_MS } from './pace.ts';

export interface KeyTarget {
  /** Whether the key, now, would do something that others notice: an answer, a dialog, leaving. */
  acts(key: KeyPress): boolean;
  press(key: KeyPress): void;
  /** The key would have acted, but came as no person types. */
  refuse(key: KeyPress, coming: Coming): void;
}

export class Typing {
  readonly #target: KeyTarget;
  readonly #clock: () => number;
  readonly #waited: () => number;
  /** When the last piece was read. */
  #came: Arrival = { at: 0, waited: 0 };
  readonly #decoder: KeyDecoder;
  readonly #pace = new Pace();
  /** A key that would act waits this long to see whether it stays alone. */
  #held: { key: KeyPress; since: number; until: number } | null = null;
  /** Part of these characters was refused: the rest is dropped, so that the message stays. */
  #refused = false;

  /**
   * `clock`: milliseconds, never going back. `waited`: for how many of them the loop had nothing to do, in total. `decoder`:
   * the one that has seen what came before.
   */
  constructor(target: KeyTarget, clock: () => number, waited: () => number, decoder = new KeyDecoder()) {
    this.#target = target;
    this.#clock = clock;
    this.#waited = waited;
    this.#decoder = decoder;
  }

  /** What was read at once. */
  read(piece: string | Uint8Array): void {
    this.#came = { at: this.#clock(), waited: this.#waited() };
    this.#take(this.#decoder.push(piece, this.#came.at));
  }

  /** This input is not for us: only the ends of sequences are tracked. */
  discard(piece: Uint8Array): void {
    this.#decoder.push(piece, this.#clock());
  }

  /** When to call `pass` if nothing more is read; null: never. */
  get due(): number | null {
    const times = [this.#decoder.due, this.#held?.until ?? null].filter((time) => time !== null);
    return times.length ? Math.min(...times) : null;
  }

  /** Time has passed, and there is nothing to read. */
  pass(): void {
    const now = this.#clock();
    if (this.#held && this.#held.until <= now) this.#release();
    const { due } = this.#decoder;
    // What waited for more came when it was read
    if (due !== null && due <= now) this.#take(this.#decoder.flush(now));
  }

  #take(keys: readonly KeyPress[]): void {
    if (!keys.length) return;
    const { at: now } = this.#came;
    if (this.#heldWasPressed(keys)) this.#release();
    // Its time is over where nothing but a busy loop has kept it
    const close = this.#held !== null && (now < this.#held.until || this.#pace.queued(this.#came));
    const before = this.#pace.newest;
    const comings = this.#pace.mark(keys, this.#came, close, this.#counts);
    if (close && keys.some(this.#counts)) this.#refuseHeld();
    for (const [i, key] of keys.entries()) this.#key(key, comings[i]!, now, this.#pace.patience(key, before, now));
  }

  /** Another key than the held one, well after it: that one is not held down, for which alone it may still have waited. */
  #heldWasPressed(keys: readonly KeyPress[]): boolean {
    const [first] = keys.filter(this.#counts);
    if (!this.#held || !first || first.name === this.#held.key.name) return false;
    return this.#came.at - this.#held.since >= TOGETHER_MS && !this.#pace.queued(this.#came);
  }

  /** Also a key with a sequence of its own that was given something to do: held down, it repeats as a character does. */
  readonly #counts = (key: KeyPress): boolean =>
    isTyped(key) || (key.name !== 'paste' && !key.place && this.#target.acts(key));

  #key(key: KeyPress, coming: Coming, now: number, patience: number): void {
    this.#release();
    const typed = this.#counts(key);
    if (typed && coming !== 'together') this.#refused = false;
    if (typed && this.#refused) return;
    if (!typed || !this.#target.acts(key)) this.#target.press(key);
    else if (coming !== 'alone') this.#refuse(key, coming);
    else if (key.name === 'ctrl-c') this.#target.press(key);
    else this.#held = { key, since: now, until: now + patience };
  }

  #release(): void {
    const held = this.#held;
    this.#held = null;
    if (held) this.#target.press(held.key);
  }

  #refuseHeld(): void {
    const held = this.#held;
    this.#held = null;
    if (held) this.#refuse(held.key, 'together');
  }

  #refuse(key: KeyPress, coming: Coming): void {
    this.#refused = true;
    this.#target.refuse(key, coming);
  }
}
