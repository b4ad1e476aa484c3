// The histogram of read-to-answer times: buckets merged until they fit, the percentiles marked where they lie.
import type { Statistics } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import { count, plural } from '../../text/format.ts';
import { bar } from '../../text/spark.ts';
import { cell } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';
import type { Section } from './section.ts';

type Buckets = Statistics['latency'];

export interface Step {
  /** Answers that took at most this long, and longer than the previous step. */
  toNs: number;
  count: number;
  /** Of all answers, those that took at most `toNs`; 0 to 1. */
  cumulative: number;
  /** Percentiles that lie in it: 50, 95, 99. */
  marks: number[];
}

const MARKS = [50, 95, 99];

/** Without the empty ends, and neighbours merged until there are at most `rows`. */
export function steps(buckets: Buckets, rows: number): Step[] {
  const merged = merge(withoutEmptyEnds(buckets), rows);
  const total = merged.reduce((sum, bucket) => sum + bucket.count, 0);
  let below = 0;
  return merged.map(({ toNs, count }) => {
    const before = below;
    below += count;
    const marks = MARKS.filter((mark) => before < (mark / 100) * total && below >= (mark / 100) * total);
    return { toNs, count, cumulative: total ? below / total : 0, marks };
  });
}

function withoutEmptyEnds(buckets: Buckets): Buckets {
  const first = buckets.findIndex((bucket) => bucket.count > 0);
  const last = buckets.findLastIndex((bucket) => bucket.count > 0);
  return first < 0 ? [] : buckets.slice(first, last + 1);
}

/** Groups of the same size, counted from the end: the slow ones matter most, and end where a bucket does. */
function merge(buckets: Buckets, rows: number): Buckets {
  const size = Math.ceil(buckets.length / Math.max(1, rows));
  const merged: Buckets = [];
  for (let end = buckets.length; end > 0; end -= size) {
    const part = buckets.slice(Math.max(0, end - size), end);
    merged.unshift({ toNs: part.at(-1)!.toNs, count: part.reduce((sum, bucket) => sum + bucket.count, 0) });
  }
  return merged;
}

const AT_MOST = 9;
const COUNT = 8;
const SHARE = 6;
const MARK = 11;
/** After the time, between the numbers, and before the marks. */
const BLANKS = 4;
const LEAST_BAR = 4;

const barRoom = (width: number): number => Math.max(LEAST_BAR, width - AT_MOST - COUNT - SHARE - MARK - BLANKS);

function columnTitles(width: number): string {
  const numbers = `${cell('GROUPS', COUNT, 'right')} ${cell('SUM', SHARE, 'right')}`;
  return cell(`${cell('AT MOST', AT_MOST, 'right')} ${' '.repeat(barRoom(width))}${numbers}`, width);
}

/** "≤ 12 ms ████▌    1,234  45.6%  p50". */
function paintStep(step: Step, most: number, width: number, theme: Theme): string {
  const marked = step.marks.map((mark) => `p${mark}`).join(' ');
  const barWidth = barRoom(width);
  const chart = theme.glyphs(bar(step.count / most, barWidth));
  const numbers = `${cell(count(step.count), COUNT, 'right')} ${cell(share(step.cumulative), SHARE, 'right')}  `;
  const style = step.marks.includes(99) ? 'warn' : 'accent';
  return (
    theme.glyphs(`${cell(`≤ ${duration(step.toNs)}`, AT_MOST, 'right')} `) +
    theme.paint(style, chart) +
    numbers +
    theme.paint('title', cell(marked, Math.max(0, width - AT_MOST - 1 - barWidth - numbers.length)))
  );
}

/** Never 100 % while something is still to come. */
function share(part: number): string {
  const percent = part * 100;
  return part < 1 && percent > 99.9 ? '>99.9%' : `${percent.toFixed(1)}%`;
}

/** `rows`: as many as there is room for. */
export function latencySection(buckets: Buckets, rows: number): Section {
  const all = steps(buckets, rows);
  const total = all.reduce((sum, step) => sum + step.count, 0);
  const title = `Read→answer of ${plural(total, 'group')}`;
  const most = Math.max(1, ...all.map((step) => step.count));
  return {
    titles: [`${title} (the kernel does not timestamp faults)`, title],
    empty: 'Nothing has been answered yet.',
    rows: all.length,
    head: 2,
    paint(width, top, height, theme) {
      const shown = all.slice(top, top + height - 1).map((step) => paintStep(step, most, width, theme));
      return [theme.paint('heading', columnTitles(width)), ...shown];
    },
  };
}
