import type { ReactNode } from 'react';
import { useScreen, useTheme } from '../../hooks/use-screen.ts';
import type { Rect } from '../../model/layout.ts';
import { clamp } from '../../model/places/move.ts';
import { mostTop } from '../../model/places/statistics.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { type Arranged, arrange, histogramHeight, MARGIN } from '../../model/statistics/arrange.ts';
import { type Places, SECTION_GAP } from '../../model/statistics/arrangement.ts';
import { paintSection, type Section } from '../../model/statistics/section.ts';
import { Lines } from '../../paint/lines.tsx';
import { plural } from '../../text/format.ts';
import type { Theme } from '../../text/theme.ts';
import { paintWords } from '../lines.ts';
import { Panel, type PanelProps } from '../panel.tsx';
import { waitingWords } from '../waiting.ts';

/** All lines where everything stands under one another; else those of the panel. */
function paintAll(arranged: Arranged, top: number, theme: Theme): string[] {
  const { places, latency, pages, sources } = arranged;
  const block = (section: Section, { width, height }: Places['pages'], from = top) =>
    paintSection(section, { width, height }, from, theme);
  if (places.columns === 1) {
    const histogram = block(latency, { ...places.latency, height: histogramHeight(arranged) }, 0);
    return [...histogram, '', ...block(pages, places.pages, 0), '', ...block(sources, places.sources, 0)];
  }
  const first = block(latency, places.latency, 0);
  if (places.columns === 2) {
    const second = [...block(pages, places.pages), '', ...block(sources, places.sources)];
    return first.map((line, i) => line + SECTION_GAP + (second[i] ?? ''));
  }
  const [second, third] = [block(pages, places.pages), block(sources, places.sources)];
  return first.map((line, i) => [line, second[i], third[i]].join(SECTION_GAP));
}

function words(state: UiState): string[] {
  const view = shownView(state);
  if (!view) return ['Waiting for the engine to start.'];
  if (!view.snapshot.counters.faults)
    return [...waitingWords(state), 'Times, pages and devices are counted from then on.'];
  return view.statistics ? [] : ['Counting…'];
}

function paint(state: UiState, body: Rect, theme: Theme): string[] {
  const empty = words(state);
  if (empty.length) return paintWords(empty, body, theme);
  const arranged = arrange(state, shownView(state)!.statistics!, body);
  const top = clamp(state.statistics.top, 0, mostTop(state));
  const lines = paintAll(arranged, top, theme);
  const from = arranged.places.columns === 1 ? top : 0;
  return lines.slice(from, from + body.height).map((line) => ' '.repeat(MARGIN) + line);
}

function note(state: UiState): string {
  const most = mostTop(state);
  const unseen = shownView(state)?.snapshot.counters.unseen ?? 0;
  const since = unseen ? `without a rescue's ${plural(unseen, 'unseen group')}; since the start` : 'since the start';
  if (!most) return since;
  const { top } = state.statistics;
  return top >= most ? `${since}; ↑ for the rest` : `${since}; ↓ for more`;
}

export function StatisticsPanel(props: PanelProps): ReactNode {
  const theme = useTheme();
  const { place } = props;
  const rows = useScreen((state) => paint(state, place.body, theme));
  return (
    <Panel {...props} note={note}>
      <Lines lines={rows} />
    </Panel>
  );
}
