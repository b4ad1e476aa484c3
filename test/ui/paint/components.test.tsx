import { Box, renderToString, Text } from 'ink';
import { type ReactNode, useSyncExternalStore } from 'react';
import { describe, expect, it } from 'vitest';
import { Line } from '../../../src/ui/paint/line.tsx';
import { Lines } from '../../../src/ui/paint/lines.tsx';
import { render } from '../../helpers/render.tsx';
import { allColours } from './chalk.ts';

allColours();

const listeners = new Set<() => void>();
let state = { a: 1, b: 1 };

function set(next: typeof state): void {
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function Reader({ of }: { of: 'a' | 'b' }): ReactNode {
  return <Text>{useSyncExternalStore(subscribe, () => state[of])}</Text>;
}

describe('a component alone', () => {
  it('is on the screen where Yoga puts it, with its looks', () => {
    const { lines, painted } = render(
      <Box borderStyle="round" width={20} flexDirection="column">
        <Box position="absolute" top={-1} left={1}>
          <Text bold> Title </Text>
        </Box>
        <Text color="green" wrap="truncate">
          a line that is too long for it
        </Text>
        <Lines lines={['one', '\x1b[31mtwo\x1b[0m']} />
      </Box>,
      40,
      8,
    );
    expect(lines().slice(0, 5)).toEqual([
      '╭─ Title ──────────╮',
      '│a line that is to…│',
      '│one               │',
      '│two               │',
      '╰──────────────────╯',
    ]);
    expect(painted()[0]).toBe('╭─\x1b[0;1m Title \x1b[0m──────────╮');
    expect(painted()[3]).toBe('│\x1b[0;31mtwo\x1b[0m               │');
  });

  it('is the same in plain Ink: <Line> and <Lines> need no painter of ours', () => {
    const node = (
      <Box flexDirection="column">
        <Line text="abc" />
        <Lines lines={['one', '', 'three']} />
        <Lines lines={[]} />
        <Text>end</Text>
      </Box>
    );
    const expected = ['abc', 'one', '', 'three', 'end'];
    expect(renderToString(node)).toBe(expected.join('\n'));
    expect(render(node, 40, 5).lines()).toEqual(expected);
  });

  it('shows other rows in the same place when they change, more of them or fewer', () => {
    const { lines, show } = render(<Lines lines={['a', 'b']} />, 10, 3);
    show(<Lines lines={['a', 'c', 'd']} />);
    expect(lines()).toEqual(['a', 'c', 'd']);
    show(<Lines lines={['e']} />);
    expect(lines()).toEqual(['e', '', '']);
    show(<Line text="f" />);
    expect(lines()).toEqual(['f', '', '']);
  });

  it('is cut by what clips it, and covers what is under it', () => {
    const { lines } = render(
      <Box width={12} height={3}>
        <Box position="absolute" left={1} top={0} width={4} height={2} overflow="hidden" flexDirection="column">
          <Lines lines={['abcdefgh', 'ijklmnop', 'not seen']} />
        </Box>
        <Box position="absolute" left={2} top={0}>
          <Line text="XY" />
        </Box>
      </Box>,
      12,
      3,
    );
    expect(lines()).toEqual([' aXYd', ' ijkl', '']);
  });

  it('has an opaque dialog over it, and wide characters of which a half is covered', () => {
    const { lines } = render(
      <Box flexDirection="column" width={20} height={4}>
        <Lines lines={['日本日本日本日本', '日本日本日本日本', 'xxxxxxxxxxxxxxxx']} />
        <Box position="absolute" left={3} top={0} width={7} height={3} borderStyle="round" backgroundColor="default">
          <Text>ok</Text>
        </Box>
      </Box>,
      40,
      3,
    );
    expect(lines()).toEqual(['日 ╭─────╮本日本', '日 │ok   │本日本', 'xxx╰─────╯xxxxxx']);
  });

  it('reads a store: one frame for a change, whatever changed, before anything else happens', async () => {
    const { lines, frames } = render(
      <Box>
        <Reader of="a" />
        <Reader of="b" />
      </Box>,
      10,
      1,
    );
    const before = frames();
    set({ a: 2, b: 2 });
    set({ a: 3, b: 2 });
    await Promise.resolve();
    expect([lines(), frames() - before]).toEqual([['32'], 1]);
  });
});
