// Ink, drawing dialogs onto a virtual terminal. It renders synchronously, when it is told to and at no other time.
import { Readable } from 'node:stream';
import { type Instance, render } from 'ink';
import type { Theme } from '../text/theme.ts';
import { VirtualStdout } from './compositor/virtual-stdout.ts';
import type { FrameModel } from './frame/frame-model.ts';
import { Frame } from './frame/look.tsx';

export class InkFrame {
  theme: Theme;
  readonly #stdout: VirtualStdout;
  #instance: Instance | null = null;

  constructor(theme: Theme) {
    this.theme = theme;
    this.#stdout = new VirtualStdout(0, 0);
  }

  /** What is over the panels, a line a row of the terminal; what there is none of takes no time. */
  draw(model: FrameModel): string[] {
    const { columns, rows, tooSmall, box } = model;
    if (tooSmall === null && !box) return [];
    this.#stdout.columns = columns;
    this.#stdout.rows = rows;
    const node = <Frame model={model} theme={this.theme} />;
    if (this.#instance) this.#instance.rerender(node);
    else this.#instance = this.#mount(node);
    const lines = this.#stdout.frame;
    if (tooSmall !== null || !box) return lines;
    const { top, left } = box.rect;
    return [...new Array<string>(top).fill(''), ...lines.map((line) => ' '.repeat(left) + line)];
  }

  close(): void {
    this.#instance?.unmount();
    this.#instance = null;
  }

  #mount(node: React.ReactNode): Instance {
    return render(node, {
      stdout: this.#stdout as unknown as NodeJS.WriteStream,
      stderr: this.#stdout as unknown as NodeJS.WriteStream,
      // Keys are read by the screen itself: Ink must not touch the terminal's mode
      stdin: new Readable({ read() {} }) as unknown as NodeJS.ReadStream,
      debug: true,
      patchConsole: false,
      interactive: true,
      exitOnCtrlC: false,
      isScreenReaderEnabled: false,
    });
  }
}
