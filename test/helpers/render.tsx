// A component on a screen of its own, for tests of components: it is unmounted after each test.
import type { ReactNode } from 'react';
import { onTestFinished } from 'vitest';
import { Grid } from '../../src/ui/paint/grid.ts';
import { openInk } from '../../src/ui/paint/ink-screen.tsx';

export interface Rendered {
  /** The rows as text, without blanks at their ends. */
  lines(): string[];
  /** The rows as text and SGR sequences. */
  painted(): string[];
  /** Shows another node in the same place. */
  show(node: ReactNode): void;
  /** Frames so far. */
  frames(): number;
  unmount(): void;
}

/** What goes wrong is thrown by the next call, except where the test takes it. */
export function render(node: ReactNode, columns: number, rows: number, onError?: (error: unknown) => void): Rendered {
  const grid = new Grid(columns, rows);
  const errors: unknown[] = [];
  let frames = 0;
  const ink = openInk({
    grid,
    onPainted: () => {
      frames++;
    },
    onError: onError ?? ((error) => errors.push(error)),
  });
  const check = () => {
    if (errors.length) throw errors.shift();
  };
  const all = (painted: boolean) => {
    check();
    return Array.from({ length: rows }, (_, row) => grid.line(row, painted).trimEnd());
  };
  let mounted = true;
  const unmount = () => {
    if (mounted) ink.close();
    mounted = false;
  };
  onTestFinished(() => {
    unmount();
    check();
  });
  const show = (other: ReactNode) => {
    ink.show(other);
    check();
  };
  show(node);
  return { lines: () => all(false), painted: () => all(true), show, frames: () => frames, unmount };
}
