// Which keys act, where they are pressed now: they answer, change, ask, leave or reach outside the screen. The others move and
// look, or are text.

import type { KeyPress } from '../../terminal/key-press.ts';
import type { Coming } from '../../terminal/pace.ts';
import { type ActionId, actionFor, CHANGING, keyName } from '../model/keys.ts';
import type { UiState } from '../model/state.ts';
import { say } from './say.ts';

/** Beside those that a read-only run refuses. */
const ALSO: readonly ActionId[] = ['quit', 'suspend', 'copy', 'mouse'];

export function acts(state: UiState, key: KeyPress): boolean {
  if (key.name === 'ctrl-c') return true;
  if (state.leaving || state.help) return false;
  const general = actionFor(state.keys, key.name, 'everywhere');
  if (state.dialog) return general === 'suspend' || actionFor(state.keys, key.name, 'dialog') === 'confirm';
  if (state.form) return formActs(state, key) || (!key.text && general === 'suspend');
  // A filter only looks
  if (state.prompt) return false;
  if (state.palette)
    return key.name === 'enter' || (!key.text && actionFor(state.keys, key.name, 'dialog') === 'confirm');
  const action = actionFor(state.keys, key.name, state.focus);
  return action !== null && (CHANGING.includes(action) || ALSO.includes(action));
}

const formActs = ({ form }: UiState, { name }: KeyPress): boolean =>
  name === 'enter' && (form!.focus === 'arm' || form!.focus === 'cancel');

/** Not what is typed before anything can be seen, except the way out; and no report of a mouse that somebody else asked for. */
export const isForUs = ({ view, mouse }: UiState, { name, place }: KeyPress): boolean =>
  (view !== null || name === 'ctrl-c') && (!place || mouse);

/** The state that says why a key that would have acted did nothing. */
export function refuseKey(state: UiState, { name }: KeyPress, coming: Coming): UiState {
  const why =
    coming === 'together'
      ? 'came in a burst, as from a paste. Press it by itself.'
      : 'came right after a burst. Press it again in a second.';
  return say(state, 'error', `Not done: ${keyName(name)} ${why}`).state;
}
