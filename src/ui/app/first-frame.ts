// What the terminal shows while React and Ink load: drawn synchronously, before anything heavy is imported. The painter
// continues from exactly these lines, so nothing flickers.

import { enterScreen, type TerminalOut } from '../../terminal/guard.ts';
import { keyboard, muteKeyboard } from '../../terminal/keyboard.ts';
import { sizeOf } from '../../terminal/size.ts';
import { type Layout, layoutFor, PANEL_TITLES, type PanelLayout, UNKNOWN_OWNER_ROWS } from '../model/layout.ts';
import { bare, sanitise } from '../text/sanitise.ts';
import { cell } from '../text/table.ts';
import { makeTheme } from '../text/theme.ts';

export interface FirstFrameOptions {
  columns: number;
  rows: number;
  version: string;
  /** What is being opened, e.g. "MOCK stuck". */
  target: string;
  /** The queues are another process's, which has a panel. */
  owner?: boolean;
  env: NodeJS.ProcessEnv;
}

let drawn: { columns: number; rows: number; lines: string[] } | null = null;

/**
 * Turns the terminal's echo off, enters the alternate screen and draws the skeleton, at once. `leaveScreen()`
 * (terminal/guard.ts) undoes it.
 */
export function firstFrame(stdout: TerminalOut, options: FirstFrameOptions): void {
  const { columns, rows } = sizeOf(options);
  const lines = firstLines({ ...options, columns, rows });
  const stdin = keyboard();
  if (stdin) muteKeyboard(stdin);
  enterScreen(stdout);
  const text = lines.map((line, row) => `\x1b[${row + 1};1H${line}`).join('');
  stdout.write(bare(text));
  drawn = { columns, rows, lines };
}

/** The lines that firstFrame has put on the terminal, if it has. */
export function firstFrameOnScreen(): { columns: number; rows: number; lines: string[] } | null {
  return drawn;
}

/** `rows` lines of `columns` cells. */
export function firstLines({ columns, rows, version, target, owner = false, env }: FirstFrameOptions): string[] {
  const theme = makeTheme(env);
  const layout = layoutFor({
    columns,
    rows,
    page: 'overview',
    deviceRows: 0,
    ownerRows: owner ? UNKNOWN_OWNER_ROWS : 0,
    detail: false,
  });
  const lines = Array.from({ length: rows }, () => ' '.repeat(columns));
  lines[0] = cell(` iopftop ${version}  ${sanitise(target)}`, columns);
  lines[1] = cell(' starting…', columns);
  if (layout.panels) drawPanels(lines, layout);
  return lines.map((line) => theme.glyphs(line));
}

function drawPanels(lines: string[], layout: Layout): void {
  for (const placed of layout.panels!) {
    panelLines(placed, ` ${PANEL_TITLES[placed.panel]} `).forEach((line, i) => {
      const row = placed.box.top + i;
      const old = lines[row] ?? '';
      lines[row] = old.slice(0, placed.box.left) + line + old.slice(placed.box.left + placed.box.width);
    });
  }
}

/** A panel without colours: its lines, one for each row of the box. */
function panelLines(placed: PanelLayout, title: string): string[] {
  const { width, height } = placed.box;
  const inner = width - 2;
  const lines = Array.from({ length: height }, () => `│${' '.repeat(inner)}│`);
  const [left, right] = placed.first ? ['╭', '╮'] : ['├', '┤'];
  lines[0] = `${left}─${title}${'─'.repeat(Math.max(0, inner - 1 - title.length))}${right}`;
  if (placed.last) lines[height - 1] = `╰${'─'.repeat(inner)}╯`;
  return lines;
}
