// The NDJSON front end: engine messages out, commands in.

import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { EngineClient } from '../engine/thread/client.ts';
import { Exit } from '../protocol/exit.ts';
import { answerLines, faultLines, groupLines, verdictLines } from '../protocol/expand.ts';
import type { ErrorMessage, FromEngine, Summary } from '../protocol/messages.ts';
import { unmetLines } from '../protocol/unmet.ts';
import { stderrLine } from '../text/one-line.ts';
import { withHint } from '../text/refusal.ts';
import { Input, type WrongLine } from './input.ts';
import { isClosedPipe, Output, unwritable } from './output.ts';

export interface HeadlessOptions {
  /** A line for each fault, for each group, or for neither (then no answers either). */
  stream: 'faults' | 'groups' | 'none';
  /** --duration, --count or --idle was given: the end of input does not end the run. */
  endsByItself: boolean;
}

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';
export const SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Where signals come from: `process`, or an emitter in tests. */
export interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
}

export interface HeadlessIo {
  /** null: takes no commands. */
  stdin: Readable | null;
  stdout: Writable;
  stderr: Writable;
  signals: SignalSource;
}

/** After a signal, a reader that has stopped reading has this long to take the rest. */
const PATIENCE_MS = 2_000;

/** Runs until the engine ends; the last line is the summary. Resolves with the exit code. */
export function runHeadless(client: EngineClient, options: HeadlessOptions, io: HeadlessIo): Promise<number> {
  return new Headless(client, options, io).run();
}

class Headless {
  readonly #client: EngineClient;
  readonly #options: HeadlessOptions;
  readonly #io: HeadlessIo;
  readonly #output: Output;
  readonly #names = new Map<number, string>();
  #input: Input | null = null;
  /** Why this front end ended the run; null while it has not. */
  #reason: Summary['reason'] | null = null;
  /** A quit command came from the script. */
  #told = false;
  #signal: Signal | null = null;
  #summary: Summary | null = null;
  #t = 0;
  #ended = false;
  /** Ends the wait for the rest. */
  #giveUp: () => void = () => {};

  constructor(client: EngineClient, options: HeadlessOptions, io: HeadlessIo) {
    this.#client = client;
    this.#options = options;
    this.#io = io;
    this.#output = new Output(io.stdout);
  }

