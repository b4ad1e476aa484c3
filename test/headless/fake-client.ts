// An engine that says what the test tells it to.
import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import type { EngineClient } from '../../src/engine/thread/client.ts';
import { type HeadlessOptions, runHeadless } from '../../src/headless/headless.ts';
import type { Counters, FromEngine, PendingRow, Summary, ToEngine } from '../../src/protocol/messages.ts';
import { type Line, parseLines } from '../helpers/bin.ts';

export const COUNTERS: Counters = {
  faults: 0,
  groups: 0,
  pending: 0,
  success: 0,
  invalid: 0,
  unseen: 0,
  auto: 0,
  refused: 0,
  repeated: 0,
  evicted: 0,
  dropped: 0,
};

export const summary = (outstanding = 0): Summary => ({
  type: 'summary',
  t: 9,
  reason: 'quit',
  counters: COUNTERS,
  latency: { count: 0, p50Ns: 0, p95Ns: 0, p99Ns: 0, maxNs: 0 },
  outstanding: { groups: outstanding, plan: 'hold', answered: 0 },
});

export class FakeClient implements EngineClient {
  readonly sent: ToEngine[] = [];
  readonly ended: Promise<void>;
  /** What it does when told to quit. */
  onQuit: () => void = () => this.end();
  #listener: (message: FromEngine) => void = () => {};
  #done: () => void = () => {};
  #failed: (error: Error) => void = () => {};

  constructor() {
    this.ended = new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#failed = reject;
    });
  }

  send(message: ToEngine): void {
    this.sent.push(message);
    if ('command' in message && message.command.cmd === 'quit') this.onQuit();
  }

  onMessage(listener: (message: FromEngine) => void): void {
    this.#listener = listener;
  }

  say(message: FromEngine): void {
    this.#listener(message);
  }

  end(outstanding = 0): void {
    this.say(summary(outstanding));
    this.#done();
  }

  crash(error: Error): void {
    this.#failed(error);
  }

  get seen(): number {
    return this.sent.filter((m) => 'control' in m && m.control === 'seen').length;
  }

  get commands(): unknown[] {
    return this.sent.flatMap((m) => ('command' in m ? [m.command] : []));
  }
}

/** A stdout that takes each piece when the test lets it. */
export class SlowOutput extends Writable {
  text = '';
  #take: (() => void) | null = null;
  hold = false;

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const take = () => {
      this.text += chunk.toString();
      done();
    };
    if (this.hold) this.#take = take;
    else take();
  }

  release(): void {
    this.hold = false;
    this.#take?.();
    this.#take = null;
  }
}

export interface Harness {
  client: FakeClient;
  stdin: PassThrough;
  stdout: SlowOutput;
  signals: EventEmitter;
  /** What stderr got. */
  said: () => string;
  lines: () => Line[];
  code: Promise<number>;
}

/** runHeadless() over a fake engine. */
export function start(options: Partial<HeadlessOptions> = {}, stdout = new SlowOutput()): Harness {
  const client = new FakeClient();
  const stdin = new PassThrough();
  const stderr = new PassThrough({ encoding: 'utf8' });
  const signals = new EventEmitter();
  let said = '';
  stderr.on('data', (text: string) => {
    said += text;
  });
  const io = { stdin, stdout, stderr, signals };
  const code = runHeadless(client, { stream: 'faults', endsByItself: false, ...options }, io);
  return { client, stdin, stdout, signals, said: () => said, lines: () => parseLines(stdout.text), code };
}

/** Lets streams and promises have their turns. */
export async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

export const PENDING_ROW: PendingRow = {
  group: 1,
  queue: 0,
  cookie: 1,
  devId: 4,
  device: 'nic0',
  pasid: null,
  grpid: 0,
  faults: 1,
  first: '0x1000',
  last: '0x1000',
  perm: ['read'],
  ageNs: 1e6,
  repeats: 0,
  mapped: null,
  rule: null,
};
