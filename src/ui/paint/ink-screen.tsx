// An Ink application whose tree is painted by us: React and Yoga as Ink has them, Ink's own output switched off.
//
// The insides of Ink that this folder relies on; Ink is pinned to the version they were read in (8.0.0).
// Typed, in the exported DOMElement: nodeName, childNodes, parentNode, style, yogaNode, isHidden, internal_transform, onRender,
// onImmediateRender, onComputeLayout. None of the on* is documented.
// Behaviour:
//   a  The ref of a <Box> is that element; parentNode leads from it to 'ink-root'.
//   b  After each commit Ink calls root.onComputeLayout, then root.onRender, through these properties.
//   c  With `debug: true` neither of them is throttled.
//   d  The looks of a <Text> are its internal_transform, made with chalk.
//   e  Texts that are nested in texts have no yogaNode.
//   f  Ink's own onRender is still called at unmount (it is shown null before), on 'resize' of its stdout (never emitted), and
//      after suspendTerminal (not to be used).
//   g  Ink sets the measure function of a text once, when the node is made (measure-text.ts).
//   h  An exception in the on* leaves the reconciler, which all instances share, unusable: nothing escapes from here.
//   i  Ink catches what a component throws, unmounts, and rejects waitUntilExit().
//   j  Ink listens to signals by signal-exit, which ends a process on a signal that nobody else listens to: a program with signals of
//      its own leaves that out of its bundle (scripts/lib/awaits.mjs).
// What an upgrade breaks is loud: openInk throws where the root is not found, the fidelity test compares every cell with Ink's,
// tsc checks the names.
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { Box, type DOMElement, type Instance, render } from 'ink';
import type { ReactNode } from 'react';
import type { Grid } from './grid.ts';
import { adoptTexts } from './measure-text.ts';
import { paintTree } from './paint-tree.ts';

export interface InkScreenOptions {
  /** What the tree is painted into; its size is that of the screen. */
  grid: Grid;
  /** Called when the grid has another frame, whatever has changed the tree: at once after a commit. */
  onPainted(): void;
  /**
   * Gets everything that goes wrong: while the tree is laid out and painted, in `onPainted`, in a component outside of any
   * <Boundary> (then nothing is shown any more).
   */
  onError(error: unknown): void;
}

export interface InkScreen {
  /** Shows `node`, at once. */
  show(node: ReactNode): void;
  /** Commits now what has changed in a store: React would, in a microtask. */
  flush(): void;
  /** Another size; blank until the next commit, or `repaint`. */
  resize(columns: number, rows: number): void;
  /** Lays out and paints what is mounted. */
  repaint(): void;
  close(): void;
}

/** An Ink application on a grid of cells. Throws if Ink has no root where this version of it has one. */
export function openInk({ grid, onPainted, onError }: InkScreenOptions): InkScreen {
  const stdout = new NoTerminal(grid.columns, grid.rows);
  const report = (error: unknown) => guarded(() => onError(error), rethrowLater);
  const { instance, root } = mount(stdout);
  const layout = root.onComputeLayout;
  if (!layout) throw new Error('Ink lays out in a way that is not known');
  root.onComputeLayout = () =>
    guarded(() => {
      adoptTexts(root, report);
      layout();
    }, report);
  root.onRender = () =>
    guarded(() => {
      grid.clear();
      paintTree(root, grid);
      onPainted();
    }, report);
  root.onImmediateRender = root.onRender;
  instance.waitUntilExit().catch(report);
  let shown: ReactNode = null;
  return {
    show(node) {
      shown = node;
      instance.rerender(node);
    },
    flush: () => instance.rerender(shown),
    resize(columns, rows) {
      grid.resize(columns, rows);
      stdout.columns = columns;
      stdout.rows = rows;
    },
    repaint() {
      root.onComputeLayout?.();
      root.onRender?.();
    },
    close() {
      root.onRender = () => {};
      root.onImmediateRender = root.onRender;
      instance.rerender(null);
      instance.unmount();
    },
  };
}

function guarded(act: () => void, onError: (error: unknown) => void): void {
  try {
    act();
  } catch (error) {
    onError(error);
  }
}

/** An error in the handler of errors is the process's. */
const rethrowLater = (error: unknown): void =>
  queueMicrotask(() => {
    throw error;
  });

function mount(stdout: NoTerminal): { instance: Instance; root: DOMElement } {
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
      // Keys are not read by Ink: it must not touch the terminal's mode
      stdin: new Readable({ read() {} }) as unknown as NodeJS.ReadStream,
      debug: true,
      interactive: true,
      patchConsole: false,
      exitOnCtrlC: false,
      isScreenReaderEnabled: false,
    },
  );
  return { instance, root: rootOf(probe) };
}

function rootOf(element: DOMElement | null): DOMElement {
  let node = element;
  while (node?.parentNode) node = node.parentNode;
  if (node?.nodeName !== 'ink-root') throw new Error('Ink has no root where it is looked for');
  return node;
}

/** What Ink takes for the terminal: it has a size, and nothing that is written to it goes anywhere. */
class NoTerminal extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  columns: number;
  rows: number;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write(_text: string, callback?: () => void): boolean {
    if (typeof callback === 'function') callback();
    return true;
  }
}
