// The owner panel: the process whose queues they are (--pid). A few lines on the overview, all that is known on its page.
import { placed, type Rect } from '../../layout.ts';
import { layoutOf, shownView, type UiState } from '../../state/state.ts';
import { cell } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';
import { paintWords } from '../lines.ts';
import { clamp, type Move, type PanelModule } from '../panel.ts';
import { overviewLines } from './overview.ts';
import { type OwnerLine, pageLines } from './page.ts';
import { hasEnded, standsStill } from './state-words.ts';

const MARGIN = 2;
/** Longer lines are hard to read. */
const MOST_CELLS = 120;

const inner = (width: number): number => Math.min(MOST_CELLS, width - 2 * MARGIN);

function linesOf(state: UiState, width: number): OwnerLine[] {
  const snapshot = shownView(state)?.snapshot;
  return snapshot?.owner ? pageLines(snapshot.owner, snapshot.queues, state, inner(width)) : [];
}

/** How far down the page can be scrolled. */
function mostTop(state: UiState): number {
  const body = placed(layoutOf(state), 'owner')?.body;
  return body && state.page === 'owner' ? Math.max(0, linesOf(state, body.width).length - body.height) : 0;
}

function move(state: UiState, how: Move): UiState {
  const page = Math.max(1, (placed(layoutOf(state), 'owner')?.body.height ?? 1) - 2);
  const by = { up: -1, down: 1, pageUp: -page, pageDown: page, home: Number.NEGATIVE_INFINITY, end: Infinity }[how];
  return { ...state, owner: { top: clamp(state.owner.top + by, 0, mostTop(state)) } };
}

function paint(state: UiState, body: Rect, _focused: boolean, theme: Theme): string[] {
  const snapshot = shownView(state)?.snapshot;
  if (!snapshot) return paintWords(['Waiting for the engine to start.'], body, theme);
  const { owner, queues: ours } = snapshot;
  if (!owner) return paintWords(['The queues are ours: --pid PID looks at those of another process.'], body, theme);
  const width = inner(body.width);
  const margin = ' '.repeat(MARGIN);
  if (state.page !== 'owner') {
    return overviewLines({ owner, ours }, state, { width, height: body.height }, theme).map((line) => margin + line);
  }
  const top = clamp(state.owner.top, 0, mostTop(state));
  return linesOf(state, body.width)
    .slice(top, top + body.height)
    .map(({ text, style }) => margin + theme.paint(style, theme.glyphs(cell(text, width))));
}

/** "looking, nothing is read". */
function note(state: UiState): string {
  const owner = shownView(state)?.snapshot.owner;
  if (!owner) return '';
  const still = standsStill(owner) ? ', it stands still' : '';
  const what = hasEnded(owner) ? 'ended' : owner.taken ? `taken over${still}` : `looking, nothing is read${still}`;
  const most = mostTop(state);
  if (!most) return what;
  return `${state.owner.top >= most ? '↑ for the rest' : '↓ for more'}, ${what}`;
}

export const ownerPanel: PanelModule = {
  panel: 'owner',
  paint,
  note,
  move,
  copy(state) {
    const owner = shownView(state)?.snapshot.owner;
    if (!owner) return null;
    const text = linesOf(state, MOST_CELLS + 2 * MARGIN).map((line) => line.text.trimEnd());
    return { what: `PID ${owner.pid}`, text: text.join('\n'), address: null, json: owner };
  },
  settle(state) {
    const top = clamp(state.owner.top, 0, mostTop(state));
    return top === state.owner.top ? state : { ...state, owner: { top } };
  },
};
