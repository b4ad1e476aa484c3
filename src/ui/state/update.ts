// A key → the next state and what is to be done outside.
import type { Command } from '../../protocol/messages.ts';
import { actionFor } from '../keys.ts';
import type { Move } from '../panels/panel.ts';
import type { KeyPress } from '../terminal/input.ts';
import type { Highlighted } from './act.ts';
import { ACTIONS } from './actions.ts';
import { explain } from './dialog.ts';
import { askToQuit, leave } from './leave.ts';
import { perform } from './perform.ts';
import { say } from './say.ts';
import type { Outcome, UiState } from './state.ts';

const only = (state: UiState): Outcome => ({ state, effects: [] });

/** `highlighted`: the group that the terminal shows as selected, which a slow link may lag behind. */
export function onKey(before: UiState, key: KeyPress, highlighted: Highlighted, now: number): Outcome {
  const state = { ...before, now };
  if (state.leaving) {
    return key.name === 'ctrl-c' ? { state, effects: [{ do: 'leave now' }] } : only(state);
  }
  if (state.dialog) return onDialogKey(state, key);
  if (state.help) return onHelpKey(state, key);
  const action = actionFor(state.keys, key.name, state.focus);
  return action ? ACTIONS[action](state, highlighted) : only(state);
}

function onHelpKey(state: UiState, key: KeyPress): Outcome {
  if (key.name === 'ctrl-c') return askToQuit(state);
  const action = actionFor(state.keys, key.name, 'help');
  const top = state.help?.top ?? 0;
  const step: Partial<Record<Move, number>> = { up: -1, down: 1, pageUp: -10, pageDown: 10, home: -1000 };
  const by = step[action as Move];
  if (by !== undefined) return only({ ...state, help: { top: Math.max(0, top + by) } });
  return only(action === 'close' ? { ...state, help: null } : state);
}

function onDialogKey(state: UiState, key: KeyPress): Outcome {
  const dialog = state.dialog!;
  if (key.name === 'ctrl-c') {
    if (dialog.kind === 'quit') return leave(state, state.hello.onExit);
    return askToQuit({ ...state, dialog: null });
  }
  const general = actionFor(state.keys, key.name, 'everywhere');
  if (general === 'redraw' || general === 'suspend') return { state, effects: [{ do: general }] };
  if (dialog.input && /^[0-9]$/.test(key.text)) return type(state, `${dialog.input.value}${key.text}`.slice(0, 7));
  if (dialog.input && key.name === 'backspace') return type(state, dialog.input.value.slice(0, -1));
  const action = actionFor(state.keys, key.name, 'dialog');
  // a dialog is a short list: what leads on in forms and menus leads on here too
  const step = action === 'down' ? 1 : action === 'up' ? -1 : { tab: 1, right: 1, 'shift-tab': -1, left: -1 }[key.name];
  if (step) {
    const at = (dialog.at + step + dialog.choices.length) % dialog.choices.length;
    return only({ ...state, dialog: { ...dialog, at } });
  }
  if (action === 'cancel') return only({ ...state, dialog: null });
  return action === 'confirm' ? confirm(state) : only(state);
}

function type(state: UiState, value: string): Outcome {
  const dialog = state.dialog!;
  return only({ ...state, dialog: { ...dialog, input: { ...dialog.input!, value } } });
}

/** PASIDs have 20 bits. */
const MAX_PASID = 0xfffff;

function confirm(state: UiState): Outcome {
  const dialog = state.dialog!;
  const choice = dialog.choices[dialog.at]!;
  const closed = { ...state, dialog: null };
  if (!choice.act || !state.view) return only(closed);
  if ('quit' in choice.act) return leave(state, choice.act.quit);
  const { gone, lines } = explain(dialog, state.view.snapshot, state.hello.onExit);
  if (gone) return say(closed, 'error', `Not done: ${lines.join(' ')}`);
  let command: Command = choice.act.command;
  if (dialog.input && command.cmd === 'attach') {
    const pasid = Number(dialog.input.value);
    if (dialog.input.value === '' || pasid > MAX_PASID) return say(state, 'error', `A PASID is 0 to ${MAX_PASID}.`);
    command = { ...command, pasid };
  }
  return perform(closed, command, dialog.title);
}
