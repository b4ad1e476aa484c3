// The statistics panel: how long answers took, which pages fault again and again, and who asks for them.
import type { Statistics } from '../../../protocol/messages.ts';
import { placed, type Rect } from '../../layout.ts';
import { layoutOf, shownView, type UiState } from '../../state/state.ts';
import { plural } from '../../text/format.ts';
import type { Theme } from '../../text/theme.ts';
import { nameWidth } from '../columns.ts';
import { paintWords } from '../lines.ts';
import { clamp, type Move, type PanelModule } from '../panel.ts';
import { waitingWords } from '../waiting.ts';
import { latencySection } from './latency.ts';
import { type Places, placesFor, SECTION_GAP } from './place.ts';
import { hidden, paintSection, type Section } from './section.ts';
import { pagesSection, sourcesSection } from './tables.ts';

const MARGIN = 2;

interface Arranged {
  places: Places;
  latency: Section;
  pages: Section;
  sources: Section;
}

function arrange(state: UiState, statistics: Statistics, body: Rect): Arranged {
  const inner = { width: body.width - 2 * MARGIN, height: body.height };
  const places = placesFor(inner, statistics.pages.length, statistics.sources.length);
  const name = nameWidth(state);
  return {
    places,
    latency: latencySection(statistics.latency, places.latency.height - 2),
    pages: pagesSection(statistics, name),
    sources: sourcesSection(statistics, name),
  };
}

/** Where it stands over the tables: no more rows than it has to show. */
const histogramHeight = ({ places, latency }: Arranged): number =>
  Math.min(places.latency.height, latency.rows + latency.head);

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

/** How far down it can be scrolled. */
function mostTop(state: UiState): number {
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

function words(state: UiState): string[] {
  const view = shownView(state);
  if (!view) return ['Waiting for the engine to start.'];
  if (!view.snapshot.counters.faults)
    return [...waitingWords(state), 'Times, pages and devices are counted from then on.'];
  return view.statistics ? [] : ['Counting…'];
}

export const statisticsPanel: PanelModule = {
  panel: 'statistics',
  paint(state, body, _focused, theme) {
    const empty = words(state);
    if (empty.length) return paintWords(empty, body, theme);
    const arranged = arrange(state, shownView(state)!.statistics!, body);
    const top = clamp(state.statistics.top, 0, mostTop(state));
    const lines = paintAll(arranged, top, theme);
    const from = arranged.places.columns === 1 ? top : 0;
    return lines.slice(from, from + body.height).map((line) => ' '.repeat(MARGIN) + line);
  },
  note(state) {
    const most = mostTop(state);
    const unseen = shownView(state)?.snapshot.counters.unseen ?? 0;
    const since = unseen ? `without ${plural(unseen, 'unseen group')} of a rescue; since the start` : 'since the start';
    if (!most) return since;
    const { top } = state.statistics;
    return top >= most ? `${since}; ↑ for the rest` : `${since}; ↓ for more`;
  },
  move,
  settle(state) {
    const top = clamp(state.statistics.top, 0, mostTop(state));
    return top === state.statistics.top ? state : { ...state, statistics: { top } };
  },
  wants: () => ({ statistics: true }),
};
