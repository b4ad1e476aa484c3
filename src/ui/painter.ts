// State → terminal: the live rows with every view, the frame when it has changed.
import { Compositor } from './compositor/compositor.ts';
import { type FrameModel, frameModel } from './frame/frame-model.ts';
import { paintScreen } from './frame/paint.ts';
import { InkFrame } from './ink-frame.tsx';
import type { Highlighted } from './state/act.ts';
import { layoutOf, type UiState } from './state/state.ts';
import type { Sink } from './terminal/sink.ts';
import type { Theme } from './text/theme.ts';

/** Data alone changes the frame (the numbers in a dialog) at most this often, in seconds. */
const FRAME_INTERVAL = 0.3;
/** More than there are views, so that going round them finds each again. */
const FRAMES_KEPT = 16;

export class Painter {
  readonly compositor: Compositor<Highlighted>;
  private theme: Theme;
  private readonly ink: InkFrame;
  private readonly frames = new Map<string, string[]>();
  private drawn = '';
  private drawnAt = Number.NEGATIVE_INFINITY;
  private size = '';
  private hole: FrameModel['box'] = null;

  constructor(theme: Theme, sink: Sink, state: UiState, onError: (error: Error) => void) {
    this.theme = theme;
    this.ink = new InkFrame(theme);
    this.compositor = new Compositor(sink, state.columns, state.rows, onError);
    this.size = `${state.columns}x${state.rows}`;
  }

  /** `cause`: what the operator has done is shown at once, what the data does a little later. */
  paint(state: UiState, cause: 'key' | 'data'): void {
    const size = `${state.columns}x${state.rows}`;
    if (size !== this.size) this.compositor.resize(state.columns, state.rows);
    this.size = size;
    const layout = layoutOf(state);
    this.paintFrame(frameModel(state, layout), state.now, cause);
    this.compositor.setRows(paintScreen(state, layout, this.theme), this.hole?.rect ?? null);
    this.compositor.present(state.focus === 'detail' ? (state.detail?.group ?? null) : state.pending.group);
  }

  /** Other colours, from the next picture on. */
  setTheme(theme: Theme): void {
    this.theme = theme;
    this.ink.theme = theme;
    this.frames.clear();
    this.drawn = '';
  }

  /** The group that the terminal highlights: of the newest frame that has wholly arrived there. */
  get highlighted(): Highlighted {
    return this.compositor.shownTag;
  }

  close(): void {
    this.ink.close();
  }

  /** Views are come back to: what Ink takes tens of milliseconds for is kept. */
  private frameOf(key: string, model: FrameModel): string[] {
    const lines = this.frames.get(key) ?? this.ink.draw(model);
    this.frames.delete(key);
    this.frames.set(key, lines);
    for (const oldest of this.frames.keys()) {
      if (this.frames.size <= FRAMES_KEPT) break;
      this.frames.delete(oldest);
    }
    return lines;
  }

  private paintFrame(model: FrameModel, now: number, cause: 'key' | 'data'): void {
    const key = JSON.stringify(model);
    if (key === this.drawn) return;
    const onlyBox = cause === 'data' && sameBut(model, this.drawn);
    if (onlyBox && now - this.drawnAt < FRAME_INTERVAL) return;
    this.compositor.setFrame(this.frameOf(key, model));
    this.drawn = key;
    this.drawnAt = now;
    this.hole = model.box;
  }
}

/** Whether only the words of the box have changed: the layout must never lag behind the rows. */
function sameBut(model: FrameModel, drawn: string): boolean {
  if (!drawn) return false;
  const before = JSON.parse(drawn) as FrameModel;
  return (
    JSON.stringify({ ...model, box: null }) === JSON.stringify({ ...before, box: null }) &&
    (model.box === null) === (before.box === null)
  );
}
