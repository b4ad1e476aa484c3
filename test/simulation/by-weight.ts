import type { Random } from '../../src/scenario/random.ts';

/** One of them, each as often as its weight says. */
export function byWeight<T extends readonly [name: string, weight: number, ...rest: unknown[]]>(
  random: Random,
  all: readonly T[],
): T {
  let at = random.unit() * all.reduce((sum, [, weight]) => sum + weight, 0);
  for (const one of all) {
    at -= one[1];
    if (at <= 0) return one;
  }
  return all.at(-1) as T;
}
