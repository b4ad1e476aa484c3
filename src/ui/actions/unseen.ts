// The terminal is too small: nothing of what is selected or open is to be seen, so that nothing is done to it.

import type { KeyPress } from '../../terminal/key-press.ts';
import { actionFor, keyName } from '../model/keys.ts';
import { MIN_COLUMNS, MIN_ROWS } from '../model/layout.ts';
import { layoutOf } from '../model/layout-of.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { onDialogKey } from './dialog-keys.ts';
import { askToQuit } from './leave.ts';
import { say } from './say.ts';

export const isUnseen = (state: UiState): boolean => layoutOf(state).panels === null;

/**
 * What leaves works, and what is the terminal's; of any other key it is said, once there is room for it, that nothing was done.
 */
export function onUnseenKey(state: UiState, key: KeyPress): Outcome {
  if (key.name === 'ctrl-c') return state.dialog ? onDialogKey(state, key) : askToQuit(state);
  const general = key.text ? null : actionFor(state.keys, key.name, 'everywhere');
  if (general === 'redraw' || general === 'suspend') return { state, effects: [{ do: general }] };
  const size = `${MIN_COLUMNS}×${MIN_ROWS}`;
  return say(state, 'error', `Not done: ${keyName(key.name)} came while the terminal was smaller than ${size}.`);
}
