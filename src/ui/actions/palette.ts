// Choosing from a list by typing: the commands, the named filters, what to copy.

import type { KeyPress } from '../../terminal/key-press.ts';
import { keyFor } from '../model/key-words.ts';
import { type ActionId, actionFor, CHANGING } from '../model/keys.ts';
import type { Palette } from '../model/overlays.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { editLine, lineOf } from '../text/line-editor.ts';
import { NO_ROW } from './copy.ts';
import { askToQuit } from './leave.ts';
import type { OnScreen } from './on-screen.ts';
import { paletteItems } from './palette-items.ts';
import { refuseBroken } from './refuse-broken.ts';
import { say } from './say.ts';
import { refuseText } from './stray-text.ts';

const PAGE = 8;

function targetOf({ focus, devices, pending, stream, detail, rules }: UiState): string {
  if (focus === 'rules') return `rule ${rules.name}`;
  if (focus === 'devices') return `device ${devices.key}`;
  return focus === 'stream' ? `fault ${stream.cursor}` : `group ${pending.group} ${detail?.group ?? ''}`;
}

export function openPalette(state: UiState, kind: Palette['kind'], { copied }: OnScreen): Outcome {
  const row = kind === 'copy' ? copied(state) : null;
  const palette: Palette = { kind, line: lineOf(''), at: 0, target: targetOf(state), row };
  if (kind !== 'commands' && !paletteItems(state, palette).length) return refuseText(state, emptyWords(state, kind));
  return only({ ...state, palette, status: null });
}

function emptyWords(state: UiState, kind: 'filters' | 'copy'): string {
  if (kind === 'copy') return NO_ROW;
  const key = keyFor(state, 'filter');
  return `The configuration has no named filters; ${key} types one (add them as [filters.NAME]).`;
}

/** What the actions of the key table do, by name. */
export type Actions = Readonly<Record<ActionId, (state: UiState, onScreen: OnScreen) => Outcome>>;

/** A key while it is open. `actions`: handed in, since one of them opens it. */
export function onPaletteKey(state: UiState, key: KeyPress, onScreen: OnScreen, actions: Actions): Outcome {
  const palette = state.palette!;
  const closed: UiState = { ...state, palette: null };
  if (key.name === 'ctrl-c') return askToQuit(closed);
  // A letter that closes dialogs, or moves in lists, is a letter here
  const action = key.text ? null : actionFor(state.keys, key.name, 'dialog');
  if (key.name === 'esc' || action === 'cancel') return only(closed);
  const items = paletteItems(state, palette);
  if (key.name === 'enter' || action === 'confirm') {
    const item = items[palette.at];
    if (!item) return only(closed);
    if (typeof item.does === 'function') return item.does(closed);
    if (CHANGING.includes(item.does) && targetOf(closed) !== palette.target)
      return say(closed, 'error', 'The selection is gone; nothing was done.');
    const refused = CHANGING.includes(item.does) ? refuseBroken(closed, closed.focus, onScreen) : null;
    return refused ?? actions[item.does](closed, onScreen);
  }
  const by = stepOf(key.name);
  if (by !== 0) {
    const last = Math.max(0, items.length - 1);
    return only({ ...state, palette: { ...palette, at: Math.max(0, Math.min(palette.at + by, last)) } });
  }
  const line = editLine(palette.line, key);
  return only(line ? { ...state, palette: { ...palette, line, at: 0 } } : state);
}

const stepOf = (name: string): number =>
  ({ up: -1, 'shift-tab': -1, down: 1, tab: 1, pgup: -PAGE, pgdn: PAGE, 'wheel-up': -1, 'wheel-down': 1 })[name] ?? 0;
