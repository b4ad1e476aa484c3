// What happens to a terminal from outside: signals, another size, the line that drops, being suspended and coming back.
import { heeded, isIgnored } from '../inherited.ts';
import {
  enterRaw,
  enterRawAgain,
  enterScreen,
  enterScreenAgain,
  handOverSignals,
  leaveScreen,
  type TerminalIn,
  type TerminalOut,
} from './guard.ts';
import { drain, unmuteKeyboard } from './keyboard.ts';
import { type KeyTarget, Typing } from './typing.ts';

export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';
const STOP_SIGNALS: readonly StopSignal[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

export interface TerminalEvents {
  keys: KeyTarget;
  onResize(): void;
  /** A signal. A terminal that is gone counts as SIGHUP, which comes before or after it, or not at all. */
  onStop(signal: StopSignal): void;
  /** Resumed: nothing is on the screen. */
  onResume(): void;
  onCrash(error: unknown): void;
}

export type InStream = TerminalIn & Pick<NodeJS.ReadStream, 'on' | 'off' | 'resume' | 'pause'>;
export type OutStream = TerminalOut & Pick<NodeJS.WriteStream, 'on' | 'off'>;

/** If the shell does not stop us (no job control), continue after this time. */
const RESUME_MS = 200;

/** Milliseconds that the loop has spent waiting, in total (uv_metrics_idle_time). */
const loopWaited = (): number => performance.nodeTiming.idleTime;

const ignore = (): void => {};

export class Lifecycle {
  readonly #stdout: OutStream;
  readonly #stdin: InStream;
  readonly #events: TerminalEvents;
  readonly #typing: Typing;
  #timer: NodeJS.Timeout | null = null;
  #turn: NodeJS.Immediate | null = null;
  #resuming: NodeJS.Timeout | null = null;
  readonly #undo: (() => void)[] = [];

  constructor(stdout: OutStream, stdin: InStream, events: TerminalEvents) {
    this.#stdout = stdout;
    this.#stdin = stdin;
    this.#events = events;
    this.#typing = new Typing(events.keys, () => performance.now(), loopWaited, unmuteKeyboard());
  }

  start(): void {
    const [stdin, stdout, events] = [this.#stdin, this.#stdout, this.#events];
    // Already raw, except in a run that has drawn no first frame
    enterRaw(stdin);
    enterScreen(stdout);
    this.#throwAway();
    this.#listen(stdin, 'data', (piece: Buffer | string) => this.#take(piece));
    this.#listen(stdin, 'end', () => events.onStop('SIGHUP'));
    this.#listen(stdin, 'error', () => events.onStop('SIGHUP'));
    this.#listen(stdout, 'resize', () => events.onResize());
    this.#listen(stdout, 'error', () => events.onStop('SIGHUP'));
    handOverSignals();
    for (const signal of heeded(STOP_SIGNALS)) this.#listen(process, signal, () => events.onStop(signal));
    if (!isIgnored('SIGTSTP')) this.#listen(process, 'SIGTSTP', () => this.suspend());
    this.#listen(process, 'SIGCONT', () => this.#resume());
    this.#listen(process, 'uncaughtException', (error: unknown) => events.onCrash(error));
    this.#listen(process, 'unhandledRejection', (error: unknown) => events.onCrash(error));
    stdin.resume();
  }

  /** Restores the terminal and stops by the default action of SIGTSTP; SIGCONT brings the screen back. */
  suspend(): void {
    // Nobody could resume us.
    if (this.#resuming || isIgnored('SIGTSTP')) return;
    leaveScreen();
    const ours = process.listeners('SIGTSTP');
    process.removeAllListeners('SIGTSTP');
    this.#resuming = setTimeout(() => this.#resume(), RESUME_MS);
    process.kill(process.pid, 'SIGTSTP');
    for (const listener of ours) process.on('SIGTSTP', listener);
  }

  /**
   * Raw mode first: in the background that stops us (SIGTTOU) before anything is drawn over the shell. Keys typed until then
   * were echoed there, and are not for us.
   */
  #resume(): void {
    if (this.#resuming) clearTimeout(this.#resuming);
    this.#resuming = null;
    enterRawAgain(this.#stdin);
    this.#throwAway();
    enterScreenAgain(this.#stdout);
    this.#events.onResume();
  }

  /** Stops listening and restores the terminal. */
  stop(): void {
    // A dropped line raises SIGHUP more than once, and this end must be reached
    if (!process.listeners('SIGHUP').includes(ignore)) process.on('SIGHUP', ignore);
    for (const undo of this.#undo.splice(0)) undo();
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#turn) clearImmediate(this.#turn);
    if (this.#resuming) clearTimeout(this.#resuming);
    this.#stdin.pause();
    leaveScreen();
  }

  #throwAway(): void {
    drain(this.#stdin, (piece) => this.#typing.discard(piece));
  }

  #take(piece: Buffer | string): void {
    // A line that the terminal assembled for the shell while we were stopped
    if (this.#resuming) return;
    this.#typing.read(piece);
    this.#wait();
  }

  #wait(): void {
    if (this.#timer) clearTimeout(this.#timer);
    const { due } = this.#typing;
    this.#timer = due === null ? null : setTimeout(() => this.#timeIsUp(), Math.max(0, due - performance.now()));
  }

  /** If the loop was busy, input that came in time may not have been read yet: it comes first. */
  #timeIsUp(): void {
    if (this.#turn) clearImmediate(this.#turn);
    this.#turn = setImmediate(() => {
      this.#typing.pass();
      this.#wait();
    });
  }

  #listen(emitter: Pick<NodeJS.EventEmitter, 'on' | 'off'>, name: string, listener: (value: never) => void): void {
    const call = listener as (...values: unknown[]) => void;
    emitter.on(name, call);
    this.#undo.push(() => emitter.off(name, call));
  }
}
