// The sparklines of the summary: what has come, been answered and waited in each of the last seconds.

import type { View } from '../../../protocol/messages.ts';
import { count, rate } from '../../text/format.ts';
import { peakOf, spark } from '../../text/spark.ts';
import type { Style } from '../../text/style.ts';
import { cell } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';

export interface Chart {
  label: string;
  /** What it is now. */
  now: string;
  values: readonly number[];
  style: Style;
}

/** By the view: faults, answers, pending groups. */
export function charts({ trend, snapshot }: View): { faults: Chart; answered: Chart; pending: Chart } {
  const answered = trend.answered.at(-1) ?? 0;
  return {
    faults: { label: 'faults/s', now: rate(snapshot.rate), values: trend.faults, style: 'accent' },
    answered: { label: 'answered/s', now: rate(answered), values: trend.answered, style: 'good' },
    pending: { label: 'pending', now: count(snapshot.counters.pending), values: trend.pending, style: 'warn' },
  };
}

/** The widest that count() gives. */
const NUMBER = 7;
const PEAK = ' peak '.length + NUMBER;

const peakText = (values: readonly number[], width: number): string => ` peak ${count(peakOf(values, width))}`;

interface ChartPlace {
  readonly labelWidth: number;
  readonly width: number;
  readonly alone: boolean;
}

/**
 * `width` cells: the label in `labelWidth`, the present value, the seconds, and what the highest cell stands for. Charts
 * that stand one over another have their peaks at one place; one that stands `alone` has seconds there instead.
 */
export function chartLine(chart: Chart, { labelWidth, width, alone }: ChartPlace, theme: Theme): string {
  const head = `${cell(chart.label, labelWidth)} ${cell(chart.now, NUMBER, 'right')} `;
  const most = Math.max(0, width - head.length);
  const taken = alone ? peakText(chart.values, most).length : PEAK;
  const room = Math.max(0, most - taken);
  const peak = cell(peakText(chart.values, room), Math.min(taken, most - room));
  const line = theme.glyphs(spark(chart.values, room));
  return cell(head, Math.min(width, head.length)) + theme.paint(chart.style, line) + theme.paint('dim', peak);
}
