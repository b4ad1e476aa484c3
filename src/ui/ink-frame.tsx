// Ink, drawing the frame onto a virtual terminal. It renders synchronously, when it is told to and at no other time.
import { Readable } from 'node:stream';
import { type Instance, render } from 'ink';
import { VirtualStdout } from './compositor/virtual-stdout.ts';
import type { FrameModel } from './frame/frame-model.ts';
import { Frame } from './frame/look.tsx';
import type { Theme } from './text/theme.ts';

export class InkFrame {
  theme: Theme;
  private readonly stdout: VirtualStdout;
  private instance: Instance | null = null;

  constructor(theme: Theme) {
    this.theme = theme;
    this.stdout = new VirtualStdout(0, 0);
  }

  /** The frame's lines, one a row. */
  draw(model: FrameModel): string[] {
    this.stdout.columns = model.columns;
    this.stdout.rows = model.rows;
    const node = <Frame model={model} theme={this.theme} />;
    if (this.instance) this.instance.rerender(node);
    else this.instance = this.mount(node);
    return this.stdout.frame;
  }

  close(): void {
    this.instance?.unmount();
    this.instance = null;
  }

  private mount(node: React.ReactNode): Instance {
    return render(node, {
      stdout: this.stdout as unknown as NodeJS.WriteStream,
      stderr: this.stdout as unknown as NodeJS.WriteStream,
      // keys are read by the screen itself: Ink must not touch the terminal's mode
      stdin: new Readable({ read() {} }) as unknown as NodeJS.ReadStream,
      debug: true,
      patchConsole: false,
      interactive: true,
      exitOnCtrlC: false,
      isScreenReaderEnabled: false,
    });
  }
}
