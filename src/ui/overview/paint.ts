// The live rows of the overview, as painted pieces for the compositor.
import type { Segment } from '../compositor/compositor.ts';
import { type Layout, PANELS, type PanelLayout } from '../layout.ts';
import type { UiState } from '../state/state.ts';
import { cell, type Fitted, rowLine } from '../text/table.ts';
import type { Style, Theme } from '../text/theme.ts';
import { emptyText } from './empty.ts';
import { fitPieces, numberPieces, type Piece, panelNote, titlePieces } from './header.ts';
import { fittedFor, GUTTER, type Line, linesFor } from './tables.ts';

/** Everything that changes from view to view. */
export function paintOverview(state: UiState, layout: Layout, theme: Theme): Segment[] {
  if (!layout.panels) return [];
  const fitted = fittedFor(state, layout.panels);
  const segments = [
    pieceRow(0, titlePieces(state), layout.columns, theme),
    pieceRow(1, numberPieces(state), layout.columns, theme),
  ];
  for (const panel of PANELS) {
    const placed = layout.panels[panel];
    segments.push(...note(panelNote(state, panel), placed, theme));
    segments.push(...body(state, placed, fitted[panel], theme));
  }
  const status = statusSegment(state, layout, theme);
  return status ? [...segments, status] : segments;
}

const PIECE_GAP = 2;

function pieceRow(row: number, pieces: Piece[], width: number, theme: Theme): Segment {
  const kept = fitPieces(pieces, width - 2, PIECE_GAP);
  const painted = kept.map((p) => theme.paint(p.style, theme.glyphs(p.text))).join(' '.repeat(PIECE_GAP));
  return { row, left: 0, width, text: ` ${painted}` };
}

/** At the right of the panel's top line. */
function note(text: string, placed: PanelLayout, theme: Theme): Segment[] {
  const { box, panel } = placed;
  const room = box.width - 8 - (PANELS.indexOf(panel) === 1 ? 20 : 18);
  if (!text || room < 8) return [];
  const shown = ` ${cell(text, Math.min(text.length, room))} `;
  const left = box.left + box.width - 2 - shown.length;
  return [{ row: box.top, left, width: shown.length, text: theme.paint('dim', theme.glyphs(shown)) }];
}

function body(state: UiState, placed: PanelLayout, fitted: Fitted, theme: Theme): Segment[] {
  const { body: rect, panel } = placed;
  const focused = state.focus === panel;
  const empty = emptyText(state, panel);
  const rows = empty.length
    ? empty.map((text) => theme.paint('dim', theme.glyphs(cell(`  ${text}`, rect.width))))
    : linesFor(state, panel, rect.height).map((line) => row(line, fitted, rect.width, focused, theme));
  return rows.slice(0, rect.height).map((text, i) => ({ row: rect.top + i, left: rect.left, width: rect.width, text }));
}

function row(line: Line, fitted: Fitted, width: number, focused: boolean, theme: Theme): string {
  const mark = line.selected ? (focused ? '▶' : '·') : ' ';
  const gutter = cell(mark, GUTTER);
  if (line.selected && focused) {
    return theme.paint('cursor', theme.glyphs(cell(gutter + rowLine(fitted, line.cells), width)));
  }
  const style = (id: string, text: string) => theme.paint(line.styles[id] ?? 'plain', text);
  return theme.glyphs(gutter + rowLine(fitted, line.cells, style));
}

const STATUS_STYLE: Record<'done' | 'error' | 'info', Style> = { done: 'good', error: 'bad', info: 'accent' };

/** On the closing line of the panels, over the footer. */
function statusSegment(state: UiState, layout: Layout, theme: Theme): Segment | null {
  if (!state.status) return null;
  const room = layout.columns - 4;
  const text = ` ${cell(state.status.text, Math.min(state.status.text.length, room - 2))} `;
  const painted = theme.paint(STATUS_STYLE[state.status.kind], theme.glyphs(text));
  return { row: layout.footer - 1, left: 2, width: text.length, text: painted };
}
