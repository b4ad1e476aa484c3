// Durations as people write them ("500ms", "1.5s", "5m"): one reader and one writer, for the command line, the files and the
// screen.

const UNIT_NS = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, min: 60e9, h: 3600e9 } as const;
type Unit = keyof typeof UNIT_NS;

/** Units below the millisecond are for what is simulated: the engine waits by poll(2), in milliseconds. */
const COARSE = ['ms', 's', 'm', 'min', 'h'] as const satisfies readonly Unit[];
const FINE = Object.keys(UNIT_NS) as Unit[];

const ZERO = '0+(?:\\.0+)?';
const AMOUNT = '\\d+(?:\\.\\d+)?';

/** Examples of durations, for a message. */
export const DURATION_HINT = 'such as 500ms, 10s, 5m or 1h';

/** What readDuration takes, and the same without 0, as patterns of JSON Schema. */
export const DURATION_PATTERN = `^\\s*(?:${ZERO}|${AMOUNT}\\s*(?:${COARSE.join('|')}))\\s*$`;
export const LONGER_PATTERN = `^\\s*(?!${ZERO}\\s*[a-z]*\\s*$)${AMOUNT}\\s*(?:${COARSE.join('|')})\\s*$`;

/** The number, and its unit; a bare 0 needs none. */
function split(text: string, units: readonly Unit[]): [amount: number, unit: Unit] | null {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text.trim()) ?? [];
  if (amount === undefined) return null;
  if (unit === '' && Number(amount) === 0) return [0, 's'];
  const known = units.find((u) => u === unit);
  return known === undefined ? null : [Number(amount), known];
}

/** Milliseconds; null: not a duration, or longer than 2^53 ms. */
export function readDuration(text: string): number | null {
  const [amount, unit] = split(text, COARSE) ?? [];
  if (amount === undefined || unit === undefined) return null;
  const ms = amount * (UNIT_NS[unit] / 1e6);
  return ms <= Number.MAX_SAFE_INTEGER ? ms : null;
}

/** Nanoseconds, of "20us" and "5ns" too, to 15 digits; null as above. */
export function readFineDuration(text: string): bigint | null {
  const [amount, unit] = split(text, FINE) ?? [];
  if (amount === undefined || unit === undefined) return null;
  const ns = amount * UNIT_NS[unit];
  return ns / 1e6 <= Number.MAX_SAFE_INTEGER ? BigInt(Math.round(ns)) : null;
}

/** Milliseconds as readDuration takes them: 10s, 1500ms, 5m. */
export function writeDuration(ms: number): string {
  for (const unit of ['h', 'm', 's'] as const) {
    const one = UNIT_NS[unit] / 1e6;
    if (ms >= one && ms % one === 0) return `${ms / one}${unit}`;
  }
  // String would write 1e-7.
  const digits = Number.isInteger(ms) ? String(ms) : ms.toFixed(20).replace(/0+$/, '');
  return `${digits}ms`;
}

/** For sentences, to the tenth that has passed: 3.2 s. */
export const tenths = (ns: number | bigint): string => `${(Math.floor(Number(ns) / 1e8) / 10).toFixed(1)} s`;

/** In at most 7 characters: 950 ns, 12 µs, 3.2 ms, 4.1 s, 3m12s, 2h04m. */
export function duration(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${short(ns / 1e3)} µs`;
  if (ns < 1e9) return `${short(ns / 1e6)} ms`;
  if (ns < 60e9) return `${(ns / 1e9).toFixed(1)} s`;
  return ns < 3600e9 ? minutes(ns) : `${whole(ns, 3600e9)}h${two(whole(ns % 3600e9, 60e9))}m`;
}

/** Whole seconds for sentences and counters: 12s, 3m12s, 2h04m. */
export const seconds = (value: number): string => (value < 60 ? `${Math.floor(value)}s` : duration(value * 1e9));

/** For tables without colours, in ASCII: 0.1ms, 3.2s, 3m12s, 124m00s. */
export function plainDuration(ns: number): string {
  if (ns >= 60e9) return minutes(ns);
  return ns >= 1e9 ? `${(ns / 1e9).toFixed(1)}s` : `${(ns / 1e6).toFixed(1)}ms`;
}

const whole = (ns: number, unit: number): number => Math.floor(ns / unit);
const two = (n: number): string => String(n).padStart(2, '0');
const short = (n: number): string => (n < 10 ? n.toFixed(1) : String(Math.round(n)));
const minutes = (ns: number): string => `${whole(ns, 60e9)}m${two(whole(ns % 60e9, 1e9))}s`;
