// Keys while a dialog is open, and doing what was chosen.

import type { Command } from '../../protocol/messages.ts';
import type { KeyPress } from '../../terminal/key-press.ts';
import { reportOf, stillThere } from '../model/choice.ts';
import { type Dialog, targetName } from '../model/dialogs/dialog.ts';
import { explain } from '../model/dialogs/explain.ts';
import { actionFor } from '../model/keys.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { sourceName } from '../text/names.ts';
import { askToQuit, leave } from './leave.ts';
import { turned } from './owner-dialogs.ts';
import { selectNext } from './respond.ts';
import { setRules } from './rules.ts';
import { say } from './say.ts';
import { sendCommand } from './send-command.ts';
import { isConfirmed, stillToType, typedInto } from './typed.ts';

export function onDialogKey(state: UiState, key: KeyPress): Outcome {
  const dialog = state.dialog!;
  if (key.name === 'ctrl-c') {
    if (dialog.kind === 'quit') return leave(state, state.hello.onExit);
    return askToQuit({ ...state, dialog: null });
  }
  const general = actionFor(state.keys, key.name, 'everywhere');
  if (general === 'redraw' || general === 'suspend') return { state, effects: [{ do: general }] };
  if (dialog.input && /^[0-9]$/.test(key.text)) return type(state, `${dialog.input.value}${key.text}`.slice(0, 7));
  if (dialog.input && key.name === 'backspace') return type(state, dialog.input.value.slice(0, -1));
  const typed = typedInto(dialog, key);
  if (typed) return only({ ...state, dialog: typed });
  const does = dialog.choices[dialog.at]?.does;
  if (key.name === 'space' && does && 'turn' in does) return only({ ...state, dialog: turned(dialog, does.turn) });
  const action = actionFor(state.keys, key.name, 'dialog');
  // A dialog is a short list: Tab and the arrows move as they do in forms and menus
  const step = action === 'down' ? 1 : action === 'up' ? -1 : { tab: 1, right: 1, 'shift-tab': -1, left: -1 }[key.name];
  if (step) {
    const at = (dialog.at + step + dialog.choices.length) % dialog.choices.length;
    return only({ ...state, dialog: { ...dialog, at } });
  }
  if (action === 'cancel') return only({ ...state, dialog: null });
  return action === 'confirm' ? confirm(state, dialog) : only(state);
}

function type(state: UiState, value: string): Outcome {
  const dialog = state.dialog!;
  return only({ ...state, dialog: { ...dialog, input: { ...dialog.input!, value } } });
}

/** How many devices and PASIDs the message about an answer names. */
const MOST_NAMED = 3;

/** PASIDs have 20 bits. */
const MAX_PASID = 0xfffff;

function confirm(state: UiState, dialog: Dialog): Outcome {
  const choice = dialog.choices[dialog.at]!;
  const closed = { ...state, dialog: null };
  if (!choice.does || !state.view) return only(closed);
  const { gone, lines, looking } = explain(dialog, state.view, state.hello);
  if (looking) return say(state, 'info', 'Not yet: still checking the groups. Press Enter again.');
  if ('quit' in choice.does) return leave(state, choice.does.quit);
  if ('turn' in choice.does) return only({ ...state, dialog: turned(dialog, choice.does.turn) });
  if (gone) return say(closed, 'error', `Not done: ${lines.join(' ')}`);
  if (!isConfirmed(dialog)) return say(state, 'info', stillToType(dialog));
  const { command } = choice.does;
  switch (command.cmd) {
    case 'attach': {
      if (!dialog.input) break;
      const pasid = Number(dialog.input.value);
      if (dialog.input.value === '' || pasid > MAX_PASID) return say(state, 'error', `A PASID is 0 to ${MAX_PASID}.`);
      return sendCommand(closed, { ...command, pasid }, dialog.title);
    }
    case 'policy':
      return setRules({ ...closed, form: null }, command.rules, choice.done!.what, choice.done!.rule);
    case 'respond':
      return answer(closed, dialog, command);
    case 'rescue':
      return sendCommand(
        say(closed, 'info', `Rescuing the devices of PID ${dialog.pid} …`).state,
        command,
        dialog.title,
      );
  }
  return sendCommand(closed, command, dialog.title);
}

/** The device, the PASID or the devices whose groups it answers. */
function whose({ view }: UiState, { id, target }: Dialog): string {
  if (target) return targetName(target);
  const sources = (view && reportOf(view, id)?.sources) ?? [];
  const names = sources.slice(0, MOST_NAMED).map(({ device, pasid }) => sourceName(device, pasid));
  return [...names, ...(sources.length > names.length ? ['others'] : [])].join(', ');
}

/** Exactly the groups of the dialog that are still pending. */
function answer(state: UiState, dialog: Dialog, command: Command & { cmd: 'respond' }): Outcome {
  const named = stillThere(command, reportOf(state.view!, dialog.id)).groups ?? [];
  const done = sendCommand(state, { ...command, ...(named.length ? { groups: named } : {}) }, dialog.title, {
    groups: named,
    of: whose(state, dialog),
  });
  return named.length === 1 ? { ...done, state: selectNext(done.state, named[0]!) } : done;
}
