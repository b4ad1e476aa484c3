// Charts of characters: a level in an eighth of a cell's height, a bar in halves of a cell's width.

/** From nothing to the peak. ASCII has a letter for each (see toAscii). */
const LEVELS = '▁▂▃▄▅▆▇█';

/** The highest of the values that a chart of `width` cells shows; 0 without any. */
export function peakOf(values: readonly number[], width: number): number {
  return values.slice(-Math.max(0, width) || values.length).reduce((peak, value) => Math.max(peak, value), 0);
}

/**
 * One cell a value, the newest at the right, `width` cells: blank where there is no value yet, the lowest level for
 * nothing and only for that, the highest for the peak of what is shown.
 */
export function spark(values: readonly number[], width: number): string {
  if (width <= 0) return '';
  const peak = peakOf(values, width);
  const levels = values.slice(-width).map((value) => LEVELS[levelOf(value, peak)]);
  return levels.join('').padStart(width);
}

function levelOf(value: number, peak: number): number {
  if (value <= 0 || peak <= 0) return 0;
  return Math.max(1, Math.round((value / peak) * (LEVELS.length - 1)));
}

/** `width` cells, filled from the left by `part` (0 to 1); what is more than nothing is seen. */
export function bar(part: number, width: number): string {
  if (part <= 0 || width <= 0) return ' '.repeat(Math.max(0, width));
  const halves = Math.min(2 * width, Math.max(1, Math.round(part * 2 * width)));
  return `${'█'.repeat(halves >> 1)}${halves % 2 ? '▌' : ''}`.padEnd(width);
}
