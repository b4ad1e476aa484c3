// Numbers as text. Each has a width that does not jump about: the tables are laid out for these.
import { nounOf } from '../../text/plural.ts';

/** Thousands separated up to six digits, then k, M, G with three significant ones: 999,999 · 1.23 M. */
export function count(value: number): string {
  const whole = Math.round(value);
  if (whole < 1000) return String(whole);
  // toLocaleString would take a good part of the time that a frame has
  if (whole < 1_000_000) return `${Math.floor(whole / 1000)},${String(whole % 1000).padStart(3, '0')}`;
  for (const [unit, scale] of [
    ['M', 1e6],
    ['G', 1e9],
    ['T', 1e12],
  ] as const) {
    if (value < scale * 1000) return `${(value / scale).toPrecision(3)} ${unit}`;
  }
  return value.toExponential(1);
}

/** Faults per second. */
export function rate(perSecond: number): string {
  return perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : count(perSecond);
}

/** Seconds since the start, to the millisecond. */
export function clock(t: number): string {
  return t.toFixed(3);
}

/** Permissions by place: R, W, X, P (privileged), '-' where there is none. Bits as in PgfaultPerm. */
export function permLetters(perm: number): string {
  return ['R', 'W', 'X', 'P'].map((letter, bit) => (perm & (1 << bit) ? letter : '-')).join('');
}

/** "1 group", "3 groups". */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${nounOf(n, noun)}`;
}
