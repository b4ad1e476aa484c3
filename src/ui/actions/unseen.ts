// The terminal is too small: what is selected or open cannot be seen, so nothing is done to it.

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
 * Keys that leave, and the terminal's own, work; for any other key a message, once there is room, says that nothing was done.
 */
export function onUnseenKey(state: UiState, key: KeyPress): Outcome {
  if (key.name === 'ctrl-c') return state.dialog ? onDialogKey(state, key) : askToQuit(state);
  const general = key.text ? null : actionFor(state.keys, key.name, 'everywhere');
  if (general === 'redraw' || general === 'suspend') return { state, effects: [{ do: general }] };
  const size = `${MIN_COLUMNS}×${MIN_ROWS}`;
  return say(state, 'error', `Not done: ${keyName(key.name)} came while the terminal was smaller than ${size}.`);
}
