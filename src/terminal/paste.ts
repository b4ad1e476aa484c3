// A bracketed paste: what comes between ESC[200~ and ESC[201~ is text, whatever it looks like. It never becomes keys.
import { STRAY, type Unit } from './utf8.ts';

const PASTE_END = '\x1b[201~';

/** More than any pasted expression or address. */
export const MAX_PASTE = 4096;

export class PasteReader {
  #text = '';
  #cut = 0;
  /** Characters of the end marker that have come: it may come in pieces as well. */
  #ending = 0;

  /** Takes in a character. True: with it the paste has ended. */
  push(unit: Unit): boolean {
    const character = unit >= STRAY ? '\ufffd' : String.fromCodePoint(unit);
    if (character === PASTE_END[this.#ending]) return ++this.#ending === PASTE_END.length;
    this.#keep(PASTE_END.slice(0, this.#ending));
    // The marker's first character occurs nowhere else in it
    this.#ending = character === PASTE_END[0] ? 1 : 0;
    if (!this.#ending) this.#keep(character);
    return false;
  }

  /** What has been pasted, without control characters and line ends, and how many characters beyond MAX_PASTE were left out. */
  pasted(): { text: string; cut: number } {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
    return { text: this.#text.replace(/\r\n|[\x00-\x1f\x7f-\x9f]/g, ' '), cut: this.#cut };
  }

  #keep(text: string): void {
    const room = Math.max(0, MAX_PASTE - this.#text.length);
    this.#text += text.slice(0, room);
    this.#cut += Math.max(0, text.length - room);
  }
}
