// [keys]: action = "key" or ["key", …], checked against the key table of the screen.

import { didYouMean, nearest } from '../../text/nearest.ts';
import { NEEDED } from '../../ui/model/keymap.ts';
import { KEYS, type KeyBinding, type Where } from '../../ui/model/keys.ts';

const NAMED = 'space enter esc tab shift-tab up down left right home end pgup pgdn insert delete backspace'.split(' ');

/** A key as the decoder of the terminal's input names it. Alt and one of `[]^_\\NOPX` begin a sequence (ECMA-48, C1). */
export const KEY_PATTERN = `^(${NAMED.join('|')}|(ctrl-[a-z]|alt-[!-MQ-WYZ\`-~])|[^\\s\\p{C}])$`;

const KEY = new RegExp(KEY_PATTERN, 'u');

export interface KeyProblem {
  action: string;
  message: string;
  hint: string;
}

/** The key as it was probably meant: `Ctrl-C`, `PageUp`. */
function keyHint(key: string): string {
  const plain = key
    .toLowerCase()
    .replace(/^(control|ctrl|c)[+-]/, 'ctrl-')
    .replace(/^(meta|alt|m)[+-]/, 'alt-')
    .replace(/^shift[+-]/, 'shift-')
    .replace(/^page-?/, 'pg')
    .replace(/^pgdown$/, 'pgdn')
    .replace(/^escape$/, 'esc')
    .replace(/^return$/, 'enter')
    .replace(/^ $/, 'space');
  if (plain !== key && KEY.test(plain)) return `did you mean "${plain}"?`;
  if (/^alt-[\]\\[^_NOPX]$/.test(key)) return 'it starts a terminal escape sequence: choose another character';
  const guess = key.length > 2 ? nearest(plain, NAMED) : null;
  if (guess) return `did you mean "${guess}"?`;
  return `a character, ctrl- or alt- before one, or ${NAMED.join(', ')}`;
}

/** Dialogs and the help have keys of their own; `everywhere` is all the rest. */
const APART: readonly Where[] = ['dialog', 'help'];

function sharedPlace(a: KeyBinding, b: KeyBinding): string | null {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const place = one.where.find(
      (where) => other.where.includes(where) || (other.where.includes('everywhere') && !APART.includes(where)),
    );
    if (place) return place;
  }
  return null;
}

const PLACE: Partial<Record<Where, string>> = { dialog: 'a dialog', help: 'the help', everywhere: 'every view' };

/** Which of two actions cannot share the key: one of them was rebound, and they did not share it before. */
function clashes(bindings: Record<string, readonly string[]>, table: readonly KeyBinding[]): KeyProblem[] {
  const keysOf = ({ id, keys }: KeyBinding) => bindings[id] ?? keys;
  const problems: KeyProblem[] = [];
  for (const [i, a] of table.entries()) {
    for (const b of table.slice(i + 1)) {
      const bound = a.id in bindings ? a : b.id in bindings ? b : null;
      const place = bound && sharedPlace(a, b);
      if (!bound || place === null) continue;
      const shared = (key: string) => keysOf(a).includes(key) && keysOf(b).includes(key);
      const key = keysOf(a).find((k) => shared(k) && !(a.keys.includes(k) && b.keys.includes(k)));
      if (key === undefined) continue;
      const other = bound === a ? b : a;
      problems.push({
        action: bound.id,
        message: `keys.${bound.id}: "${key}" is the key of ${other.id} in ${PLACE[place as Where] ?? `the ${place} view`}`,
        hint: `choose another, or give ${other.id} one of its own`,
      });
    }
  }
  return problems;
}

/** What is wrong with a set of bindings: unknown actions, unknown keys, actions that share a key in one place. */
export function checkKeys(bindings: Record<string, readonly string[]>, table = KEYS): KeyProblem[] {
  const ids = table.map(({ id }) => id as string);
  const problems: KeyProblem[] = [];
  for (const [action, keys] of Object.entries(bindings)) {
    if (!ids.includes(action)) {
      problems.push({ action, message: `keys: there is no action "${action}"`, hint: didYouMean(action, ids) });
      continue;
    }
    if (keys.length === 0 && NEEDED.includes(action)) {
      problems.push({ action, message: `keys.${action} has no key`, hint: 'it needs one' });
    }
    for (const key of keys) {
      if (KEY.test(key)) continue;
      problems.push({ action, message: `keys.${action}: there is no key ${JSON.stringify(key)}`, hint: keyHint(key) });
    }
  }
  return [...problems, ...clashes(bindings, table)];
}
