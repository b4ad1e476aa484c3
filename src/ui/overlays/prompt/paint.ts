// The prompt of a filter: the line that is typed on the footer's row, the verdict on it above, and the names to choose
// from.

import { FILTER_VARIABLES } from '../../../protocol/filter-variables.ts';
import { LIST_NAMES } from '../../model/filtered-list.ts';
import type { Completion, Prompt } from '../../model/overlays.ts';
import type { UiState } from '../../model/state.ts';
import { type FilterRemark, verdictOn } from '../../model/verdict.ts';
import type { Style } from '../../text/style.ts';
import { cell } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';
import { paintEditor } from '../editor.ts';
import type { PaintedBox } from '../painted-overlay.tsx';

const STYLE: Record<FilterRemark['kind'], Style> = { hint: 'dim', good: 'good', wrong: 'bad' };
const KEYS = 'Enter keep  Esc restore  Tab names  ↑↓ history';
/** Below this the keys of the prompt have no room beside the line. */
const KEYS_FROM = 110;

/** `said`: on the closing line of the panels; null where something else stands there. `line`: as wide as the terminal. */
interface PaintedPrompt {
  names: PaintedBox | null;
  said: string | null;
  line: string;
}

/** The line of the prompt, the verdict on it, and the box of names. */
export function paintPrompt(state: UiState, prompt: Prompt, theme: Theme): PaintedPrompt {
  const verdict = verdictOn(prompt.list, prompt.line.text, state.view?.filters[prompt.list]);
  return {
    names: prompt.completion && paintNames(prompt, prompt.completion, state, theme),
    said: state.status ? null : paintVerdict(verdict, state.columns, theme),
    line: paintLine(prompt, verdict, state.columns, theme),
  };
}

function paintVerdict({ kind, text }: FilterRemark, columns: number, theme: Theme): string {
  const shown = ` ${cell(text, Math.min(text.length, columns - 6))} `;
  return theme.paint(STYLE[kind], theme.glyphs(shown));
}

function paintLine({ list, line }: Prompt, verdict: FilterRemark, columns: number, theme: Theme): string {
  const head = ` Filter ${LIST_NAMES[list]}: `;
  const tail = columns >= KEYS_FROM ? `  ${KEYS} ` : ' ';
  const room = Math.max(10, columns - head.length - tail.length);
  return (
    theme.paint('key', head) +
    paintEditor(line, room, verdict.kind === 'wrong' ? verdict.at : null, theme) +
    theme.paint('dim', theme.glyphs(tail))
  );
}

/** Each name with its type and meaning, over the panels just above the line. */
function paintNames({ list }: Prompt, { names, at }: Completion, { columns, rows }: UiState, theme: Theme): PaintedBox {
  const room = Math.max(3, Math.min(names.length, rows - 10));
  const from = Math.max(0, Math.min(at - room + 1, names.length - room));
  const entries = names.map((name) => FILTER_VARIABLES[list].find((variable) => variable.name === name)!);
  const nameCells = Math.max(...names.map((name) => name.length));
  const width = Math.min(columns - 4, 80);
  const lines = entries.slice(from, from + room).map(({ name, type, meaning }, i) => {
    const text = cell(`${name.padEnd(nameCells)}  ${type.padEnd(6)}  ${meaning}`, width - 4);
    return theme.paint(from + i === at ? 'cursor' : 'plain', theme.glyphs(text));
  });
  const title = names.length > room ? `Names, ${names.length}` : 'Names';
  const rect = { left: 2, top: rows - 2 - (lines.length + 2), width, height: lines.length + 2 };
  return { rect, title: `${title}; Tab takes one`, lines };
}
