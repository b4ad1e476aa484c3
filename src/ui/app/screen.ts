// The interactive front end: messages and keys in, commands and frames out. Speaks to the engine by messages only.

import type { EngineClient } from '../../engine/thread/client.ts';
import type { Command, ExitPlan, FromEngine, Hello, View } from '../../protocol/messages.ts';
import { copySequence } from '../../terminal/clipboard.ts';
import { leaveScreen, setMouse, watchScreen } from '../../terminal/guard.ts';
import type { KeyPress } from '../../terminal/key-press.ts';
import { type InStream, Lifecycle, type OutStream, type StopSignal } from '../../terminal/lifecycle.ts';
import { type Sink, sinkFor } from '../../terminal/sink.ts';
import { sizeOf } from '../../terminal/size.ts';
import { startWatcher } from '../../terminal/watcher.ts';
import { sayCopied } from '../actions/copy.ts';
import { acts, onKey } from '../actions/on-key.ts';
import { onDone, onError, onNotice } from '../actions/on-message.ts';
import { onView } from '../actions/on-view.ts';
import { isForUs, refuseKey } from '../actions/refused-keys.ts';
import { say, sayPaused } from '../actions/say.ts';
import { settle } from '../actions/settle.ts';
import { windowFor } from '../actions/window.ts';
import { isRaised } from '../model/alarms/raised.ts';
import type { ScreenConfig } from '../model/config.ts';
import { initialState } from '../model/initial.ts';
import type { Effect, UiState } from '../model/state.ts';
import { copied } from '../panels/copied.ts';
import { makeTheme } from '../text/theme.ts';
import type { ThemeName } from '../text/theme-names.ts';
import { ScreenClock } from './clock.ts';
import { type Ending, farewell, sayLast } from './ending.ts';
import { firstFrameOnScreen } from './first-frame.ts';
import { Painter } from './painter.tsx';

export interface Terminal {
  stdout: NodeJS.WriteStream;
  stdin: NodeJS.ReadStream;
  env: NodeJS.ProcessEnv;
  /** Called once the terminal is open; returns what to say, or null. */
  giveUpRoot?: () => string | null;
}

const BELL = '\x07';

/** For what changes without a view: a message that expires, the seconds of FROZEN. */
const TICK_MS = 250;

/**
 * Shows the session until it ends: by key, by signal, or by the engine itself. Resolves with the exit code when the
 * engine has torn everything down and the terminal is as it was.
 */
export function runScreen(
  client: EngineClient,
  hello: Hello,
  terminal: Terminal,
  config: ScreenConfig,
): Promise<number> {
  return new Promise((resolve) => new Screen(client, hello, terminal, config).start(resolve));
}

class Screen {
  readonly #client: EngineClient;
  readonly #terminal: Terminal;
  #finished: (code: number) => void = () => {};
  readonly #painter: Painter;
  readonly #sink: Sink;
  readonly #lifecycle: Lifecycle;
  #state: UiState;
  readonly #clock: ScreenClock;
  readonly #ending: Ending = { signal: null, crash: null, broken: null, summary: null };
  #lastWindow = '';
  #tick: NodeJS.Timeout | null = null;
  #over = false;
  #ended = false;
  #theme: ThemeName;

