// Bytes from the terminal → named keys. Unfinished input waits, for as long as its kind may; a person can always get out of it.
import { csiKey } from './csi-keys.ts';
import { Grammar } from './grammar.ts';
import { type KeyPress, plainKey } from './key-press.ts';
import { ALT_MS, DROP_MS, ESCAPE_MS, LATE_MS } from './times.ts';
import { Utf8 } from './utf8.ts';

const [ETX, BEL, ESC, DEL] = [0x03, 0x07, 0x1b, 0x7f];

/**
 * The byte of a piece that is one byte; also Ctrl-C and Esc in kitty's protocol, which another program may have left on; -1:
 * neither.
 */
function byteOf(bytes: Uint8Array): number {
  if (bytes.length === 1) return bytes[0]!;
  if (bytes.length > LONGEST_KEY) return -1;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence begins with it
  const [, text, final] = /^\x1b\[([\d;:]+)([u~])$/.exec(Buffer.from(bytes).toString('latin1')) ?? [];
  const name = text && final ? csiKey(text, final)?.name : undefined;
  return name === 'ctrl-c' ? ETX : name === 'esc' ? ESC : -1;
}

const LONGEST_KEY = 32;

export class KeyDecoder {
  readonly #utf8 = new Utf8();
  readonly #grammar = new Grammar();
  /** When the last piece came. */
  #last = 0;
  /** The last piece was ESC and nothing else. */
  #loneEscape = false;

  /**
   * Keys complete with this piece. What is unfinished waits for the next piece, or for `flush` when its time is up.
   * `now`: milliseconds of a clock that never goes back; without it, nothing passes between pieces.
   */
  push(piece: string | Uint8Array, now?: number): KeyPress[] {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    const gap = now === undefined ? 0 : now - this.#last;
    const alone = now === undefined || gap >= ALT_MS ? byteOf(bytes) : -1;
    if (now !== undefined) this.#last = now;
    if (!this.#leftBy(alone)) {
      let before = gap;
      this.#utf8.push(bytes, (unit) => {
        this.#grammar.take(unit, before, this.#last);
        before = 0;
      });
    }
    this.#loneEscape = alone === ESC;
    return this.#grammar.given();
  }

  /** A sequence has begun and not ended: perhaps it is the Esc key. */
  get waiting(): boolean {
    return this.due !== null;
  }

  /** When to call `flush` if nothing more has come, by the clock of `push`; null: never. */
  get due(): number | null {
    const { state, late } = this.#grammar;
    if (state === 'ground' || state === 'paste') return null;
    if (state === 'escape' || state === 'intermediate') return this.#last + ESCAPE_MS;
    if (state === 'string escape' && late) return this.#last + ESCAPE_MS;
    return this.#last + (late ? LATE_MS : DROP_MS);
  }

  /** Nothing more came in time: it was the Esc key, or an unfinished sequence, which is dropped. */
  flush(now = this.#last): KeyPress[] {
    this.#grammar.timeOut(now);
    return this.#grammar.given();
  }

  /**
   * The ways out of unfinished input, for a person: Ctrl-C, and Esc twice; out of dropped input also Enter and other control
   * characters. Alone they were typed: no terminal sends them that way.
   */
  #leftBy(alone: number): boolean {
    const { state, late } = this.#grammar;
    if (state === 'ground' || alone < 0) return false;
    const inText = state === 'paste' || state === 'string' || state === 'string escape';
    const twice = alone === ESC && this.#loneEscape && inText;
    const control = (alone < 0x20 && alone !== ESC && alone !== BEL) || alone === DEL;
    if (alone !== ETX && !twice && !(control && inText && late)) return false;
    this.#utf8.reset();
    this.#grammar.leave();
    if (alone === ETX) this.#grammar.keys.push(plainKey('\x03'));
    return true;
  }
}
