// State → store → components → Ink's tree → cells → terminal.
import { type Layer, topLayer } from '../actions/layers.ts';
import type { BrokenPart, Highlighted } from '../actions/on-screen.ts';
import { ScreenStore } from '../hooks/store.ts';
import { KeyLayers } from '../hooks/use-keys.tsx';
import type { ScreenParts } from '../hooks/use-screen.ts';
import { placed } from '../model/layout.ts';
import { layoutOf } from '../model/layout-of.ts';
import type { UiState } from '../model/state.ts';
import { setColours } from '../paint/colour.ts';
import { Grid } from '../paint/grid.ts';
import { type InkScreen, openInk } from '../paint/ink-screen.tsx';
import { type Sink, Writer } from '../paint/writer.ts';
import { sanitiseCell } from '../text/sanitise.ts';
import type { Theme } from '../text/theme.ts';
import { App } from './app.tsx';

export interface PainterOptions {
  theme: Theme;
  sink: Sink;
  state: UiState;
  /** The terminal takes no more frames. */
  onGone(error: Error): void;
  /** Nothing can be drawn any more. */
  onBug(error: unknown): void;
  /** One part of the screen cannot be drawn. */
  onBroken(error: unknown): void;
}

export class Painter {
  readonly writer: Writer<Highlighted>;
  /** Frames that were drawn. */
  frames = 0;
  /** Who takes keys: what has been drawn last. */
  readonly layers = new KeyLayers();
  /** The parts that cannot be drawn now. */
  readonly broken = new Set<BrokenPart>();
  readonly #store: ScreenStore;
  readonly #ink: InkScreen;
  readonly #grid: Grid;
  readonly #onBroken: (error: unknown) => void;
  #theme: Theme;
  /** What is mounted is drawn in it. Null before the first `paint`: the terminal shows what the writer adopts. */
  #drawnIn: Theme | null = null;

  constructor({ theme, sink, state, onGone, onBug, onBroken }: PainterOptions) {
    const grid = new Grid(state.columns, state.rows);
    this.#grid = grid;
    this.#theme = theme;
    this.#onBroken = onBroken;
    this.#store = new ScreenStore(state);
    this.writer = new Writer(grid, sink, { onError: onGone, vet: sanitiseCell });
    this.#ink = openInk({ grid, onPainted: () => this.#present(), onError: onBug });
  }

  /** Draws it, in the next microtask: what a key opens has the keys from then on. */
  paint(state: UiState): void {
    const { columns, rows } = state;
    if (columns !== this.#grid.columns || rows !== this.#grid.rows) this.#ink.resize(columns, rows);
    this.#store.set(state);
    if (this.#drawnIn !== this.#theme) this.#show();
    // If nothing is drawn, there may still be something to tell the terminal
    const { frames } = this;
    queueMicrotask(() => {
      if (this.frames === frames && this.#drawnIn) this.writer.present(this.#tag());
    });
  }

  /** Draws now what would be drawn in the next microtask. */
  flush(): void {
    this.#ink.flush();
  }

  /** The layer that a key is for. Where the state has another one on top already, that is drawn first. */
  topLayer(state: UiState): Layer | null {
    if (this.layers.top !== topLayer(state)) this.flush();
    return this.layers.top;
  }

  /** Other colours, from the next frame on. */
  setTheme(theme: Theme): void {
    this.#theme = theme;
  }

  /** The group that the terminal highlights: in the newest frame that has arrived there completely. */
  get highlighted(): Highlighted {
    return this.writer.shownTag;
  }

  close(): void {
    this.#drawnIn = null;
    this.#ink.close();
  }

  #show(): void {
    this.#drawnIn = this.#theme;
    setColours(this.#theme.colour);
    const screen: ScreenParts = {
      store: this.#store,
      theme: this.#theme,
      broken: this.broken,
      onBroken: this.#onBroken,
    };
    this.#ink.show(<App screen={screen} layers={this.layers} />);
  }

  #present(): void {
    this.frames++;
    this.writer.present(this.#tag());
  }

  /** Null where no panel in this frame shows a group as selected. */
  #tag(): Highlighted {
    const state = this.#store.get(this.#store.front);
    const panel = state.focus === 'detail' ? 'detail' : 'pending';
    if (!placed(layoutOf(state), panel)) return null;
    return panel === 'detail' ? (state.detail?.group ?? null) : state.pending.group;
  }
}
