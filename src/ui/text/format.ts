// Numbers as text. Each has a width that does not jump about: the tables are laid out for these.

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

/** Faults a second. */
export function rate(perSecond: number): string {
  return perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : count(perSecond);
}

/** A duration in at most 7 characters: 950 ns, 12 µs, 3.2 ms, 4.1 s, 3m12s, 2h04m. */
export function duration(ns: number): string {
  const seconds = ns / 1e9;
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${short(ns / 1e3)} µs`;
  if (ns < 1e9) return `${short(ns / 1e6)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(Math.floor(seconds % 60))}s`;
  return `${Math.floor(seconds / 3600)}h${two(Math.floor((seconds % 3600) / 60))}m`;
}

/** Whole seconds for sentences and counters: 12s, 3m12s, 2h04m. */
export function seconds(value: number): string {
  return value < 60 ? `${Math.floor(value)}s` : duration(value * 1e9);
}

/** Seconds since the start, to the millisecond. */
export function clock(t: number): string {
  return t.toFixed(3);
}

export function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}

/** Permissions by place: R, W, X, P (privileged), '-' where there is none. Bits as in PgfaultPerm. */
export function permBits(perm: number): string {
  return ['R', 'W', 'X', 'P'].map((letter, bit) => (perm & (1 << bit) ? letter : '-')).join('');
}

const PERM_BIT: Record<string, number> = { read: 1, write: 2, exec: 4, priv: 8 };

/** The same from the names the protocol uses. */
export function permNames(names: readonly string[]): string {
  return permBits(names.reduce((bits, name) => bits | (PERM_BIT[name.toLowerCase()] ?? 0), 0));
}

/** "1 group", "3 groups". */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

const two = (n: number): string => String(n).padStart(2, '0');
const short = (n: number): string => (n < 10 ? n.toFixed(1) : String(Math.round(n)));
