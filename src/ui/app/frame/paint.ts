// The live rows of the screen, as painted pieces for the compositor.

import { numberPieces, tabPieces, titlePieces } from '../../model/header.ts';
import { type Layout, PANEL_TITLES, type PanelLayout } from '../../model/layout.ts';
import type { Status, UiState } from '../../model/state.ts';
import { paintRuleForm } from '../../overlays/dialog/rule-form.ts';
import { paintPalette } from '../../overlays/palette/paint.ts';
import { paintPrompt } from '../../overlays/prompt/paint.ts';
import { filterTitle } from '../../panels/filter-title.ts';
import { PANEL_MODULES } from '../../panels/registry.ts';
import { fitPieces, PIECE_GAP, type Piece } from '../../text/pieces.ts';
import type { Style } from '../../text/style.ts';
import { cell } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';
import type { Segment } from '../compositor/compositor.ts';

/** Everything that changes from view to view. */
export function paintScreen(state: UiState, layout: Layout, theme: Theme): Segment[] {
  if (!layout.panels) return [];
  const segments = [titlePieces, numberPieces, tabPieces].map((pieces, row) =>
    pieceRow(row, pieces(state), layout.columns, theme),
  );
  for (const place of layout.panels) {
    segments.push(...titleNotes(state, place, theme));
    segments.push(...body(state, place, theme));
  }
  const status = statusSegment(state, layout, theme);
  return [...segments, ...(status ? [status] : []), ...overlays(state, layout, theme)];
}

function overlays(state: UiState, layout: Layout, theme: Theme): Segment[] {
  if (state.form && !state.dialog) return paintRuleForm(state, state.form, layout, theme);
  if (state.palette) return paintPalette(state, state.palette, layout, theme);
  return state.prompt ? paintPrompt(state, state.prompt, layout, theme) : [];
}

function pieceRow(row: number, pieces: Piece[], width: number, theme: Theme): Segment {
  const kept = fitPieces(pieces, width - 2, PIECE_GAP);
  const painted = kept.map((p) => theme.paint(p.style, theme.glyphs(p.text))).join(' '.repeat(PIECE_GAP));
  return { row, left: 0, width, text: ` ${painted}` };
}

/** On the panel's top line: its filter after the title, and at the right what else there is to say. */
function titleNotes(state: UiState, place: PanelLayout, theme: Theme): Segment[] {
  const { box, panel } = place;
  const from = box.left + TITLE_AT + PANEL_TITLES[panel].length;
  const end = box.left + box.width - 2;
  const right = PANEL_MODULES[panel].note(state);
  const filter = filterTitle(state, panel);
  const gap = { row: box.top, from, end, at: 'end' } as const;
  if (!filter) return note(whatFits(right, end - from - 8), 'dim', { ...gap, from: from + 6 }, theme);
  const whole = filter.text.length + right.length + 7 <= end - from;
  const segments = whole ? note(right, 'dim', gap, theme) : [];
  const fits = filter.text.length + 2 <= end - from || end - from > 50;
  return [...segments, ...note(fits ? filter.text : filter.short, filter.style, { ...gap, at: 'start' }, theme)];
}

/** A note without its last parts, where all of them are too long. */
function whatFits(note: string, room: number): string {
  const cut = note.length > room ? note.lastIndexOf(', ') : -1;
  return cut < 0 ? note : whatFits(note.slice(0, cut), room);
}

/** Where the filter begins: after the corner, a line, and the title between blanks. */
const TITLE_AT = 4;

/** What is free of a panel's top line, and at which end of that a text stands. */
interface Gap {
  readonly row: number;
  readonly from: number;
  readonly end: number;
  readonly at: 'start' | 'end';
}

/** A text between blanks, at one of the ends of what there is room for; nothing where that is too little. */
function note(text: string, style: Style, { row, from, end, at }: Gap, theme: Theme): Segment[] {
  const room = end - from - 2;
  if (!text || room < 8) return [];
  const shown = ` ${cell(text, Math.min(text.length, room))} `;
  const left = at === 'end' ? end - shown.length : from;
  return [{ row, left, width: shown.length, text: theme.paint(style, theme.glyphs(shown)) }];
}

function body(state: UiState, { panel, body: rect }: PanelLayout, theme: Theme): Segment[] {
  const rows = PANEL_MODULES[panel].paint(state, rect, state.focus === panel, theme);
  return rows.slice(0, rect.height).map((text, i) => ({ row: rect.top + i, left: rect.left, width: rect.width, text }));
}

const STATUS_STYLE: Record<Status['kind'], Style> = { done: 'good', error: 'bad', info: 'accent', hint: 'accent' };

/** On the closing line of the panels, over the footer. */
function statusSegment(state: UiState, layout: Layout, theme: Theme): Segment | null {
  if (!state.status) return null;
  const room = layout.columns - 4;
  const text = ` ${cell(state.status.text, Math.min(state.status.text.length, room - 2))} `;
  const painted = theme.paint(STATUS_STYLE[state.status.kind], theme.glyphs(text));
  return { row: layout.footer - 1, left: 2, width: text.length, text: painted };
}
