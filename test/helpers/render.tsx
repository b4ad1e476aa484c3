// A component on a screen of its own, for tests of components: it is unmounted after each test.
import type { ReactNode } from 'react';
import { onTestFinished } from 'vitest';
import { type Area, Grid } from '../../src/ui/paint/grid.ts';
import { openInk } from '../../src/ui/paint/ink-screen.tsx';
import type { Run } from '../../src/ui/paint/run.ts';

/** A run of text of a frame: where it begins, its cells, what clips it. */
export interface Written {
  x: number;
  y: number;
  width: number;
  text: string;
  clip: Area;
}

export interface Rendered {
  /** The rows as text, without blanks at their ends. */
  lines(): string[];
  /** The rows as text and SGR sequences. */
  painted(): string[];
  /** Shows another node in the same place. */
  show(node: ReactNode): void;
  /** The newest frame, run by run, whole also where they are clipped. */
  written(): readonly Written[];
  /** Frames so far. */
  frames(): number;
  unmount(): void;
}

/** What goes wrong is thrown by the next call, except where the test takes it. */
export function render(node: ReactNode, columns: number, rows: number, onError?: (error: unknown) => void): Rendered {
  const grid = new WatchedGrid(columns, rows);
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
  return {
    lines: () => all(false),
    painted: () => all(true),
    written: () => grid.written,
    show,
    frames: () => frames,
    unmount,
  };
}

class WatchedGrid extends Grid {
  written: Written[] = [];

  override clear(): void {
    super.clear();
    this.written = [];
  }

  override write(x: number, y: number, run: Run, clip: Area): void {
    super.write(x, y, run, clip);
    this.written.push({ x, y, width: run.width, text: run.text ?? '', clip });
  }
}
