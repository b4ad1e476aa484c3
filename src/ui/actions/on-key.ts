// A key → the next state and what is to be done outside.

import type { KeyPress } from '../../terminal/key-press.ts';
import { whyNot } from '../model/abilities.ts';
import { actionFor, OF_THE_OWNER } from '../model/keys.ts';
import type { Move } from '../model/places/move.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { onDialogKey } from './dialog-keys.ts';
import { ACTIONS } from './key-actions.ts';
import { askToQuit } from './leave.ts';
import { extendRange } from './marks.ts';
import { onMouse } from './mouse.ts';
import type { OnScreen } from './on-screen.ts';
import { onPaletteKey } from './palette.ts';
import { onPromptKey } from './prompt.ts';
import { onFormKey } from './rule-form.ts';
import { say } from './say.ts';
import { strayText } from './stray-text.ts';
import { isUnseen, onUnseenKey } from './unseen.ts';

export function onKey(before: UiState, key: KeyPress, onScreen: OnScreen, now: number): Outcome {
  const status = before.status?.kind === 'hint' ? null : before.status;
  const state = { ...before, now, status };
  if (state.leaving) {
    return key.name === 'ctrl-c' ? { state, effects: [{ do: 'leave now' }] } : only(state);
  }
  if (isUnseen(state)) return onUnseenKey(state, key);
  if (state.dialog) return onDialogKey(state, key);
  if (state.help) return onHelpKey(state, key);
  if (state.form) return onForm(state, key);
  if (state.prompt) return onPromptKey(state, state.prompt, key);
  if (state.palette) return onPaletteKey(state, key, onScreen, ACTIONS);
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

/** What is typed is the form's; what works everywhere else works here too. */
function onForm(state: UiState, key: KeyPress): Outcome {
  if (key.name === 'ctrl-c') return askToQuit(state);
  const general = key.text ? null : actionFor(state.keys, key.name, 'everywhere');
  if (general === 'redraw' || general === 'suspend') return { state, effects: [{ do: general }] };
  return onFormKey(state, key);
}

function onHelpKey(state: UiState, key: KeyPress): Outcome {
  if (key.name === 'ctrl-c') return askToQuit(state);
  const action = actionFor(state.keys, key.name, 'help');
  const top = state.help?.top ?? 0;
  // The wheel, where the mouse is on
  const turned = { 'wheel-up': -3, 'wheel-down': 3 }[key.name] ?? 0;
  if (turned) return only({ ...state, help: { top: Math.max(0, top + turned) } });
  const step: Partial<Record<Move, number>> = { up: -1, down: 1, pageUp: -10, pageDown: 10, home: -1000 };
  const by = step[action as Move];
  if (by !== undefined) return only({ ...state, help: { top: Math.max(0, top + by) } });
  return only(action === 'close' ? { ...state, help: null } : state);
}
