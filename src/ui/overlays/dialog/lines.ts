// A dialog as lines of text, and where it stands. Pure.

import type { Dialog } from '../../model/dialogs/dialog.ts';
import { explain } from '../../model/dialogs/explain.ts';
import type { Explanation } from '../../model/dialogs/explanation.ts';
import { centred } from '../../model/layout.ts';
import type { UiState } from '../../model/state.ts';
import type { Style } from '../../text/style.ts';
import { cell } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import type { BoxLine, BoxModel } from '../lines-box.tsx';

const MAX_WIDTH = 78;
/** The edges of the box, the blank and the keys at its foot; and a row above and below. */
const AROUND = 2 + 2 + 2;
/** The same without those rows, and the choices that are always in sight: for text that is too long for the terminal. */
const AROUND_TIGHT = 4;
const FEWEST_CHOICES = 3;
/** This many choices get room before the notes do. */
const LEAST_CHOICES = 5;
const NOTHING: Explanation = { lines: [], warnings: [], gone: false };
const EMPTY: BoxLine = { text: '', style: 'plain' };

/** The dialog as lines in a box, cut to what the terminal has room for: why to think twice stays. */
export function dialogBox(state: UiState, dialog: Dialog): BoxModel {
  const explanation = state.view ? explain(dialog, state.view, state.hello) : NOTHING;
  const widest = Math.min(MAX_WIDTH, state.columns - 6);
  const wrapped = (texts: readonly string[], style: Style): BoxLine[] =>
    texts.flatMap((text) => wrap(text, widest).map((part) => ({ text: part, style })));
  const { choices, at } = dialog;
  const inputs = explanation.gone ? [] : inputLines(dialog, widest);
  const lines = wrapped(explanation.lines, explanation.gone ? 'bad' : 'plain');
  const warnings = wrapped(explanation.warnings, 'warn');
  const most = state.rows - AROUND_TIGHT - inputs.length - 1 - Math.min(choices.length, FEWEST_CHOICES);
  // Without room for everything, the warnings stay
  const said = cutTo([...cutTo(lines, Math.max(1, most - warnings.length)), ...warnings], most);
  const head: BoxLine[] = [...said, ...inputs, EMPTY];
  const free = state.rows - head.length - AROUND;
  // The choices matter more than the notes
  const noted = noteLines(dialog, widest);
  const notes = noted.length <= free - Math.min(choices.length, LEAST_CHOICES) ? noted : [];
  const room = Math.max(FEWEST_CHOICES, free - notes.length);
  const place = choices.length > room ? `${at + 1} of ${choices.length}, ` : '';
  const does = choices[at]?.does;
  const enter = does && 'turn' in does ? 'Enter change' : 'Enter choose';
  const keys = choices.length > 1 ? `↑↓ select   ${enter}   Esc cancel` : 'Enter or Esc closes it';
  const foot: BoxLine[] = [EMPTY, { text: `${place}${keys}`, style: 'dim' }];
  const all = [...head, ...choiceLines(dialog, explanation.gone, room), ...notes, ...foot];
  const width = Math.max(dialog.title.length + 2, ...all.map((line) => line.text.length));
  const rect = centred(state.columns, state.rows, Math.min(width + 4, state.columns - 2), all.length + 2);
  const padded = all.map((line) => ({ ...line, text: cell(line.text, rect.width - 4) }));
  return {
    rect,
    title: dialog.title,
    lines: padded,
    style: explanation.gone ? 'bad' : explanation.warnings.length ? 'warn' : 'accent',
  };
}

function inputLines({ input, typed }: Dialog, width: number): BoxLine[] {
  const pasid = input ? [`${input.label}: ${input.value}_   (digits, Backspace)`] : [];
  const words = typed.map(({ label, word, value }) => `${label}: ${value === word ? `${value}  ok` : `${value}_`}`);
  return [...pasid, ...words].map((text) => ({ text: cell(text, Math.min(width, text.length)), style: 'accent' }));
}

/** The first lines, the last of them saying that there were more. */
function cutTo(lines: readonly BoxLine[], most: number): BoxLine[] {
  if (lines.length <= most) return [...lines];
  const kept = lines.slice(0, Math.max(1, most));
  const last = kept.at(-1)!;
  return kept.with(-1, { ...last, text: `${last.text} …` });
}

/** As many choices as there is room for, the selected one among them. */
function choiceLines(dialog: Dialog, gone: boolean, room: number): BoxLine[] {
  const from = Math.max(0, Math.min(dialog.at - room + 1, dialog.choices.length - room));
  return dialog.choices.slice(from, from + room).map((choice, i) => {
    const selected = from + i === dialog.at;
    const dead = gone && choice.does !== null;
    return { text: `${selected ? '▶' : ' '} ${choice.label}`, style: selected ? 'cursor' : dead ? 'dim' : 'plain' };
  });
}

/** The note on the selected choice; as many lines as the longest needs, so that nothing jumps. */
function noteLines({ choices, at }: Dialog, width: number): BoxLine[] {
  const notes = choices.map(({ note }) => (note ? wrap(note, width) : []));
  const height = Math.max(...notes.map((lines) => lines.length));
  if (!height) return [];
  const shown = notes[at] ?? [];
  return [EMPTY, ...Array.from({ length: height }, (_, i): BoxLine => ({ text: shown[i] ?? '', style: 'accent' }))];
}
