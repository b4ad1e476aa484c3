// Durations as people write them: "5s", "200ms", "1.5m".

const UNITS: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Nanoseconds; undefined where `text` is no duration. */
export function parseDuration(text: string): bigint | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ns|us|ms|s|m|h)$/.exec(text.trim());
  const [, number, unit] = match ?? [];
  if (number === undefined || unit === undefined) return undefined;
  return BigInt(Math.round(Number(number) * (UNITS[unit] as number)));
}
