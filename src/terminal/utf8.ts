// Bytes → characters, one at a time, however they are cut. What is not UTF-8 comes through as bytes: a mouse
// report may have them, and an old terminal's 8-bit controls.

/** A byte of 0x80–0xFF that belongs to no character, as STRAY + byte. */
export const STRAY = 0x200000;
/** A byte of a character that was begun and not ended, as BROKEN + byte: never a control. */
export const BROKEN = 0x400000;

/** A code point, or STRAY or BROKEN and a byte. */
export type Unit = number;

/** The least code point of a character by its length: overlong encodings are not UTF-8 (RFC 3629). */
const LEAST = [0, 0, 0x80, 0x800, 0x10000];

/** Bytes that follow a first one; −1: not a first byte. */
function following(byte: number): number {
  if (byte < 0x80) return 0;
  if (byte >= 0xc2 && byte < 0xe0) return 1;
  if (byte >= 0xe0 && byte < 0xf0) return 2;
  return byte >= 0xf0 && byte < 0xf5 ? 3 : -1;
}

/** How many bytes it was sent in. */
export function sizeOfUnit(unit: Unit): number {
  if (unit >= STRAY || unit < 0x80) return 1;
  return unit < 0x800 ? 2 : unit < 0x10000 ? 3 : 4;
}

export class Utf8 {
  #held: number[] = [];
  #left = 0;
  #code = 0;

  /** Calls `take` for each unit that is complete with these bytes. */
  push(bytes: Uint8Array, take: (unit: Unit) => void): void {
    for (const byte of bytes) this.#byte(byte, take);
  }

  /** Forgets a character that has begun. */
  reset(): void {
    this.#held = [];
    this.#left = 0;
  }

  #byte(byte: number, take: (unit: Unit) => void): void {
    if (this.#left > 0) {
      if ((byte & 0xc0) === 0x80) {
        this.#goOn(byte, take);
        return;
      }
      this.#breakOff(take);
    }
    const left = following(byte);
    if (left < 0) take(STRAY + byte);
    else if (left === 0) take(byte);
    else {
      this.#held = [byte];
      this.#left = left;
      this.#code = byte & (0x3f >> left);
    }
  }

  #goOn(byte: number, take: (unit: Unit) => void): void {
    this.#held.push(byte);
    this.#code = (this.#code << 6) | (byte & 0x3f);
    if (--this.#left > 0) return;
    const [code, held] = [this.#code, this.#held];
    const surrogate = code >= 0xd800 && code < 0xe000;
    if (code < LEAST[held.length]! || code > 0x10ffff || surrogate) this.#breakOff(take);
    else {
      this.reset();
      take(code);
    }
  }

  #breakOff(take: (unit: Unit) => void): void {
    const held = this.#held;
    this.reset();
    for (const byte of held) take(BROKEN + byte);
  }
}