  constructor(client: EngineClient, hello: Hello, terminal: Terminal, config: ScreenConfig) {
    this.#client = client;
    this.#terminal = terminal;
    this.#clock = new ScreenClock(hello);
    this.#state = initialState(hello, sizeOf(terminal.stdout), this.#clock.now(), config);
    this.#theme = config.theme;
    this.#sink = sinkFor(terminal.stdout);
    this.#painter = new Painter({
      theme: makeTheme(terminal.env, config),
      sink: this.#sink,
      state: this.#state,
      onGone: () => this.#stop('SIGHUP'),
      onBug: (error) => this.#crashed(error),
      onBroken: (error) => this.#broken(error),
    });
    this.#lifecycle = new Lifecycle(terminal.stdout as unknown as OutStream, terminal.stdin as unknown as InStream, {
      keys: {
        acts: (key) => isForUs(this.#state, key) && acts(this.#state, key),
        press: (key) => this.#key(key),
        refuse: (key, coming) => this.#change(refuseKey({ ...this.#state, now: this.#clock.now() }, key, coming)),
      },
      onResize: () => this.#resize(),
      onStop: (signal) => this.#stop(signal),
      onResume: () => this.#repaint(),
      onCrash: (error) => this.#crashed(error),
    });
  }

  start(finished: (code: number) => void): void {
    this.#finished = finished;
    const first = firstFrameOnScreen();
    const { columns, rows, mouse } = this.#state;
    this.#lifecycle.start();
    this.#painter.writer.tell(setMouse(mouse));
    if (first?.columns === columns && first.rows === rows) this.#painter.writer.adopt(first.lines);
    this.#client.onMessage((message) => this.#receive(message));
    this.#client.ended.then(
      () => this.#end(),
      (error: unknown) => {
        this.#ending.crash ??= error;
        this.#end();
      },
    );
    const problem = this.#terminal.giveUpRoot?.() ?? null;
    this.#change(problem === null ? this.#state : say(this.#state, 'error', problem).state);
  }

  /** Everything else that changes comes with a view: nothing wakes up for it. */
  #keepTime(): void {
    if (this.#state.status || this.#state.frozen) {
      this.#tick ??= setInterval(() => this.#change(this.#state), TICK_MS);
      return;
    }
    if (this.#tick) clearInterval(this.#tick);
    this.#tick = null;
  }

  #receive(message: FromEngine): void {
    const now = { ...this.#state, now: this.#clock.now() };
    switch (message.type) {
      case 'view':
        // Not before the first frame: starting a process takes time
        watchScreen(startWatcher);
        this.#takeView(message);
        this.#client.send({ control: 'seen', what: 'view' });
        return;
      case 'flush':
        this.#client.send({ control: 'seen', what: 'events' });
        return;
      case 'done':
        this.#change(onDone(now, message));
        return;
      case 'error':
        this.#change(onError(now, message));
        return;
      case 'notice':
        this.#change(onNotice(now, message));
        return;
      case 'summary':
        this.#ending.summary = message;
    }
  }

  #takeView(view: View): void {
    const before = this.#clock.paused;
    this.#clock.session = view.snapshot.t;
    if (this.#state.config.bell && isRaised(this.#state.view?.snapshot.alarms ?? [], view.snapshot.alarms)) {
      this.#painter.writer.tell(BELL);
    }
    const state = onView(this.#state, view, this.#clock.now());
    this.#change(this.#clock.paused && !before ? sayPaused(state) : state);
  }

  #key(key: KeyPress): void {
    if (!isForUs(this.#state, key)) return;
    const { highlighted, broken } = this.#painter;
    const layer = this.#painter.topLayer(this.#state);
    if (!layer) return;
    // Time is stopped: no message expires
    const before = this.#clock.paused ? { ...this.#state, status: null } : this.#state;
    const { state, effects } = onKey({ ...before, now: this.#clock.now() }, key, layer, {
      highlighted,
      broken,
      copied,
    });
    this.#change(state);
    for (const effect of effects) this.#carryOut(effect);
  }

  /** A bug, but of one part only: it says so in its place, and a report is left. */
  #broken(error: unknown): void {
    this.#ending.broken ??= error;
  }

  #carryOut(effect: Effect): void {
    if (effect.do === 'send') this.#client.send({ command: effect.command, cause: 'key' });
    else if (effect.do === 'copy') this.#copy(effect.text, effect.what);
    else if (effect.do === 'quit') this.#quit(effect.onExit);
    else if (effect.do === 'leave now') this.#end();
    else if (effect.do === 'redraw') this.#repaint();
    else this.#lifecycle.suspend();
  }

  /** The terminal does not report whether it took it. */
  #copy(text: string, what: string): void {
    const copy = copySequence(text, this.#terminal.env);
    if ('sequence' in copy) this.#painter.writer.tell(copy.sequence);
    const problem = 'problem' in copy ? copy.problem : null;
    this.#change(sayCopied(this.#state, { what, length: text.length, problem }));
  }

  /** What the state says of the terminal itself. */
  #follow({ theme, config, mouse }: UiState): void {
    this.#painter.writer.tell(setMouse(mouse));
    if (theme === this.#theme) return;
    this.#theme = theme;
    const made = makeTheme(this.#terminal.env, { ...config, theme });
    this.#painter.setTheme(made);
    if (made.colour || theme === 'mono') return;
    this.#state = say(this.#state, 'info', `Theme ${theme}: still no colours (NO_COLOR or TERM=dumb).`).state;
  }

  /** Every change of state comes through here: asks the engine for what will be visible, and paints. */
  #change(state: UiState): void {
    if (this.#over) return;
    const time = this.#clock.now();
    const status = state.status && state.status.until > time ? state.status : null;
    this.#state = { ...state, now: time, status };
    this.#follow(this.#state);
    const request = windowFor(this.#state);
    const key = JSON.stringify(request);
    if (key !== this.#lastWindow) this.#client.send(request);
    this.#lastWindow = key;
    this.#painter.paint(this.#state);
    this.#keepTime();
  }

  #resize(): void {
    this.#change(settle({ ...this.#state, ...sizeOf(this.#terminal.stdout) }));
  }

  #repaint(): void {
    this.#painter.writer.invalidate();
    this.#resize();
  }

  /**
   * A signal, or the terminal is gone: leaves by the exit plan. A second signal does not wait for it, except SIGHUP: a
   * dropped line reports itself in several ways.
   */
  #stop(signal: StopSignal): void {
    this.#ending.signal ??= signal;
    if (!this.#state.leaving) this.#quit(null);
    else if (signal !== 'SIGHUP') this.#end();
  }

  #quit(onExit: ExitPlan | null): void {
    this.#change(say({ ...this.#state, leaving: true }, 'info', 'Leaving …').state);
    const command: Command = { cmd: 'quit' };
    if (onExit !== null) command.onExit = onExit;
    if (this.#ending.signal !== null) command.signal = this.#ending.signal;
    this.#client.send({ command, cause: 'key' });
  }

  /** A bug: the terminal comes back first, then the exit plan is followed anyway. */
  #crashed(error: unknown): void {
    if (this.#ending.crash !== null) {
      this.#end();
      return;
    }
    this.#ending.crash = error;
    this.#over = true;
    leaveScreen();
    this.#client.send({ command: { cmd: 'quit' }, cause: 'key' });
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#over = true;
    if (this.#tick) clearInterval(this.#tick);
    this.#lifecycle.stop();
    this.#sink.close();
    try {
      this.#painter.close();
    } catch (error) {
      this.#ending.crash ??= error;
    }
    const { line, code } = farewell(this.#ending);
    if (line !== null) sayLast(line);
    this.#finished(code);
  }
}
