// The owner panel: the process whose queues they are (--pid). A few lines on the overview, all that is known on its page.

import type { ReactNode } from 'react';
import { useScreen, useTheme } from '../../hooks/use-screen.ts';
import type { Copied } from '../../model/copied.ts';
import type { Rect } from '../../model/layout.ts';
import { hasEnded, standsStill } from '../../model/owner/state-words.ts';
import { clamp } from '../../model/places/move.ts';
import { inner, linesOf, MARGIN, MOST_CELLS, mostTop } from '../../model/places/owner.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { Lines } from '../../paint/lines.tsx';
import { cell } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';
import { paintWords } from '../lines.ts';
import { Panel, type PanelProps } from '../panel.tsx';
import { overviewLines } from './overview.ts';

function paint(state: UiState, body: Rect, theme: Theme): string[] {
  const snapshot = shownView(state)?.snapshot;
  if (!snapshot) return paintWords(['Waiting for the engine to start.'], body, theme);
  const { owner, queues: ours } = snapshot;
  if (!owner) return paintWords(["The queues are ours: --pid PID watches another process's."], body, theme);
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

/** "watching, nothing is read". */
function note(state: UiState): string {
  const owner = shownView(state)?.snapshot.owner;
  if (!owner) return '';
  const still = standsStill(owner) ? ', stopped' : '';
  const what = hasEnded(owner) ? 'ended' : owner.taken ? `taken over${still}` : `watching, nothing is read${still}`;
  const most = mostTop(state);
  if (!most) return what;
  return `${state.owner.top >= most ? '↑ for the rest' : '↓ for more'}, ${what}`;
}

export function copyOwner(state: UiState): Copied | null {
  const owner = shownView(state)?.snapshot.owner;
  if (!owner) return null;
  const text = linesOf(state, MOST_CELLS + 2 * MARGIN).map((line) => line.text.trimEnd());
  return { what: `PID ${owner.pid}`, text: text.join('\n'), address: null, json: owner };
}

export function OwnerPanel(props: PanelProps): ReactNode {
  const theme = useTheme();
  const { place } = props;
  const rows = useScreen((state) => paint(state, place.body, theme));
  return (
    <Panel {...props} note={note}>
      <Lines lines={rows} />
    </Panel>
  );
}
