// Control sequences that are keys. Other well-formed sequences are not: replies, reports, releases, unknown functions.
import { type KeyPress, plainKey } from './key-press.ts';
import { mousePress } from './mouse.ts';

const CURSOR: Record<string, string> = { A: 'up', B: 'down', C: 'right', D: 'left', H: 'home', F: 'end' };
const TILDE: Record<string, string> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pgup',
  6: 'pgdn',
  7: 'home',
  8: 'end',
};
/** Keys with their own code in kitty's protocol (its functional keys), if they have a name here. */
const FUNCTIONAL: Record<number, string> = {
  9: 'tab',
  13: 'enter',
  27: 'esc',
  32: 'space',
  127: 'backspace',
  57414: 'enter',
  57417: 'left',
  57418: 'right',
  57419: 'up',
  57420: 'down',
  57421: 'pgup',
  57422: 'pgdn',
  57423: 'home',
  57424: 'end',
  57425: 'insert',
  57426: 'delete',
};
/** The digits of the keypad, 0 to 9. */
const KEYPAD_0 = 57399;

const SHIFT = 1;
/** Bits of the modifiers, in the order in which a name has them. Hyper and the like make a key that is unknown here. */
const NAMED: readonly [number, string][] = [
  [4, 'ctrl-'],
  [2, 'alt-'],
  [SHIFT, 'shift-'],
  [8 | 16 | 32, 'super-'],
];
const CAPS_LOCK = 64;
const NUM_LOCK = 128;

/**
 * `text`: parameters and intermediates between ESC [ and the final character. Null: not a key that has a name.
 */
export function csiKey(text: string, final: string): KeyPress | null {
  if (text.startsWith('<')) return mousePress(text, final);
  if (!/^[\d;:]*$/.test(text)) return null;
  const parameters = text.split(';');
  if (final === 'u') return kittyKey(parameters);
  if (final === '~' && parameters[0] === '27') return otherKey(parameters);
  if (parameters.length > 2) return null;
  const [first, modifiers] = [parameters[0]!, modifiersOf(parameters[1])];
  if (modifiers === null) return null;
  if (final === 'Z') return text === '' || text === '1;2' ? { name: 'shift-tab', text: '' } : null;
  if (final !== '~' && first !== '' && first !== '1') return null;
  const name = final === '~' ? TILDE[first] : CURSOR[final];
  return name ? withModifiers(name, modifiers) : null;
}

/** What ESC O and a character are. */
export function ss3Key(final: string): KeyPress | null {
  const name = CURSOR[final];
  return name ? { name, text: '' } : null;
}

/** The modifier bits of `modifiers:event`; null: a release, or nothing that a terminal says. */
function modifiersOf(parameter = ''): number | null {
  const [, bits = '', event = ''] = /^(\d{0,3})(?::(\d?))?$/.exec(parameter) ?? [null];
  const value = bits === '' ? 1 : Number(bits);
  const pressed = event === '' || event === '1' || event === '2';
  const given = parameter === '' || bits !== '' || event !== '';
  return given && pressed && value >= 1 && value <= 256 ? (value - 1) & ~NUM_LOCK : null;
}

function withModifiers(name: string, modifiers: number): KeyPress {
  const prefix = NAMED.filter(([bits]) => modifiers & bits).map(([, word]) => word);
  return { name: `${prefix.join('')}${name}`, text: name === 'space' && !prefix.length ? ' ' : '' };
}

const isPrintable = (code: number): boolean =>
  code > 0x20 && (code < 0x7f || code >= 0xa0) && !(code >= 0xd800 && code < 0xf900) && code <= 0x10ffff;

const codeOf = (text: string | undefined): number | null => (/^\d{1,7}$/.test(text ?? '') ? Number(text) : null);

/**
 * kitty's protocol, which something else may have left on: `code[:shifted[:base]] [; modifiers[:event] [; text]]`. The
 * shifted key is there with Shift only.
 */
function kittyKey([keys = '', modifiers, text, ...more]: string[]): KeyPress | null {
  const [code, shifted, ...base] = keys.split(':');
  const [key, bits] = [codeOf(code), modifiersOf(modifiers)];
  if (key === null || bits === null || more.length || base.length > 1) return null;
  if (shifted && !(bits & SHIFT)) return null;
  const typed = textOf(text);
  if (typed === null) return null;
  if (FUNCTIONAL[key]) return withModifiers(FUNCTIONAL[key], bits);
  if (key >= KEYPAD_0 && key < KEYPAD_0 + 10) return characterKey(0x30 + key - KEYPAD_0, bits & ~CAPS_LOCK);
  return isPrintable(key) ? kittyCharacter(key, bits, codeOf(shifted), typed) : null;
}

/** The text says best what was typed; without it, letters are known, and for other keys the shifted one if reported. */
function kittyCharacter(key: number, bits: number, shifted: number | null, text: number | undefined): KeyPress | null {
  const command = bits & ~(SHIFT | CAPS_LOCK);
  if (!command && text !== undefined) return characterKey(text, 0);
  const plain = String.fromCodePoint(key);
  const isLetter = /^\p{Ll}$/u.test(plain);
  const capital = Boolean(bits & SHIFT) !== (isLetter && !command && Boolean(bits & CAPS_LOCK));
  if (!capital) return characterKey(key, command);
  const upper = isLetter ? plain.toUpperCase().codePointAt(0)! : null;
  const character = shifted ?? upper;
  return character === null ? null : characterKey(character, command);
}

/** The one character of the associated text; undefined: there is none; null: no single key types it. */
function textOf(text: string | undefined): number | undefined | null {
  if (text === undefined || text === '') return undefined;
  const code = codeOf(text);
  return code !== null && (code === 0x20 || isPrintable(code)) ? code : null;
}

/** xterm's modifyOtherKeys: `27 ; modifiers ; code ~`, where the character is as Shift has made it. */
function otherKey([, modifiers, text, ...more]: string[]): KeyPress | null {
  const [key, bits] = [codeOf(text), modifiersOf(modifiers)];
  if (key === null || bits === null || more.length) return null;
  if (FUNCTIONAL[key] && key < 128) return withModifiers(FUNCTIONAL[key], bits);
  return isPrintable(key) ? characterKey(key, bits & ~(SHIFT | CAPS_LOCK)) : null;
}

function characterKey(code: number, modifiers: number): KeyPress | null {
  if (!isPrintable(code)) return null;
  const character = String.fromCodePoint(code);
  return modifiers ? withModifiers(character, modifiers) : plainKey(character);
}
