// How far down the statistics are scrolled.
import { placed } from '../layout.ts';
import { layoutOf } from '../layout-of.ts';
import { shownView, type UiState } from '../state.ts';
import { arrange, histogramHeight } from '../statistics/arrange.ts';
import { hidden } from '../statistics/section.ts';
import { clamp, type Move } from './move.ts';
import type { Place } from './place.ts';

/** How far down it can be scrolled. */
export function mostTop(state: UiState): number {
  const statistics = shownView(state)?.statistics;
  const body = placed(layoutOf(state), 'statistics')?.body;
  if (!statistics || !body) return 0;
  const arranged = arrange(state, statistics, body);
  const { places, pages, sources } = arranged;
  if (places.columns > 1) return Math.max(hidden(pages, places.pages.height), hidden(sources, places.sources.height));
  return Math.max(0, histogramHeight(arranged) + places.pages.height + places.sources.height + 2 - body.height);
}

function move(state: UiState, how: Move): UiState {
  const page = Math.max(1, (placed(layoutOf(state), 'statistics')?.body.height ?? 1) - 2);
  const by = { up: -1, down: 1, pageUp: -page, pageDown: page, home: Number.NEGATIVE_INFINITY, end: Infinity }[how];
  return { ...state, statistics: { top: clamp(state.statistics.top + by, 0, mostTop(state)) } };
}

export const statisticsPlace: Place = {
  panel: 'statistics',
  move,
  wants: () => ({ statistics: true }),
  settle(state) {
    const top = clamp(state.statistics.top, 0, mostTop(state));
    return top === state.statistics.top ? state : { ...state, statistics: { top } };
  },
};
