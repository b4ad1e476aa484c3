// What is typed after a key that was to open a place for text, and could not: it is text for that place, and no keys.
import type { KeyPress } from '../../terminal/key-press.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { say } from './say.ts';

/** Seconds without a key after which somebody who was typing has stopped. */
export const REST_S = 1;

/** Says why there is no place for text; what is typed right after it does nothing. */
export function refuseText(state: UiState, why: string): Outcome {
  const { state: said } = say(state, 'info', why);
  return { state: { ...said, strayUntil: said.now + REST_S }, effects: [] };
}

const isText = ({ name, text }: KeyPress): boolean =>
  text !== '' || ['backspace', 'tab', 'paste', 'enter', 'esc'].includes(name);

/** The state without the key, which is text for a place that did not open; null: it is a key. */
export function strayText(state: UiState, key: KeyPress): UiState | null {
  if (state.strayUntil === null || state.now >= state.strayUntil || !isText(key)) return null;
  // These end what is typed
  const ends = key.name === 'enter' || key.name === 'esc';
  return { ...state, strayUntil: ends ? null : state.now + REST_S };
}
