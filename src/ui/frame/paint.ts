// The live rows of the screen, as painted pieces for the compositor.
import type { Segment } from '../compositor/compositor.ts';
import { type Layout, PANEL_TITLES, type PanelLayout } from '../layout.ts';
import { PANEL_MODULES } from '../panels/registry.ts';
import type { UiState } from '../state/state.ts';
import { cell } from '../text/table.ts';
import type { Style, Theme } from '../text/theme.ts';
import { numberPieces, tabPieces, titlePieces } from './header.ts';
import { fitPieces, type Piece } from './pieces.ts';

/** Everything that changes from view to view. */
export function paintScreen(state: UiState, layout: Layout, theme: Theme): Segment[] {
  if (!layout.panels) return [];
  const segments = [titlePieces, numberPieces, tabPieces].map((pieces, row) =>
    pieceRow(row, pieces(state), layout.columns, theme),
  );
  for (const place of layout.panels) {
    segments.push(...note(PANEL_MODULES[place.panel].note(state), place, theme));
    segments.push(...body(state, place, theme));
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
function note(text: string, { box, panel }: PanelLayout, theme: Theme): Segment[] {
  const room = box.width - 10 - PANEL_TITLES[panel].length;
  if (!text || room < 8) return [];
  const shown = ` ${cell(text, Math.min(text.length, room))} `;
  const left = box.left + box.width - 2 - shown.length;
  return [{ row: box.top, left, width: shown.length, text: theme.paint('dim', theme.glyphs(shown)) }];
}

function body(state: UiState, { panel, body: rect }: PanelLayout, theme: Theme): Segment[] {
  const rows = PANEL_MODULES[panel].paint(state, rect, state.focus === panel, theme);
  return rows.slice(0, rect.height).map((text, i) => ({ row: rect.top + i, left: rect.left, width: rect.width, text }));
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
