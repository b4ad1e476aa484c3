// What happens to a terminal from outside: signals, another size, the line that drops, being suspended and coming back.
import { StringDecoder } from 'node:string_decoder';
import { heeded, isIgnored } from '../../inherited.ts';
import {
  enterRaw,
  enterScreen,
  enterScreenAgain,
  handOverSignals,
  leaveScreen,
  type TerminalIn,
  type TerminalOut,
} from './guard.ts';
import { KeyDecoder, type KeyPress } from './input.ts';

export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';
const STOP_SIGNALS: readonly StopSignal[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

export interface TerminalEvents {
  onKey(key: KeyPress): void;
  onResize(): void;
  /** A signal. A terminal that is gone counts as SIGHUP, which comes before or after it, or not at all. */
  onStop(signal: StopSignal): void;
  /** Back from being suspended: nothing is on the screen. */
  onResume(): void;
  onCrash(error: unknown): void;
}

export type InStream = TerminalIn & Pick<NodeJS.ReadStream, 'on' | 'off' | 'resume' | 'pause'>;
export type OutStream = TerminalOut & Pick<NodeJS.WriteStream, 'on' | 'off'>;

/** A lone ESC is the Esc key when nothing follows it for so long. */
const ESCAPE_MS = 30;
/** Where the shell does not stop us (no job control), go on after this time. */
const RESUME_MS = 200;

const ignore = (): void => {};

export class Lifecycle {
  private readonly stdout: OutStream;
  private readonly stdin: InStream;
  private readonly events: TerminalEvents;
  private readonly decoder = new KeyDecoder();
  /** A character may come in pieces. */
  private readonly utf8 = new StringDecoder('utf8');
  private escape: NodeJS.Timeout | null = null;
  private resuming: NodeJS.Timeout | null = null;
  private readonly undo: (() => void)[] = [];

  constructor(stdout: OutStream, stdin: InStream, events: TerminalEvents) {
    this.stdout = stdout;
    this.stdin = stdin;
    this.events = events;
  }

  start(): void {
    const { stdin, stdout, events } = this;
    enterScreen(stdout);
    enterRaw(stdin);
    this.listen(stdin, 'data', (piece: Buffer | string) =>
      this.take(typeof piece === 'string' ? piece : this.utf8.write(piece)),
    );
    this.listen(stdin, 'end', () => events.onStop('SIGHUP'));
    this.listen(stdin, 'error', () => events.onStop('SIGHUP'));
    this.listen(stdout, 'resize', () => events.onResize());
    this.listen(stdout, 'error', () => events.onStop('SIGHUP'));
    handOverSignals();
    for (const signal of heeded(STOP_SIGNALS)) this.listen(process, signal, () => events.onStop(signal));
    if (!isIgnored('SIGTSTP')) this.listen(process, 'SIGTSTP', () => this.suspend());
    this.listen(process, 'SIGCONT', () => this.resume());
    this.listen(process, 'uncaughtException', (error: unknown) => events.onCrash(error));
    this.listen(process, 'unhandledRejection', (error: unknown) => events.onCrash(error));
    stdin.resume();
  }

  /** Restores the terminal and stops by the default action of SIGTSTP; SIGCONT brings the screen back. */
  suspend(): void {
    // Nobody would be there to bring us back.
    if (this.resuming || isIgnored('SIGTSTP')) return;
    leaveScreen();
    const ours = process.listeners('SIGTSTP');
    process.removeAllListeners('SIGTSTP');
    this.resuming = setTimeout(() => this.resume(), RESUME_MS);
    process.kill(process.pid, 'SIGTSTP');
    for (const listener of ours) process.on('SIGTSTP', listener);
  }

  /** Raw mode first: in the background that stops us (SIGTTOU) before anything is drawn over the shell. */
  private resume(): void {
    if (this.resuming) clearTimeout(this.resuming);
    this.resuming = null;
    enterRaw(this.stdin);
    enterScreenAgain(this.stdout);
    this.events.onResume();
  }

  /** Stops listening and restores the terminal. */
  stop(): void {
    // a line that drops says so more than once, and this end is to be come to
    if (!process.listeners('SIGHUP').includes(ignore)) process.on('SIGHUP', ignore);
    for (const undo of this.undo.splice(0)) undo();
    if (this.escape) clearTimeout(this.escape);
    if (this.resuming) clearTimeout(this.resuming);
    this.stdin.pause();
    leaveScreen();
  }

  private take(piece: string): void {
    if (this.escape) clearTimeout(this.escape);
    this.escape = null;
    for (const key of this.decoder.push(piece)) this.events.onKey(key);
    if (this.decoder.waiting) this.escape = setTimeout(() => this.flush(), ESCAPE_MS);
  }

  private flush(): void {
    for (const key of this.decoder.flush()) this.events.onKey(key);
  }

  private listen(
    emitter: Pick<NodeJS.EventEmitter, 'on' | 'off'>,
    name: string,
    listener: (value: never) => void,
  ): void {
    const call = listener as (...values: unknown[]) => void;
    emitter.on(name, call);
    this.undo.push(() => emitter.off(name, call));
  }
}
