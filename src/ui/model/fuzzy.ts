// Fuzzy search by a few letters. Pure.

export interface Findable {
  name: string;
  about: string;
}

/**
 * How well `query` fits: each of its words, in any order, as it stands in the name, or by its letters in the order of the
 * name, or in what there is about it. Null: not at all. Higher is better.
 */
function score(query: string, { name, about }: Findable): number | null {
  let sum = 0;
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const one = place(word, name.toLowerCase(), 100) ?? place(word, about.toLowerCase(), 40) ?? letters(word, name);
    if (one === null) return null;
    sum += one;
  }
  return sum;
}

/** As a substring: best at the beginning, then at the beginning of a word. */
function place(word: string, text: string, best: number): number | null {
  const at = text.indexOf(word);
  if (at < 0) return null;
  return at === 0 ? best : text[at - 1] === ' ' ? best * 0.8 : best * 0.6;
}

/** Every letter in order; the fewer the gaps between, the better. */
function letters(word: string, name: string): number | null {
  const text = name.toLowerCase();
  let from = 0;
  let gaps = 0;
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at < 0) return null;
    if (at > from && from > 0) gaps++;
    from = at + 1;
  }
  return 20 - gaps;
}

/** The matches, the best first; equal ones keep their order. */
export function fuzzy<Item extends Findable>(items: readonly Item[], query: string): Item[] {
  return items
    .map((item) => ({ item, fits: score(query, item) }))
    .filter((rated): rated is { item: Item; fits: number } => rated.fits !== null)
    .sort((a, b) => b.fits - a.fits)
    .map(({ item }) => item);
}
