// What goes wrong is told, and nothing of it gets into React's reconciler, which all screens of a process share.
import { Box, Text, Transform, useInput } from 'ink';
import type { ReactNode } from 'react';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Grid } from '../../../src/ui/paint/grid.ts';
import { type InkScreenOptions, openInk } from '../../../src/ui/paint/ink-screen.tsx';
import { Line } from '../../../src/ui/paint/line.tsx';
import { render } from '../../helpers/render.tsx';

function setUp(options: Partial<InkScreenOptions> = {}) {
  const grid = new Grid(20, 2);
  const errors: string[] = [];
  const onError = (error: unknown) => void errors.push(error instanceof Error ? error.message : String(error));
  const ink = openInk({ grid, onPainted: () => {}, onError, ...options });
  onTestFinished(() => ink.close());
  return { grid, errors, ink, row: () => grid.line(0).trimEnd() };
}

const later = () => new Promise((resolve) => setTimeout(resolve, 0));

function Fails(): ReactNode {
  throw new Error('bug');
}

function Asks(): ReactNode {
  useInput(() => {});
  return <Text>asks</Text>;
}

const throws = (): string => {
  throw new Error('no text');
};

describe('a screen whose frame fails', () => {
  it('tells of a transform that throws, and shows what comes after', () => {
    const { errors, ink, row } = setUp();
    expect(() => ink.show(<Transform transform={throws}>x</Transform>)).not.toThrow();
    expect(errors).toEqual(['no text']);
    ink.show(<Text>fine</Text>);
    expect([row(), errors.length]).toEqual(['fine', 1]);
  });

  it('tells of one inside of a text, which is measured by Yoga', () => {
    const { errors, ink, row } = setUp();
    const node = (
      <Text>
        a<Transform transform={throws}>x</Transform>
      </Text>
    );
    expect(() => ink.show(node)).not.toThrow();
    expect(new Set(errors)).toEqual(new Set(['no text']));
    ink.show(<Text>fine</Text>);
    expect(row()).toBe('fine');
  });

  it('tells of what its owner throws when it is painted', () => {
    let frames = 0;
    const onPainted = () => {
      if (++frames === 1) throw new Error('no terminal');
    };
    const { errors, ink, row } = setUp({ onPainted });
    expect(() => ink.show(<Line text="one" />)).not.toThrow();
    expect(errors).toEqual(['no terminal']);
    ink.show(<Line text="two" />);
    expect([row(), frames]).toEqual(['two', 2]);
  });

  it('leaves other screens alone, those of now and of later', () => {
    const other = render(<Text>other</Text>, 10, 1);
    const { ink } = setUp();
    ink.show(<Transform transform={throws}>x</Transform>);
    other.show(<Text>still here</Text>);
    expect(other.lines()).toEqual(['still here']);
    expect(render(<Text>new</Text>, 10, 1).lines()).toEqual(['new']);
  });
});

describe('a component that fails outside of any boundary', () => {
  it('is told, not thrown where it was shown', async () => {
    const { errors, ink } = setUp();
    ink.show(<Text>fine</Text>);
    expect(() => ink.show(<Fails />)).not.toThrow();
    await later();
    expect(errors).toEqual(['bug']);
  });

  it('may be one that wants keys from Ink, which has none', async () => {
    const { errors, ink } = setUp();
    ink.show(<Asks />);
    await later();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/raw mode/i);
  });
});

describe('a screen', () => {
  it('has another size with the next commit, or when it is painted again', () => {
    const { grid, ink } = setUp();
    const node = (
      <Box width="100%" height={1} justifyContent="flex-end">
        <Text>right</Text>
      </Box>
    );
    ink.show(node);
    expect(grid.line(0)).toBe('right'.padStart(20));
    ink.resize(10, 3);
    expect(grid.line(0)).toBe(' '.repeat(10));
    ink.repaint();
    expect(grid.line(0)).toBe('right'.padStart(10));
    expect(grid.line(2)).toBe(' '.repeat(10));
  });

  it('paints nothing any more when it is closed', () => {
    let frames = 0;
    const { ink, row } = setUp({ onPainted: () => void frames++ });
    ink.show(<Text>last</Text>);
    const before = frames;
    ink.close();
    expect([row(), frames]).toEqual(['last', before]);
    expect(() => ink.close()).not.toThrow();
    expect(() => ink.repaint()).not.toThrow();
    expect(frames).toBe(before);
  });
});
