// Leaving: the key, the question, and the command to the engine.

import type { ExitPlan } from '../../protocol/messages.ts';
import type { KeyPress } from '../../terminal/key-press.ts';
import { canMapAny } from '../model/doubts.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { quitDialog, show } from './make-dialogs.ts';
import { say } from './say.ts';

/** Asks if something is outstanding or a command would be ended; otherwise the engine gets the command to quit. */
export function askToQuit(state: UiState): Outcome {
  // Groups that are only watched are not ours to answer.
  const pending = state.hello.abilities.answer ? (state.view?.snapshot.counters.pending ?? 0) : 0;
  if (!pending && state.hello.command === undefined) return leave(state, state.hello.onExit);
  return show({ ...state, prompt: null, palette: null }, quitDialog(state.hello, pending, canMapAny(state)));
}

export function leave(state: UiState, onExit: ExitPlan): Outcome {
  const next = { ...state, dialog: null, form: null, help: null, leaving: true };
  const said = say(next, 'info', 'Leaving: answering, detaching, closing … (Ctrl-C: leave at once)');
  return { state: said.state, effects: [{ do: 'quit', session: state.session, onExit }] };
}

/** Teardown is under way: the only choice left is to leave at once. */
export const onLeavingKey = (state: UiState, key: KeyPress): Outcome =>
  key.name === 'ctrl-c' ? { state, effects: [{ do: 'leave now' }] } : only(state);
