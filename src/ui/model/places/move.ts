// Moving in a list that is longer than its place.

export type Move = 'up' | 'down' | 'pageUp' | 'pageDown' | 'home' | 'end';

/** Where a move leads from `index` in a list of `total` with `height` in sight. */
export function moved(index: number, move: Move, height: number, total: number): number {
  const page = Math.max(1, height - 1);
  const to = {
    up: index - 1,
    down: index + 1,
    pageUp: index - page,
    pageDown: index + page,
    home: 0,
    end: total - 1,
  }[move];
  return clamp(to, 0, Math.max(0, total - 1));
}

export const clamp = (n: number, low: number, high: number): number => Math.max(low, Math.min(n, high));

/** The first row so that `index` is in sight, moving as little as possible. */
export function scrollTo(index: number, top: number, height: number, total: number): number {
  const highest = Math.max(0, total - height);
  return clamp(clamp(top, index - height + 1, index), 0, highest);
}
