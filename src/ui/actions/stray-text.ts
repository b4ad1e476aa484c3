// Typed after a key that should have opened a text field and could not: it is text for that field, not keys.
import type { KeyPress } from '../../terminal/key-press.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { say } from './say.ts';

/** Seconds without a key after which the user has stopped typing. */
const REST_S = 1;

/** Says why there is no text field; what is typed right after it does nothing. */
export function refuseText(state: UiState, why: string): Outcome {
  const { state: said } = say(state, 'info', why);
  return { state: { ...said, strayUntil: said.now + REST_S }, effects: [] };
}

const isText = ({ name, text }: KeyPress): boolean =>
  text !== '' || ['backspace', 'tab', 'paste', 'enter', 'esc'].includes(name);

/** The state without the key, which is text for a field that did not open; null: it is a key. */
export function strayText(state: UiState, key: KeyPress): UiState | null {
  if (state.strayUntil === null || state.now >= state.strayUntil || !isText(key)) return null;
  // These end the text
  const ends = key.name === 'enter' || key.name === 'esc';
  return { ...state, strayUntil: ends ? null : state.now + REST_S };
}
