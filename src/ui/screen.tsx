// The interactive front end: messages and keys in, commands and frames out. Speaks to the engine by messages only.
import { constants } from 'node:os';
import { DEFAULT_SCREEN, type ScreenConfig } from '../cli/config-types.ts';
import type { EngineClient } from '../engine/client.ts';
import type { Command, ExitPlan, FromEngine, Hello, Summary, ToEngine, View } from '../protocol/messages.ts';
import { isRaised } from './alarms/raised.ts';
import { firstFrameOnScreen } from './first-frame.ts';
import { Painter } from './painter.ts';
import { onDone, onError } from './state/perform.ts';
import { say } from './state/say.ts';
import { type Effect, initialState, type UiState } from './state/state.ts';
import { settle, takeView, windowFor } from './state/take.ts';
import { onKey } from './state/update.ts';
import { copySequence } from './terminal/clipboard.ts';
import { leaveScreen, setMouse, watchScreen } from './terminal/guard.ts';
import type { KeyPress } from './terminal/input.ts';
import { type InStream, Lifecycle, type OutStream, type StopSignal } from './terminal/lifecycle.ts';
import { type Sink, sinkFor } from './terminal/sink.ts';
import { startWatcher } from './terminal/watcher.ts';
import { plural } from './text/format.ts';
import { makeTheme } from './text/theme.ts';
import type { ThemeName } from './text/theme-names.ts';

export interface Terminal {
  stdout: NodeJS.WriteStream;
  stdin: NodeJS.ReadStream;
  env: NodeJS.ProcessEnv;
}

/** Exit codes of the whole program: see its documentation. */
const DONE = 0;
const FAILED = 1;
const UNANSWERED = 3;
/** And the number of the signal. */
const SIGNAL = 128;

const BELL = '\x07';

/** For what passes without a view: a message that has stood long enough, the seconds of FROZEN. */
const TICK_MS = 250;

/**
 * Shows the session until it ends: by key, by signal, or by the engine itself. Resolves with the exit code when the
 * engine has torn everything down and the terminal is as it was.
 */
export function runScreen(
  client: EngineClient,
  hello: Hello,
  terminal: Terminal,
  config: ScreenConfig = DEFAULT_SCREEN,
): Promise<number> {
  return new Promise((resolve) => new Screen(client, hello, terminal, config, resolve).start());
}

class Screen {
  private readonly client: EngineClient;
  private readonly terminal: Terminal;
  private readonly finished: (code: number) => void;
  private readonly painter: Painter;
  private readonly sink: Sink;
  private readonly lifecycle: Lifecycle;
  private state: UiState;
  private summary: Summary | null = null;
  private lastWindow = '';
  /** Seconds of simulated time in the newest view. */
  private simulated = 0;
  private tick: NodeJS.Timeout | null = null;
  private over = false;
  private ended = false;
  /** The first signal that was to end it. */
  private signal: StopSignal | null = null;
  private crash: unknown = null;
  private theme: ThemeName;

  constructor(
    client: EngineClient,
    hello: Hello,
    terminal: Terminal,
    config: ScreenConfig,
    finished: (code: number) => void,
  ) {
    this.client = client;
    this.terminal = terminal;
    this.finished = finished;
    const { columns, rows } = sizeOf(terminal.stdout);
    this.state = initialState(hello, columns, rows, hello.virtualTime ? 0 : seconds(), config);
    this.theme = config.theme;
    this.sink = sinkFor(terminal.stdout);
    this.painter = new Painter(makeTheme(terminal.env, config), this.sink, this.state, () => this.lost());
    this.lifecycle = new Lifecycle(terminal.stdout as unknown as OutStream, terminal.stdin as unknown as InStream, {
      onKey: (key) => this.key(key),
      onResize: () => this.resize(),
      onStop: (signal) => this.stop(signal),
      onResume: () => this.repaint(),
      onCrash: (error) => this.crashed(error),
    });
  }

  start(): void {
    const first = firstFrameOnScreen();
    const { columns, rows, mouse } = this.state;
    this.lifecycle.start();
    this.painter.compositor.tell(setMouse(mouse));
    if (first?.columns === columns && first.rows === rows) this.painter.compositor.adopt(first.lines);
    this.client.onMessage((message) => this.receive(message));
    this.client.ended.then(
      () => this.end(),
      (error: unknown) => {
        this.crash ??= error;
        this.end();
      },
    );
    this.tick = setInterval(() => this.passTime(), TICK_MS);
    this.change(this.state, 'key');
  }

  /** Everything else that changes comes with a view. */
  private passTime(): void {
    if (this.state.status || this.state.frozen) this.change(this.state, 'data');
  }

  private receive(message: FromEngine): void {
    switch (message.type) {
      case 'view':
        // not before the first frame: a process is not started in no time
        watchScreen(startWatcher);
        this.takeView(message);
        this.send({ control: 'seen', what: 'view' });
        return;
      case 'flush':
        this.send({ control: 'seen', what: 'events' });
        return;
      case 'done':
        this.change(onDone({ ...this.state, now: this.now() }, message), 'data');
        return;
      case 'error':
        this.change(onError({ ...this.state, now: this.now() }, message), 'data');
        return;
      case 'summary':
        this.summary = message;
        return;
      default:
        return;
    }
  }

  /** Where time is simulated all that is shown goes by it, so that the same keys give the same screen. */
  private now(): number {
    return this.state.hello.virtualTime ? this.simulated : seconds();
  }

  private get paused(): boolean {
    const { pauseAt } = this.state.hello;
    return pauseAt !== null && this.simulated >= pauseAt;
  }

