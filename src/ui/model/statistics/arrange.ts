// Which sections the statistics have, and where: side by side where there is room, else one under another.
import type { Statistics } from '../../../protocol/messages.ts';
import { nameWidth } from '../columns.ts';
import type { Rect } from '../layout.ts';
import type { UiState } from '../state.ts';
import { type Places, placesFor } from './arrangement.ts';
import { latencySection } from './latency.ts';
import type { Section } from './section.ts';
import { pagesSection, sourcesSection } from './tables.ts';

/** Cells that stay free at both sides. */
export const MARGIN = 2;

export interface Arranged {
  places: Places;
  latency: Section;
  pages: Section;
  sources: Section;
}

export function arrange(state: UiState, statistics: Statistics, body: Rect): Arranged {
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
export const histogramHeight = ({ places, latency }: Arranged): number =>
  Math.min(places.latency.height, latency.rows + latency.head);
