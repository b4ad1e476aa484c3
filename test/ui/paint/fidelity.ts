// What we paint against what Ink itself shows: the same random trees, cell by cell, with Ink's measuring and with ours.
import { open, type Shown } from './against-ink.tsx';
import { tree } from './tree.tsx';

const MODES = ['ink measures', 'we measure'] as const;

/** The trees that we show otherwise than Ink, with the first row that differs; each screen shows one after the other. */
export function differing(from: number, count: number): string[] {
  const ink = open('ink');
  const ours = MODES.map((mode) => ({ mode, screen: open(mode) }));
  try {
    return Array.from({ length: count }, (_, i) => from + i).flatMap((seed) => {
      ink.show(tree(seed));
      const expected = rows(ink);
      return ours.flatMap(({ mode, screen }) => {
        screen.show(tree(seed));
        const got = rows(screen);
        const at = got.findIndex((line, y) => line !== expected[y]);
        if (at < 0) return [];
        return `seed ${seed}, ${mode}, row ${at}\n  Ink ${JSON.stringify(expected[at])}\n  we  ${JSON.stringify(got[at])}`;
      });
    });
  } finally {
    ink.close();
    for (const { screen } of ours) screen.close();
  }
}

/** What it wraps, Ink composes (é from e and a mark). */
const rows = (screen: Shown): string[] => screen.lines().map((line) => line.normalize());
