// Guesses what a misspelt name was meant to be.

/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`. */
function distance(a: string, b: string): number {
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = best;
    }
  }
  return rows[a.length]![b.length]!;
}

/** No misspelling is longer than this, and the table of edits would be large. */
const LONGEST = 100;

/** The one of `known` that `given` was probably meant to be, or null. */
export function nearest(given: string, known: readonly string[]): string | null {
  if (given.length > LONGEST) return null;
  const limit = Math.max(1, Math.floor(given.length / 3));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const name of known) {
    const startsAlike = given.length >= 3 && name.startsWith(given);
    const d = startsAlike ? 1 : distance(given, name);
    if (d < bestDistance) [best, bestDistance] = [name, d];
  }
  return best;
}

/** "did you mean X?", or else all known names. */
export function didYouMean(given: string, known: readonly string[]): string {
  const guess = nearest(given, known);
  return guess ? `did you mean ${guess}?` : `known: ${known.join(', ')}`;
}
