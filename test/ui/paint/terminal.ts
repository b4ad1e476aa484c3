// A terminal that obeys what a writer sends, and lets itself be read cell by cell.
import xterm from '@xterm/headless';
import type { Sink } from '../../../src/ui/paint/writer.ts';

/** A sink whose writes end when the test says so. */
export class SlowSink implements Sink {
  readonly data: string[] = [];
  /** The most writes that were in flight at a time. */
  most = 0;
  readonly #open: ((error: Error | null) => void)[] = [];

  write(data: string, done: (error: Error | null) => void): void {
    this.data.push(data);
    this.#open.push(done);
    this.most = Math.max(this.most, this.#open.length);
  }

  finish(error: Error | null = null): void {
    this.#open.shift()?.(error);
  }
}

/** What a write shows, without the synchronized update around it. */
export const body = (data: string | undefined): string =>
  (data ?? '').replace('\x1b[?2026h', '').replace('\x1b[?2026l', '');

export class VirtualTerminal {
  readonly #terminal: xterm.Terminal;

  constructor(columns: number, rows: number) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  }

  obey(data: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(data, resolve));
  }

  lines(): string[] {
    const { buffer, rows } = this.#terminal;
    return Array.from({ length: rows }, (_, row) => buffer.active.getLine(row)!.translateToString(false));
  }

  /** Each cell: its character, its width, its look. */
  cells(): string[] {
    const { buffer, rows, cols } = this.#terminal;
    return Array.from({ length: rows * cols }, (_, i) => {
      const cell = buffer.active.getLine(Math.floor(i / cols))!.getCell(i % cols)!;
      const look = [
        cell.getFgColorMode(),
        cell.getFgColor(),
        cell.getBgColorMode(),
        cell.getBgColor(),
        cell.isBold(),
        cell.isDim(),
        cell.isItalic(),
        cell.isUnderline(),
        cell.isInverse(),
        cell.isStrikethrough(),
      ];
      return `${cell.getChars() || (cell.getWidth() ? ' ' : '')}/${cell.getWidth()}/${look.join(',')}`;
    });
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}