  async run(): Promise<number> {
    const gaveUp = new Promise<void>((resolve) => {
      this.#giveUp = resolve;
    });
    const listeners = SIGNALS.map((signal) => [signal, () => this.#onSignal(signal)] as const);
    for (const [signal, listener] of listeners) this.#io.signals.on(signal, listener);
    this.#io.stderr.on('error', () => {});
    this.#output.onFailure = (error) => this.#onOutputFailure(error);
    this.#client.onMessage((message) => this.#take(message));
    this.#readCommands();
    const finished = this.#finish();
    try {
      await Promise.race([finished, gaveUp]);
    } finally {
      this.#input?.stop();
      for (const [signal, listener] of listeners) this.#io.signals.off(signal, listener);
    }
    return this.#exitCode();
  }

  #readCommands(): void {
    if (!this.#io.stdin) return;
    this.#input = new Input(this.#io.stdin, {
      command: (command) => {
        if (command.cmd === 'quit') this.#told = true;
        this.#client.send({ command, cause: 'script' });
      },
      wrong: (line) => this.#refuse(line),
      end: (lines) => {
        if (lines > 0 && !this.#told && !this.#options.endsByItself) this.#quit('eof');
      },
    });
  }

  async #finish(): Promise<void> {
    try {
      await this.#client.ended;
    } catch (error) {
      // If there is a summary, the engine has already reported the error itself.
      if (this.#summary === null) {
        this.#reason = 'error';
        void this.#error({
          id: null,
          kind: 'kernel',
          message: `the engine failed: ${(error as Error).message}`,
          hint: null,
        });
      }
    }
    this.#ended = true;
    if (this.#signal !== null) this.#losePatience();
    await this.#output.drained();
  }

  #take(message: FromEngine): void {
    if ('t' in message) this.#t = message.t;
    switch (message.type) {
      case 'batch':
        if (this.#options.stream === 'faults') this.#output.write(faultLines(message));
        else if (this.#options.stream === 'groups') this.#output.write(groupLines(message, this.#nameOf));
        break;
      case 'answers':
        if (this.#options.stream !== 'none') this.#output.write(answerLines(message));
        break;
      case 'verdicts':
        if (this.#options.stream !== 'none') this.#output.write(verdictLines(message));
        break;
      case 'flush':
        void this.#output.drained().then(() => this.#client.send({ control: 'seen', what: 'events' }));
        break;
      case 'view':
        break;
      case 'summary':
        // A requested end does not hide that the engine failed.
        this.#summary = message.reason === 'error' ? message : { ...message, reason: this.#reason ?? message.reason };
        // The last message: later input is not answered.
        this.#input?.stop();
        for (const line of unmetLines(message.expectations)) this.#complain(line, null);
        this.#output.object(this.#summary);
        break;
      default:
        this.#pass(message);
    }
  }

  #pass(message: Exclude<FromEngine, { type: 'batch' | 'answers' | 'verdicts' | 'flush' | 'view' | 'summary' }>): void {
    if (message.type === 'attachment') this.#names.set(message.devId, message.device);
    if (message.type === 'snapshot') for (const { devId, name } of message.devices) this.#names.set(devId, name);
    if (message.type === 'done' || message.type === 'error' || message.type === 'snapshot') this.#input?.finished();
    // This front end sent that quit itself; no command asked for it.
    if (message.type === 'done' && message.cmd === 'quit' && this.#reason !== null) return;
    if (message.type === 'error') this.#complain(message.message, message.hint);
    this.#output.object(message);
  }

  readonly #nameOf = (devId: number): string => this.#names.get(devId) ?? `device ${devId}`;

  #refuse({ id, message, hint }: WrongLine): void {
    void this.#error({ id, kind: 'usage', message: `stdin ${message}`, hint }).then(() => this.#input?.finished());
  }

  /** Resolves when it is out. */
  #error(what: Pick<ErrorMessage, 'id' | 'kind' | 'message' | 'hint'>): Promise<void> {
    const error: ErrorMessage = { type: 'error', t: this.#t, operation: null, errno: null, ...what };
    this.#complain(what.message, what.hint);
    this.#output.object(error);
    return this.#output.drained();
  }

  #complain(message: string, hint: string | null): void {
    this.#io.stderr.write(stderrLine(withHint({ message, hint })));
  }

  /** Ends the run as the exit plan says. */
  #quit(reason: Summary['reason'], signal?: Signal): void {
    if (this.#reason !== null || this.#summary !== null) return;
    this.#reason = reason;
    const command = signal === undefined ? ({ cmd: 'quit' } as const) : ({ cmd: 'quit', signal } as const);
    this.#client.send({ command, cause: 'script' });
  }

  #onSignal(signal: Signal): void {
    // A second signal waits for nothing.
    if (this.#signal !== null) this.#giveUp();
    this.#signal = signal;
    this.#quit('signal', signal);
    if (this.#ended) this.#losePatience();
  }

  #losePatience(): void {
    setTimeout(this.#giveUp, PATIENCE_MS).unref();
  }

  #onOutputFailure(error: NodeJS.ErrnoException): void {
    if (isClosedPipe(error)) {
      this.#quit('output-closed');
      return;
    }
    const hint = error.code === 'ENOSPC' ? 'the disk is full' : null;
    this.#complain(unwritable(error), hint);
    this.#quit('error');
  }

  #exitCode(): number {
    const { failure } = this.#output;
    if (this.#signal !== null) return Exit.SIGNAL + constants.signals[this.#signal];
    if (failure && !isClosedPipe(failure)) return Exit.ERROR;
    if (this.#summary === null || this.#summary.reason === 'error') return Exit.ERROR;
    if (unmetLines(this.#summary.expectations).length > 0) return Exit.EXPECT;
    const { groups, answered, gone = 0 } = this.#summary.outstanding;
    return groups > answered + gone ? Exit.UNANSWERED : Exit.DONE;
  }
}
