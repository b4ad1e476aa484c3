// A dialog as lines of text, and where it stands. Pure.
import type { Snapshot } from '../../protocol/messages.ts';
import { centred, type Rect } from '../layout.ts';
import { type Dialog, type Explanation, explain } from '../state/dialog.ts';
import type { UiState } from '../state/state.ts';
import { cell } from '../text/table.ts';
import type { Style } from '../text/theme.ts';
import { wrap } from '../text/wrap.ts';

export interface BoxLine {
  text: string;
  style: Style;
}

export interface BoxModel {
  rect: Rect;
  title: string;
  /** rect.height - 2 lines of rect.width - 4 cells. */
  lines: BoxLine[];
  style: Style;
}

const MAX_WIDTH = 78;
const NOTHING: Explanation = { lines: [], gone: false };

export function dialogBox(state: UiState, dialog: Dialog): BoxModel {
  const snapshot: Snapshot | undefined = state.view?.snapshot;
  const told = snapshot ? explain(dialog, snapshot, state.hello.onExit) : NOTHING;
  const style: Style = told.gone ? 'bad' : 'plain';
  const widest = Math.min(MAX_WIDTH, state.columns - 6);
  const head: BoxLine[] = [
    ...told.lines.flatMap((text) => wrap(text, widest).map((part): BoxLine => ({ text: part, style }))),
    ...inputLines(dialog),
    { text: '', style: 'plain' },
  ];
  const room = state.rows - 2 - head.length - 2 - 2;
  const choices = choiceLines(dialog, told.gone, Math.max(2, room));
  const foot: BoxLine[] = [
    { text: '', style: 'plain' },
    { text: '↑↓ select   Enter choose   Esc cancel', style: 'dim' },
  ];
  const all = [...head, ...choices, ...foot];
  const width = Math.max(dialog.title.length + 2, ...all.map((line) => line.text.length));
  const rect = centred(state.columns, state.rows, Math.min(width + 4, state.columns - 2), all.length + 2);
  const lines = all.map((line) => ({ ...line, text: cell(line.text, rect.width - 4) }));
  return { rect, title: dialog.title, lines, style: told.gone ? 'bad' : 'accent' };
}

function inputLines(dialog: Dialog): BoxLine[] {
  if (!dialog.input) return [];
  return [{ text: `${dialog.input.label}: ${dialog.input.value}_   (digits, Backspace)`, style: 'accent' }];
}

/** As many choices as there is room for, the selected one among them. */
function choiceLines(dialog: Dialog, gone: boolean, room: number): BoxLine[] {
  const from = Math.max(0, Math.min(dialog.at - room + 1, dialog.choices.length - room));
  return dialog.choices.slice(from, from + room).map((choice, i) => {
    const selected = from + i === dialog.at;
    const dead = gone && choice.act !== null;
    return { text: `${selected ? '▶' : ' '} ${choice.label}`, style: selected ? 'cursor' : dead ? 'dim' : 'plain' };
  });
}
