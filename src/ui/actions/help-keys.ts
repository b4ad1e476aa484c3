// Keys while the help is open: it scrolls, and is closed.
import type { KeyPress } from '../../terminal/key-press.ts';
import { actionFor } from '../model/keys.ts';
import type { Move } from '../model/places/move.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { askToQuit } from './leave.ts';

export function onHelpKey(state: UiState, key: KeyPress): Outcome {
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
