// The headless front end with its surroundings: streams, signals and the two ways to the engine, each of which delivers when
// the scheduler says so.
import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { FIRST } from '../../src/engine/options.ts';
import type { EngineClient } from '../../src/engine/thread/client.ts';
import type { LoopPort } from '../../src/engine/thread/loop.ts';
import type { ToWorker } from '../../src/engine/thread/wire.ts';
import { type HeadlessOptions, runHeadless, type Signal } from '../../src/headless/headless.ts';
import { fromEngine, toEngine } from '../../src/protocol/crossing.ts';
import type { FromEngine, ToEngine } from '../../src/protocol/messages.ts';
import { Pipe } from './pipe.ts';

export class FrontEnd {
  /** On their way to the engine, and there. */
  readonly toEngine: ToEngine[] = [];
  readonly inbox: ToEngine[] = [];
  /** On their way from the engine; one packet at a time. */
  readonly fromEngine: FromEngine[][] = [];
  /** What was delivered to the front end. */
  readonly delivered: FromEngine[] = [];
  output = '';
  errors = '';
  exitCode: number | null = null;
  /** The second one ends the process at once. */
  signals = 0;
  lastSignal: Signal | null = null;
  #signals = new EventEmitter();
  #stdin = new Readable({ read() {} });
  #stdinEnded = false;
  /** The write that the reader has not taken yet. */
  #write: { text: string; done: (error?: Error | null) => void } | null = null;
  #failure: Error | null = null;
  /** Strict: both ends are of one version, and the definitions say all that there is. */
  readonly #down = new Pipe<FromEngine>((value) => fromEngine(value, false));
  readonly #up = new Pipe<ToEngine>(toEngine);
  #listener: (message: FromEngine) => void = () => {};
  #end: () => void = () => {};
  #fail: (error: Error) => void = () => {};

  constructor(options: HeadlessOptions) {
    const ended = new Promise<void>((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    ended.catch(() => {});
    const client: EngineClient = {
      send: (message) => void this.toEngine.push(message),
      onMessage: (listener) => {
        this.#listener = listener;
      },
      ended,
    };
    const stdout = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (this.#failure) done(this.#failure);
        else this.#write = { text: chunk.toString('latin1'), done };
      },
      decodeStrings: true,
    });
    const stderr = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.errors += chunk.toString();
        done();
      },
    });
    const io = { stdin: this.#stdin, stdout, stderr, signals: this.#signals as never };
    void runHeadless(client, options, io).then((code) => {
      this.exitCode = code;
    });
  }

  get readerHasWork(): boolean {
    return this.#write !== null;
  }

  /** The reader of stdout takes what was written. */
  read(): void {
    const write = this.#write;
    this.#write = null;
    if (!write) return;
    this.output += write.text;
    write.done();
  }

  /** EPIPE: the reader has gone; ENOSPC: the disk is full. */
  failOutput(code: string): void {
    this.#failure = Object.assign(new Error(code), { code });
    const write = this.#write;
    this.#write = null;
    write?.done(this.#failure);
  }

  get outputFailed(): boolean {
    return this.#failure !== null;
  }

  type(text: string): void {
    if (!this.#stdinEnded && !this.#stdin.destroyed) this.#stdin.push(text);
  }

  endInput(): void {
    if (this.#stdinEnded || this.#stdin.destroyed) return;
    this.#stdinEnded = true;
    this.#stdin.push(null);
  }

  signal(signal: Signal): void {
    this.signals++;
    this.lastSignal = signal;
    this.#signals.emit(signal);
  }

  /** The engine's end of both ways. */
  readonly port: Pick<LoopPort, 'receive' | 'send'> = {
    receive: (): ToWorker | undefined => {
      const message = this.inbox.shift();
      return message && { from: FIRST, message };
    },
    send: (_, messages) => void this.fromEngine.push(messages),
  };

  deliverToEngine(): void {
    const message = this.toEngine.shift();
    if (message) this.inbox.push(...this.#up.cross([message]));
  }

  deliverToFrontEnd(): void {
    const packet = this.fromEngine.shift() ?? [];
    // What was sent stays the same object for whoever compares listeners; what is heard has crossed the pipe.
    this.delivered.push(...packet);
    for (const message of this.#down.cross(packet)) this.#listener(message);
  }

  /** The worker has ended. */
  engineEnded(error: Error | null): void {
    if (error) this.#fail(error);
    else this.#end();
  }
}

/** Lets promises and streams go on until they wait for something. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
