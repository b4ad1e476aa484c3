// Random trees of Ink's components. Left out, because it is known to differ: see src/ui/paint/README.md.
import { Box, type BoxProps, Text, Transform } from 'ink';
import type { ReactNode } from 'react';

const WORDS = [
  'pending',
  'a',
  '│─╭',
  'größe',
  '日本',
  '한글',
  '▁▃▇█',
  '12.3 µs',
  '👍',
  'e\u0301te\u0301',
  '👨‍👩‍👧',
  'x'.repeat(17),
  'long words that wrap',
  '…',
  '▶ * ',
];
const NARROW = ['pending', 'a', '│─╭', 'größe', '▁▃▇█', '12.3µs', 'x'.repeat(17), '▶*'];
const COLOURS = ['red', 'cyanBright', '#ff8800', 'ansi256(130)', 'gray', undefined] as const;
const WRAPS = ['wrap', 'hard', 'truncate', 'truncate-middle', 'truncate-start'] as const;

class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 2654435761 + 1;
  }

  below(n: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % n;
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  maybe<T>(value: T): T | undefined {
    return this.below(3) ? undefined : value;
  }

  words(list: readonly string[] = WORDS): string {
    return Array.from({ length: 1 + this.below(4) }, () => this.one(list)).join(this.below(6) ? ' ' : '\n');
  }
}

export function tree(seed: number): ReactNode {
  const chance = new Chance(seed);
  return (
    <Box width={60} height={20} overflow="hidden" flexDirection="column">
      {box(chance, 0, 3)}
      {box(chance, 1, 2)}
    </Box>
  );
}

function box(chance: Chance, key: number, depth: number): ReactNode {
  return (
    <Box key={key} {...boxProps(chance)}>
      {Array.from({ length: 1 + chance.below(3) }, (_, i) => {
        if (depth && chance.below(2)) return box(chance, i, depth - 1);
        if (chance.below(9)) return text(chance, i, 1);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a child is its place
          <Transform key={i} transform={(line, row) => line.replaceAll('a', String(row % 10))}>
            {chance.words()}
          </Transform>
        );
      })}
    </Box>
  );
}

const boxProps = (chance: Chance): BoxProps => ({
  flexDirection: chance.one(['row', 'column', 'column-reverse'] as const),
  flexGrow: chance.below(2),
  width: chance.maybe(3 + chance.below(40)),
  height: chance.maybe(1 + chance.below(9)),
  padding: chance.below(4) ? 0 : 1,
  marginLeft: chance.below(4) ? 0 : 2,
  gap: chance.below(3) ? 0 : 1,
  alignItems: chance.one(['flex-start', 'stretch', 'center'] as const),
  justifyContent: chance.one(['flex-start', 'flex-end', 'center'] as const),
  borderStyle: chance.maybe(chance.one(['round', 'double', 'single'] as const)),
  borderColor: chance.one(COLOURS),
  borderTopColor: chance.maybe(chance.one(COLOURS)),
  borderBottom: chance.below(4) ? undefined : false,
  borderLeft: chance.below(5) ? undefined : false,
  borderDimColor: !chance.below(4),
  borderBackgroundColor: chance.below(6) ? undefined : chance.one(COLOURS),
  overflow: chance.below(2) ? 'hidden' : undefined,
  backgroundColor: chance.below(5) ? undefined : chance.one([...COLOURS, 'default']),
  display: chance.below(15) ? undefined : 'none',
  contentOffsetY: chance.below(5) ? undefined : chance.below(3),
  ...(chance.below(4) ? {} : { position: 'absolute' as const, left: chance.below(30), top: chance.below(10) }),
});

/** What is cut is cut by cells, and the ellipsis looks like what is before it: no nested texts and wide characters there. */
function text(chance: Chance, key: number, depth: number): ReactNode {
  const wrap = chance.one(WRAPS);
  const cut = wrap.startsWith('truncate');
  return (
    <Text
      key={key}
      color={chance.one(COLOURS)}
      backgroundColor={chance.maybe(chance.one(COLOURS))}
      bold={!chance.below(3)}
      inverse={!chance.below(5)}
      dimColor={!chance.below(6)}
      underline={!chance.below(6)}
      wrap={wrap}
    >
      {chance.words(cut ? NARROW : WORDS)}
      {depth && !cut && !chance.below(2) ? text(chance, 1, depth - 1) : null}
      {chance.below(2) && !cut ? chance.words() : ''}
    </Text>
  );
}
