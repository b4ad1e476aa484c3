// The output of the decoder.

/**
 * One key: 'a', 'G', 'space', 'enter', 'esc', 'tab', 'shift-tab', 'up', 'pgdn', 'ctrl-c', …; text: what it types, if it
 * does. A paste is one key, 'paste'; with the mouse on there are 'click', 'wheel-up' and 'wheel-down'.
 */
export interface KeyPress {
  name: string;
  text: string;
  /** Of a paste: characters left out because it was too long. */
  cut?: number;
  /** Where the mouse is: the cell, counted from 0. */
  place?: { column: number; row: number };
}

const CONTROL: Record<string, string> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
  '\0': 'ctrl-space',
};

/** The key of a character that came by itself. */
export function plainKey(character: string): KeyPress {
  const named = CONTROL[character];
  if (named) return { name: named, text: named === 'space' ? ' ' : '' };
  const code = character.charCodeAt(0);
  if (code < 0x20) return { name: `ctrl-${String.fromCharCode(code + 0x60)}`, text: '' };
  return { name: character, text: character };
}
