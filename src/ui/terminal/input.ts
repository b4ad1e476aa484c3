// Bytes from the terminal → named keys.
import { mousePress } from './mouse.ts';
import { PASTE_START, PasteReader } from './paste.ts';

/**
 * One key: 'a', 'G', 'space', 'enter', 'esc', 'tab', 'shift-tab', 'up', 'pgdn', 'ctrl-c', …; text: what it types, if it
 * does. A paste is one key, 'paste'; with the mouse on there are 'click', 'wheel-up' and 'wheel-down'.
 */
export interface KeyPress {
  name: string;
  text: string;
  /** Of a paste: characters that were left out since it was too long. */
  cut?: number;
  /** Of the mouse: the cell, from 0. */
  place?: { column: number; row: number };
}

const CSI_FINAL: Record<string, string> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'shift-tab',
};
const CSI_TILDE: Record<string, string> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pgup',
  6: 'pgdn',
  7: 'home',
  8: 'end',
};
const CONTROL: Record<string, string> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
};

/** Characters of an escape sequence. */
const LONGEST = 256;

export class KeyDecoder {
  private rest = '';
  private paste: PasteReader | null = null;

  /** Keys complete with this piece; an unfinished escape sequence waits for the next piece or `flush`. */
  push(piece: string): KeyPress[] {
    const keys: KeyPress[] = [];
    this.rest += piece;
    while (this.rest) {
      const key = this.paste ? this.pasted(this.paste) : this.rest.startsWith('\x1b') ? this.escape() : this.plain();
      if (key === 'more') break;
      if (key) keys.push(key);
    }
    return keys;
  }

  private pasted(paste: PasteReader): KeyPress | 'more' {
    const piece = this.rest;
    this.rest = '';
    // alone it was typed: the way out of a paste whose end never came
    const done = piece === '\x03' ? { text: '', cut: 0, rest: piece } : paste.push(piece);
    if (!done) return 'more';
    const { text, cut, rest } = done;
    this.paste = null;
    this.rest = rest;
    return { name: 'paste', text, ...(cut ? { cut } : {}) };
  }

  /** A sequence has begun and not ended: perhaps it is the Esc key. */
  get waiting(): boolean {
    return this.rest !== '';
  }

  /** Nothing more came: it was the Esc key. */
  flush(): KeyPress[] {
    if (!this.rest) return [];
    const after = this.rest.slice(1);
    this.rest = '';
    return [{ name: 'esc', text: '' }, ...(after ? this.push(after) : [])];
  }

  private plain(): KeyPress {
    const character = String.fromCodePoint(this.rest.codePointAt(0) ?? 0);
    this.rest = this.rest.slice(character.length);
    const named = CONTROL[character];
    if (named) return { name: named, text: named === 'space' ? ' ' : '' };
    const code = character.charCodeAt(0);
    if (code < 0x20) return { name: `ctrl-${String.fromCharCode(code + 0x60)}`, text: '' };
    return { name: character, text: character };
  }

  private escape(): KeyPress | null | 'more' {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are control characters
    const sequence = /^\x1b(?:\[([0-9;?<>=]*)([@-~])|O([@-~]))/.exec(this.rest);
    if (sequence) {
      this.rest = this.rest.slice(sequence[0].length);
      if (sequence[0] === PASTE_START) {
        this.paste = new PasteReader();
        return null;
      }
      if (sequence[1]?.startsWith('<')) return mousePress(sequence[1], sequence[2] ?? '');
      const name =
        sequence[2] === '~'
          ? CSI_TILDE[(sequence[1] ?? '').split(';')[0] ?? '']
          : CSI_FINAL[sequence[2] ?? sequence[3] ?? ''];
      return name ? { name, text: '' } : null;
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: see above
    if (/^\x1b(?:\[[0-9;?<>=]*|O)?$/.test(this.rest)) {
      if (this.rest.length <= LONGEST) return 'more';
      // No terminal means that, and looking for its end again with each piece would take ever longer.
      this.rest = '';
      return null;
    }
    if (this.rest.startsWith('\x1b\x1b')) {
      this.rest = this.rest.slice(1);
      return { name: 'esc', text: '' };
    }
    this.rest = this.rest.slice(1);
    const key = this.plain();
    return { name: `alt-${key.name}`, text: '' };
  }
}
