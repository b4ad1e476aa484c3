// Where the three sections stand: beside each other where it is wide, else one under another, to be scrolled through.
import type { Rect } from '../layout.ts';

const GAP = 3;
export const SECTION_GAP = ' '.repeat(GAP);
const TWO_FROM = 110;
const THREE_FROM = 170;
/** Rows of a histogram that stands over the tables. */
const STACKED_HISTOGRAM = 12;
const LEAST_BLOCK = 4;

export interface Places {
  /** Width and height of histogram, pages and sources. */
  latency: { width: number; height: number };
  pages: { width: number; height: number };
  sources: { width: number; height: number };
  /** 1: all under one another; 2: the histogram beside the tables; 3: all beside each other. */
  columns: 1 | 2 | 3;
}

/** In `body` with a margin taken off. `pages` and `sources`: rows that there are. */
export function placesFor({ width, height }: Pick<Rect, 'width' | 'height'>, pages: number, sources: number): Places {
  if (width >= THREE_FROM) {
    const latency = Math.floor((width - 2 * GAP) * 0.34);
    const hot = Math.floor((width - 2 * GAP) * 0.27);
    return {
      latency: { width: latency, height },
      pages: { width: hot, height },
      sources: { width: width - latency - hot - 2 * GAP, height },
      columns: 3,
    };
  }
  if (width >= TWO_FROM) {
    const latency = Math.floor((width - GAP) * 0.42);
    const wanted = Math.max(Math.ceil((height - 1) / 2), height - 1 - (sources + 2));
    const hot = Math.max(LEAST_BLOCK, Math.min(pages + 2, wanted));
    const right = width - latency - GAP;
    return {
      latency: { width: latency, height },
      pages: { width: right, height: hot },
      sources: { width: right, height: height - hot - 1 },
      columns: 2,
    };
  }
  return {
    latency: { width, height: Math.min(STACKED_HISTOGRAM, Math.max(LEAST_BLOCK, Math.floor(height * 0.6))) },
    pages: { width, height: pages + 2 },
    sources: { width, height: sources + 2 },
    columns: 1,
  };
}
