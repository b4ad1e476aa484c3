// The sparklines of the summary: what has come, been answered and waited in each of the last seconds.
import type { View } from '../../../protocol/messages.ts';
import { count, rate } from '../../text/format.ts';
import { peakOf, spark } from '../../text/spark.ts';
import { cell } from '../../text/table.ts';
import type { Style, Theme } from '../../text/theme.ts';

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

/** `width` cells: the label in `labelWidth`, the present value, the seconds, and what the highest cell stands for. */
export function chartLine(chart: Chart, labelWidth: number, width: number, theme: Theme): string {
  const head = `${cell(chart.label, labelWidth)} ${cell(chart.now, NUMBER, 'right')} `;
  const room = Math.max(0, width - head.length - PEAK);
  const peak = cell(` peak ${count(peakOf(chart.values, room))}`, Math.min(PEAK, width - head.length - room));
  const line = theme.glyphs(spark(chart.values, room));
  return cell(head, Math.min(width, head.length)) + theme.paint(chart.style, line) + theme.paint('dim', peak);
}
