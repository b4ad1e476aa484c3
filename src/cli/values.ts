// Values as people write them.
import { didYouMean } from '../text/nearest.ts';
import type { Option } from './options.ts';
import { UsageError } from './usage-error.ts';

const UNIT_MS = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['min', 60_000],
  ['h', 3_600_000],
]);
const DURATION = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]*)$/;

/** "500ms", "1.5s", "2m", "1h" in milliseconds. Throws UsageError; `what` names where it stands. */
export function parseDuration(text: string, what: string): number {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  if (unit === '' && Number(amount) === 0) return 0;
  const factor = unit === undefined ? undefined : UNIT_MS.get(unit);
  if (amount === undefined || factor === undefined) {
    const hint = amount !== undefined && unit === '' ? `did you mean ${amount}s?` : 'such as 500ms, 10s, 5m or 1h';
    throw new UsageError(`${what}: ${JSON.stringify(text)} is no time`, hint);
  }
  return Number(amount) * factor;
}

function parseNumber(text: string, { name, kind, min = -Infinity, max = Infinity }: Option): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const whole = kind === 'integer';
  const wanted = `${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`;
  if (!Number.isFinite(value) || (whole && !Number.isInteger(value)) || value < min || value > max) {
    throw new UsageError(`--${name}: ${JSON.stringify(text)} cannot be used`, `give ${wanted}`);
  }
  return value;
}

/** The text of an option as its value: a number (durations in milliseconds) or a string. Throws UsageError. */
export function parseValue(option: Option, text: string): string | number {
  switch (option.kind) {
    case 'duration':
      return parseDuration(text, `--${option.name}`);
    case 'integer':
    case 'number':
      return parseNumber(text, option);
    case 'choice':
      if (option.choices?.includes(text)) return text;
      throw new UsageError(
        `--${option.name}: there is no ${JSON.stringify(text)}`,
        didYouMean(text, option.choices ?? []),
      );
    default:
      if (text === '') throw new UsageError(`--${option.name} is empty`, `give ${option.value}`);
      return text;
  }
}
