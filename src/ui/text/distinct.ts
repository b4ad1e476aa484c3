// Names that are cut to a column: two that differ stay two, however alike they begin.
import { cutCells, FILLER } from './sanitise.ts';

type Cut = (name: string, width: number) => string;

/** The last units of it: never half a character. */
function lastCells(text: string, units: number): string {
  const part = units <= 0 ? '' : text.slice(-units);
  const half = part.startsWith(FILLER) || /^[\udc00-\udfff]/.test(part);
  return half ? part.slice(1) : part;
}

/** Its beginning and, of the rest, so many parts of the width from its end. */
const cutWith =
  (share: number): Cut =>
  (name, width) => {
    const tail = lastCells(name, Math.floor((width - 1) * share));
    return `${cutCells(name, width - 1 - tail.length)}…${tail}`;
  };

/** Names differ at their end mostly where they do not at their beginning. */
const CUTS: readonly Cut[] = [0, 1 / 3, 2 / 3, 1].map(cutWith);

/** What each name that is longer than `width` becomes there: the same cut for all of them, so that they still look alike. */
export function distinctCuts(names: readonly string[], width: number): ReadonlyMap<string, string> {
  const all = [...new Set(names)];
  const long = all.filter((name) => name.length > width);
  if (!long.length) return new Map();
  for (const cut of CUTS) {
    const forms = all.map((name) => (name.length > width ? cut(name, width) : name));
    if (new Set(forms).size === forms.length) return new Map(long.map((name) => [name, cut(name, width)]));
  }
  // They differ in the middle alone: by their number
  return new Map(
    long.map((name, i) => {
      const number = `~${i + 1}`;
      return [name, `${cutCells(name, Math.max(0, width - 1 - number.length))}…${number}`];
    }),
  );
}

/** Cells of a name in a message of one line: the rest of the message must be visible, too. */
const IN_WORDS = 40;

/** A name, as `sanitise` makes it, in the words of a message. */
export const inWords = (name: string): string => (name.length > IN_WORDS ? cutWith(1 / 3)(name, IN_WORDS) : name);
