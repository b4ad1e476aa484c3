// A key on the panels, with nothing over them: the key table says which action it is.
import type { KeyPress } from '../../terminal/key-press.ts';
import { whyNot } from '../model/abilities.ts';
import { actionFor, OF_THE_OWNER } from '../model/keys.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { ACTIONS } from './key-actions.ts';
import { extendRange } from './marks.ts';
import { onMouse } from './mouse.ts';
import type { OnScreen } from './on-screen.ts';
import { say } from './say.ts';
import { strayText } from './stray-text.ts';

export function onPageKey(state: UiState, key: KeyPress, onScreen: OnScreen): Outcome {
  const stray = strayText(state, key);
  if (stray) return only(stray);
  const pointed = onMouse(state, key);
  if (pointed) return pointed;
  const action = actionFor(state.keys, key.name, state.focus);
  if (!action) return only(state);
  const why = OF_THE_OWNER.includes(action) ? null : whyNot(state, action);
  const outcome = why === null ? ACTIONS[action](state, onScreen) : say(state, 'error', why);
  return { ...outcome, state: extendRange(outcome.state) };
}
