// Choosing from a list by typing: the commands, the named filters, what to copy.

import type { KeyPress } from '../../terminal/key-press.ts';
import { actionFor, CHANGING } from '../keys.ts';
import { type PaletteItem, paletteItems } from '../palette/items.ts';
import { keyFor } from '../panels/key-words.ts';
import { type EditedLine, editLine, lineOf } from '../text/line-editor.ts';
import type { Highlighted } from './act.ts';
import { askToQuit } from './leave.ts';
import { say } from './say.ts';
import { type Outcome, only, type UiState } from './state.ts';
import { refuseText } from './stray-text.ts';

export interface Palette {
  kind: 'commands' | 'filters' | 'copy';
  line: EditedLine;
  /** The selected one of those that fit. */
  at: number;
  /** What was selected when it opened: an action is for that, or for nothing. */
  target: string;
}

const PAGE = 8;

function targetOf({ focus, devices, pending, stream, detail, rules }: UiState): string {
  if (focus === 'rules') return `rule ${rules.name}`;
  if (focus === 'devices') return `device ${devices.key}`;
  return focus === 'stream' ? `fault ${stream.cursor}` : `group ${pending.group} ${detail?.group ?? ''}`;
}

export function openPalette(state: UiState, kind: Palette['kind']): Outcome {
  const palette: Palette = { kind, line: lineOf(''), at: 0, target: targetOf(state) };
  if (kind !== 'commands' && !paletteItems(state, palette).length) return refuseText(state, emptyWords(state, kind));
  return only({ ...state, palette, status: null });
}

function emptyWords(state: UiState, kind: 'filters' | 'copy'): string {
  if (kind === 'copy') return 'There is no row to copy here.';
  const key = keyFor(state, 'filter');
  return `The configuration has no named filters; ${key} types one ([filters.NAME] in the file has them).`;
}

/** A key while it is open. */
export function onPaletteKey(state: UiState, palette: Palette, key: KeyPress, highlighted: Highlighted): Outcome {
  const closed: UiState = { ...state, palette: null };
  if (key.name === 'ctrl-c') return askToQuit(closed);
  // A letter that closes dialogs, or moves in lists, is a letter here
  const action = key.text ? null : actionFor(state.keys, key.name, 'dialog');
  if (key.name === 'esc' || action === 'cancel') return only(closed);
  const items = paletteItems(state, palette);
  if (key.name === 'enter' || action === 'confirm') return run(closed, palette, items[palette.at], highlighted);
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

function run(state: UiState, { target }: Palette, item: PaletteItem | undefined, highlighted: Highlighted): Outcome {
  if (!item) return only(state);
  if (item.action && CHANGING.includes(item.action) && targetOf(state) !== target) {
    return say(state, 'error', 'What was selected is gone by now; nothing was done.');
  }
  return item.run(state, highlighted);
}
