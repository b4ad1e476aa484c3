// The engine's thread: blocked in poll(2) with a wake-up in the set, it steps the session and takes messages in between.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { asIommufdError, ImpossibleResult, IommufdError } from '../iommufd/error.ts';
import type { Wakeup } from '../kernel/kernel.ts';
import type { FromEngine, ToEngine } from '../protocol/messages.ts';
import { ScenarioError } from '../scenario/scenario.ts';
import { openTarget } from '../targets/open.ts';
import { virtualTimeOf } from '../targets/options.ts';
import { type Target, TargetRefusal } from '../targets/target.ts';
import type { StartFailure } from './client.ts';
import { Journal, JournalError } from './journal.ts';
import { Outbox } from './outbox.ts';
import { Pace } from './pace.ts';
import { Publisher } from './publisher.ts';
import { compileRules, RuleError } from './rules.ts';
import { Session } from './session.ts';
import type { FromWorker, WorkerInput } from './wire.ts';

const port = parentPort;
if (!port) throw new Error('the engine runs in a worker thread');
const post = (message: FromWorker): void => port.postMessage(message);
const send = (messages: FromEngine[]): void => post({ kind: 'messages', messages });

const EXPECTED = [ImpossibleResult, TargetRefusal, RuleError, ScenarioError, JournalError];

/** What cannot be started, in words; bugs are thrown again. */
function failure(thrown: unknown): StartFailure {
  const error = asIommufdError(thrown);
  if (error instanceof IommufdError) {
    const { message, hint, operation, errnoName } = error;
    return { message, hint, operation, errno: errnoName };
  }
  if (!EXPECTED.some((kind) => error instanceof kind)) throw error;
  const { message, hint } = error as Error & { hint?: string | null };
  return { message, hint: hint ?? null, operation: null, errno: null };
}

class Loop {
  readonly #session: Session;
  readonly #outbox: Outbox;
  readonly #publisher: Publisher;
  readonly #virtual: boolean;
  readonly #pace: Pace | null;

  constructor({ options, version, startedAt }: WorkerInput, journal: Journal, target: Target) {
    const simulated = virtualTimeOf(options.target);
    this.#virtual = simulated !== null;
    this.#pace = simulated && !options.events ? new Pace(simulated.pauseAtMs, () => performance.now()) : null;
    let session: Session | undefined;
    this.#outbox = new Outbox(send, () => session?.state.t() ?? 0);
    this.#session = session = new Session({
      target,
      options,
      journal,
      emit: (message) => this.#outbox.push(message),
      dropped: () => this.#outbox.dropped,
      version,
      startedAt,
    });
    // Where everything stood at the start: what a recording begins with, and where the devices' names are.
    if (options.events) this.#outbox.push(session.snapshot());
    this.#publisher = new Publisher(
      (window) => this.#session.view(window),
      (view) => send([view]),
    );
  }

  get session(): Session {
    return this.#session;
  }

  #take(message: ToEngine): void {
    if ('command' in message) {
      this.#session.command(message.command, message.cause);
      this.#publisher.hurry();
    } else if (message.control === 'window') {
      this.#publisher.request(message);
    } else if (message.what === 'view') {
      this.#publisher.seen();
    } else {
      this.#outbox.seen();
    }
  }

  /** Returns how many there were. */
  #takeAll(): number {
    let count = 0;
    for (let got = receiveMessageOnPort(port as never); got; got = receiveMessageOnPort(port as never)) {
      this.#take(got.message as ToEngine);
      count++;
    }
    return count;
  }

  /**
   * In simulated time no poll waits: where the reader is slow, or nothing is to come, the thread has to. False: none has
   * come for `limitMs`.
   */
  #waitForMessage(limitMs = Number.POSITIVE_INFINITY): boolean {
    const { handle } = this.#session.wakeup;
    const until = performance.now() + limitMs;
    // A message whose wake-up the last poll has eaten is here already.
    while (this.#takeAll() === 0 && handle.kind === 'shared') {
      const leftMs = until - performance.now();
      if (leftMs <= 0) return false;
      Atomics.wait(new Int32Array(handle.cell), 0, 0, leftMs);
      this.#session.wakeup.clear();
    }
    this.#outbox.flush();
    return true;
  }

  run(): void {
    if (this.#pace) this.#runForScreen(this.#pace);
    else this.#runFreely();
  }

  /** Simulated time stands still at each view until the screen has seen it: a run is the same however slow that is. */
  #runForScreen(pace: Pace): void {
    const { state } = this.#session;
    for (;;) {
      this.#takeAll();
      if (this.#session.ended !== null) return;
      if (pace.nextNs(state.nowNs(), 1) === null) this.#stepInPlace();
      this.#outbox.flush();
      this.#publisher.publish(state.nowNs(), state.version, true);
      const nextNs = pace.nextNs(state.nowNs(), this.#publisher.perSecond);
      if (this.#publisher.blocked || nextNs === null) {
        this.#waitForMessage();
        continue;
      }
      if (this.#waitForMessage(pace.waitMs(this.#publisher.perSecond))) continue;
      pace.goOn();
      while (state.nowNs() < nextNs && this.#session.ended === null) this.#session.step(nextNs);
      this.#publisher.hurry();
    }
  }

  /** Time has stopped: what commands bring about, and what is done in slices, comes all at this instant. */
  #stepInPlace(): void {
    const { state } = this.#session;
    const [version, unfinished] = [state.version, this.#session.unfinished];
    do this.#session.step(state.nowNs());
    while (this.#session.unfinished && this.#session.ended === null);
    if (unfinished || state.version !== version) this.#publisher.hurry();
  }

  #runFreely(): void {
    const { state } = this.#session;
    for (;;) {
      this.#takeAll();
      if (this.#session.ended !== null) return;
      const busy = state.pending.size > 0;
      // Before the wait: what a command brought about, or the last step, may be all there is for a long time.
      this.#outbox.flush();
      this.#publisher.publish(state.nowNs(), state.version, busy);
      this.#session.step(this.#publisher.deadlineNs(state.version, busy));
      if (!this.#virtual) continue;
      while (this.#outbox.full) this.#waitForMessage();
      if (this.#session.stalled) this.#waitForMessage();
    }
  }

  close(): void {
    const summary = this.#session.close();
    this.#outbox.push(summary);
    this.#outbox.drain();
  }
}

async function open(input: WorkerInput): Promise<Loop> {
  const journal = new Journal(input.options.journal);
  // Before anything is attached: a bad rule must not leave a device behind.
  compileRules(input.options.rules);
  const target = await openTarget(input.options.target);
  try {
    return new Loop(input, journal, target);
  } catch (error) {
    target.close();
    throw error;
  }
}

async function main(): Promise<void> {
  let loop: Loop;
  try {
    loop = await open(workerData as WorkerInput);
  } catch (error) {
    post({ kind: 'failed', failure: failure(error) });
    return;
  }
  const wakeup: Wakeup = loop.session.wakeup;
  post({ kind: 'started', hello: loop.session.hello, wake: wakeup.handle });
  try {
    loop.run();
  } catch (error) {
    // Nothing stays attached: the kernel answers what is outstanding. Then the bug is thrown.
    loop.session.end('error');
    loop.close();
    throw error;
  }
  loop.close();
}

await main();
