// State → terminal: the rows with every view, a dialog when it has changed.

import type { Sink } from '../../terminal/sink.ts';
import type { Highlighted } from '../actions/on-screen.ts';
import { layoutOf } from '../model/layout-of.ts';
import type { UiState } from '../model/state.ts';
import type { Theme } from '../text/theme.ts';
import { Compositor, type Segment } from './compositor/compositor.ts';
import { type FrameModel, frameModel } from './frame/frame-model.ts';
import { paintScreen } from './frame/paint.ts';
import { paintPanels } from './frame/panels.ts';
import { InkFrame } from './ink-frame.tsx';

const NOTHING_OVER = { key: '', at: Number.NEGATIVE_INFINITY, box: null };

/** Data alone changes the words of a dialog at most this often, in seconds. */
const WORDS_INTERVAL = 0.3;

export class Painter {
  readonly compositor: Compositor<Highlighted>;
  #theme: Theme;
  readonly #ink: InkFrame;
  #panels: { key: string; segments: Segment[] } = { key: '', segments: [] };
  #over: { key: string; at: number; box: FrameModel['box'] } = NOTHING_OVER;
  #size = '';

  constructor(theme: Theme, sink: Sink, state: UiState, onError: (error: Error) => void) {
    this.#theme = theme;
    this.#ink = new InkFrame(theme);
    this.compositor = new Compositor(sink, state.columns, state.rows, onError);
    this.#size = `${state.columns}x${state.rows}`;
  }

  /** `cause`: what the operator has done is shown at once, what the data does a little later. */
  paint(state: UiState, cause: 'key' | 'data'): void {
    const size = `${state.columns}x${state.rows}`;
    if (size !== this.#size) this.compositor.resize(state.columns, state.rows);
    this.#size = size;
    const layout = layoutOf(state);
    const model = frameModel(state, layout);
    this.#drawOver(model, state.now, cause);
    const rows = [...this.#panelsOf(model), ...paintScreen(state, layout, this.#theme)];
    this.compositor.setRows(rows, this.#over.box?.rect ?? null);
    this.compositor.present(state.focus === 'detail' ? (state.detail?.group ?? null) : state.pending.group);
  }

  /** Other colours, from the next picture on. */
  setTheme(theme: Theme): void {
    this.#theme = theme;
    this.#ink.theme = theme;
    this.#panels = { key: '', segments: [] };
    this.#over = NOTHING_OVER;
  }

  /** The group that the terminal highlights: of the newest frame that has wholly arrived there. */
  get highlighted(): Highlighted {
    return this.compositor.shownTag;
  }

  close(): void {
    this.#ink.close();
  }

  #panelsOf(model: FrameModel): Segment[] {
    const key = JSON.stringify({ ...model, box: null });
    if (key !== this.#panels.key) this.#panels = { key, segments: paintPanels(model, this.#theme) };
    return this.#panels.segments;
  }

  /** The dialog, or the words that stand where the terminal is too small. */
  #drawOver(model: FrameModel, now: number, cause: 'key' | 'data'): void {
    const { columns, rows, tooSmall, box } = model;
    const key = JSON.stringify({ columns, rows, tooSmall, box });
    if (key === this.#over.key) return;
    const onlyWords = cause === 'data' && box !== null && this.#over.box !== null;
    if (onlyWords && now - this.#over.at < WORDS_INTERVAL) return;
    this.compositor.setFrame(this.#ink.draw(model));
    this.#over = { key, at: now, box };
  }
}
