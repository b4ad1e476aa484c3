// The same tree shown by Ink itself, and painted by us with Ink's measuring of texts or with ours.
import '../fixtures/fast-react.ts';
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { Box, type DOMElement, render } from 'ink';
import type { ReactNode } from 'react';
import { Grid } from '../../../src/ui/paint/grid.ts';
import { adoptTexts } from '../../../src/ui/paint/measure-text.ts';
import { paintTree } from '../../../src/ui/paint/paint-tree.ts';
import { Run } from '../../../src/ui/paint/run.ts';

export const COLUMNS = 60;
export const ROWS = 20;

/** Who paints, and who measures: Ink; we, Ink; we, we. */
export type Mode = 'ink' | 'ink measures' | 'we measure';

class Out extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  readonly columns = COLUMNS;
  readonly rows = ROWS;
  frame = '';

  write(text: string, callback?: () => void): boolean {
    if (text) this.frame = text;
    if (typeof callback === 'function') callback();
    return true;
  }
}

const fail = (error: unknown): never => {
  throw error;
};

export interface Shown {
  show(node: ReactNode): void;
  /** The rows with SGR sequences, each look in its canonical form. */
  lines(): string[];
  close(): void;
}

export function open(mode: Mode): Shown {
  const stdout = new Out();
  const grid = new Grid(COLUMNS, ROWS);
  let probe: DOMElement | null = null;
  const instance = render(
    <Box
      ref={(box: DOMElement | null) => {
        probe = box ?? probe;
      }}
    />,
    {
      stdout: stdout as unknown as NodeJS.WriteStream,
      stderr: stdout as unknown as NodeJS.WriteStream,
      stdin: new Readable({ read() {} }) as unknown as NodeJS.ReadStream,
      debug: true,
      interactive: true,
      patchConsole: false,
      exitOnCtrlC: false,
      isScreenReaderEnabled: false,
    },
  );
  if (mode !== 'ink') takeOver(probe!, grid, mode);
  return {
    show: (node) => instance.rerender(node),
    lines() {
      if (mode === 'ink') fillWith(grid, stdout.frame);
      return Array.from({ length: ROWS }, (_, row) => grid.line(row, true));
    },
    close: () => instance.unmount(),
  };
}

function takeOver(probe: DOMElement, grid: Grid, mode: Mode): void {
  let root = probe;
  while (root.parentNode) root = root.parentNode;
  const layout = root.onComputeLayout!;
  root.onComputeLayout = () => {
    if (mode === 'we measure') adoptTexts(root, fail);
    layout();
  };
  root.onRender = () => {
    grid.clear();
    paintTree(root, grid);
  };
  root.onImmediateRender = root.onRender;
}

function fillWith(grid: Grid, frame: string): void {
  grid.clear();
  for (const [y, line] of frame.split('\n').entries()) grid.write(0, y, new Run().read(line), grid.area);
}
