// Words that must be typed in a dialog before it does anything: digits go to the number, letters to the word.
import type { KeyPress } from '../../terminal/key-press.ts';
import type { Dialog, Typed } from '../model/dialogs/dialog.ts';

const LONGEST = 12;
const isNumber = ({ word }: Typed): boolean => /^\d+$/.test(word);

export const isConfirmed = ({ typed }: Dialog): boolean => typed.every(({ word, value }) => value === word);

/** Which of them a key is for; -1: none. */
function fieldOf({ typed }: Dialog, { name, text }: KeyPress): number {
  if (name === 'backspace') return typed.findLastIndex(({ value }) => value !== '');
  if (/^[0-9]$/.test(text)) return typed.findIndex(isNumber);
  return /^[a-z]$/i.test(text) ? typed.findIndex((one) => !isNumber(one)) : -1;
}

/**
 * The dialog with the key typed into it; null: the key is for something else. Once all is typed, its action is selected.
 */
export function typedInto(dialog: Dialog, key: KeyPress): Dialog | null {
  const at = fieldOf(dialog, key);
  const field = dialog.typed[at];
  if (!field) return null;
  const value = key.name === 'backspace' ? field.value.slice(0, -1) : `${field.value}${key.text}`.slice(0, LONGEST);
  const next = { ...dialog, typed: dialog.typed.with(at, { ...field, value }) };
  return { ...next, at: isConfirmed(next) ? next.choices.length - 1 : dialog.at };
}

/** What is still to be typed, in words; '' once nothing is. */
export function stillToType({ typed }: Dialog): string {
  const left = typed.find(({ word, value }) => value !== word);
  return left ? `Nothing is done until ${left.word} is typed.` : '';
}
