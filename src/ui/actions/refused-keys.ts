// Keys that are not for the screen, and keys that do nothing because of how they arrived.
import type { KeyPress } from '../../terminal/key-press.ts';
import type { Coming } from '../../terminal/pace.ts';
import { keyName } from '../model/keys.ts';
import type { UiState } from '../model/state.ts';
import { say } from './say.ts';

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
