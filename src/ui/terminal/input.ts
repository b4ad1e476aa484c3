// Bytes from the terminal → named keys.

/** One key: 'a', 'G', 'space', 'enter', 'esc', 'tab', 'shift-tab', 'up', 'pgdn', 'ctrl-c', …; text: what it types, if it does. */
export interface KeyPress {
  name: string;
  text: string;
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

export class KeyDecoder {
  private rest = '';

  /** Keys complete with this piece; an unfinished escape sequence waits for the next piece or `flush`. */
  push(piece: string): KeyPress[] {
    const keys: KeyPress[] = [];
    this.rest += piece;
    while (this.rest) {
      const key = this.rest.startsWith('\x1b') ? this.escape() : this.plain();
      if (key === 'more') break;
      if (key) keys.push(key);
    }
    return keys;
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
      const name =
        sequence[2] === '~'
          ? CSI_TILDE[(sequence[1] ?? '').split(';')[0] ?? '']
          : CSI_FINAL[sequence[2] ?? sequence[3] ?? ''];
      return name ? { name, text: '' } : null;
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: see above
    if (/^\x1b(?:\[[0-9;?<>=]*|O)?$/.test(this.rest)) return 'more';
    if (this.rest.startsWith('\x1b\x1b')) {
      this.rest = this.rest.slice(1);
      return { name: 'esc', text: '' };
    }
    this.rest = this.rest.slice(1);
    const key = this.plain();
    return { name: `alt-${key.name}`, text: '' };
  }
}