  private takeView(view: View): void {
    const before = this.paused;
    this.simulated = view.snapshot.t;
    if (this.state.config.bell && isRaised(this.state.view?.snapshot.alarms ?? [], view.snapshot.alarms)) {
      this.painter.compositor.tell(BELL);
    }
    let state = takeView(this.state, view, this.now());
    if (this.paused && !before) {
      const at = `${this.state.hello.pauseAt} s`;
      state = say(
        state,
        'info',
        `Simulated time stands still at ${at}; keys work (any key takes this line away)`,
      ).state;
    }
    this.change(state, 'data');
  }

  private key(key: KeyPress): void {
    // no time passes in which a message could stand long enough
    const before = this.paused ? { ...this.state, status: null } : this.state;
    const { state, effects } = onKey(before, key, this.painter.highlighted, this.now());
    this.change(state, 'key');
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: Effect): void {
    switch (effect.do) {
      case 'send':
        this.send({ command: effect.command, cause: 'key' });
        return;
      case 'copy':
        this.copy(effect.text, effect.what);
        return;
      case 'quit':
        this.quit(effect.onExit);
        return;
      case 'leave now':
        this.end();
        return;
      case 'redraw':
        this.repaint();
        return;
      case 'suspend':
        this.lifecycle.suspend();
        return;
    }
  }

  /** Whether the terminal did take it nobody is told. */
  private copy(text: string, what: string): void {
    const copy = copySequence(text, this.terminal.env);
    if ('sequence' in copy) this.painter.compositor.tell(copy.sequence);
    const said =
      'sequence' in copy
        ? say(this.state, 'done', `Copied ${what} (${plural(text.length, 'character')}); the terminal may refuse it.`)
        : say(this.state, 'error', `Not copied: ${copy.problem}.`);
    this.change(said.state, 'key');
  }

  /** What the state says of the terminal itself. */
  private follow({ theme, config, mouse }: UiState): void {
    this.painter.compositor.tell(setMouse(mouse));
    if (theme === this.theme) return;
    this.theme = theme;
    const made = makeTheme(this.terminal.env, { ...config, theme });
    this.painter.setTheme(made);
    if (made.colour || theme === 'mono') return;
    this.state = say(this.state, 'info', `Theme ${theme}: no colours all the same, by NO_COLOR or TERM=dumb.`).state;
  }

  /** Every change of state comes through here: asks the engine for what is to be seen, and paints. */
  private change(state: UiState, cause: 'key' | 'data'): void {
    if (this.over) return;
    const time = this.now();
    const status = state.status && state.status.until > time ? state.status : null;
    this.state = { ...state, now: time, status };
    this.follow(this.state);
    const request = windowFor(this.state);
    const key = JSON.stringify(request);
    if (key !== this.lastWindow) this.send(request);
    this.lastWindow = key;
    // simulated time may never come to where the data's turn would be
    this.painter.paint(this.state, this.state.hello.virtualTime ? 'key' : cause);
  }

  private resize(): void {
    this.change(settle({ ...this.state, ...sizeOf(this.terminal.stdout) }), 'key');
  }

  private repaint(): void {
    this.painter.compositor.invalidate();
    this.resize();
  }

  /**
   * A signal, or the terminal is gone: by the exit plan. A second one does not wait for it, but for SIGHUP: a line that
   * drops says so in several ways.
   */
  private stop(signal: StopSignal): void {
    this.signal ??= signal;
    if (!this.state.leaving) this.quit(null);
    else if (signal !== 'SIGHUP') this.end();
  }

  /** The terminal takes no more frames. */
  private lost(): void {
    this.stop('SIGHUP');
  }

  private quit(onExit: ExitPlan | null): void {
    this.change(say({ ...this.state, leaving: true }, 'info', 'Leaving …').state, 'key');
    const command: Command = { cmd: 'quit' };
    if (onExit !== null) command.onExit = onExit;
    if (this.signal !== null) command.signal = this.signal;
    this.send({ command, cause: 'key' });
  }

  /** A bug: the terminal comes back first, then the exit plan is followed all the same. */
  private crashed(error: unknown): void {
    if (this.crash !== null) {
      this.end();
      return;
    }
    this.crash = error;
    this.over = true;
    leaveScreen();
    this.send({ command: { cmd: 'quit' }, cause: 'key' });
  }

  private send(message: ToEngine): void {
    this.client.send(message);
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.over = true;
    if (this.tick) clearInterval(this.tick);
    this.lifecycle.stop();
    this.sink.close();
    this.painter.close();
    this.finished(this.farewell());
  }

  /** One line on the terminal that is back, and the exit code. */
  private farewell(): number {
    if (this.crash !== null) {
      const text = this.crash instanceof Error ? (this.crash.stack ?? this.crash.message) : String(this.crash);
      process.stderr.write(`iopftop: ${text}\n`);
      return FAILED;
    }
    const { groups, plan, answered } = this.summary?.outstanding ?? { groups: 0, plan: 'hold', answered: 0 };
    const bySignal = this.signal === null ? null : SIGNAL + constants.signals[this.signal];
    if (!groups) return bySignal ?? (this.summary?.reason === 'error' ? FAILED : DONE);
    const left = groups - answered;
    const answer = plan === 'success' ? 'SUCCESS' : 'INVALID';
    const done = answered ? `${plural(answered, 'group')} answered ${answer}` : '';
    const rest = left ? `${plural(left, 'group')} left to the kernel, which answers INVALID` : '';
    process.stderr.write(`iopftop: ${[done, rest].filter(Boolean).join('; ')}\n`);
    return bySignal ?? (left ? UNANSWERED : DONE);
  }
}

const seconds = (): number => performance.now() / 1000;

function sizeOf(stdout: { columns?: number; rows?: number }): { columns: number; rows: number } {
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 };
}
