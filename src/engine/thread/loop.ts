// What the engine's thread does: steps the session, takes messages in between, sends what there is to send. It says where it
// has to wait for a message; who drives it waits (the thread, or a simulation that has no thread).
import { NO_WORLD, type RunWorld } from '../../process/run-process.ts';
import type { FromEngine, ToEngine } from '../../protocol/messages.ts';
import { virtualTimeOf } from '../../sources/options.ts';
import type { Target } from '../../sources/target.ts';
import type { Journal } from '../journal/journal.ts';
import { Session } from '../session.ts';
import { Outbox } from './outbox.ts';
import { Pace } from './pace.ts';
import { Publisher } from './publisher.ts';
import type { WorkerInput } from './wire.ts';

/** The way to the front end. */
export interface LoopPort {
  /** The next message that is here; undefined: there is none. */
  receive(): ToEngine | undefined;
  send(messages: FromEngine[]): void;
  /** Records that may wait for it, of each kind; what is usual where it does not say. */
  readonly room?: number;
}

/** A message has to come first, or so many milliseconds have to pass; Infinity: a message. null: nothing, one step is done. */
export type LoopWait = number | null;

export class Loop {
  readonly #port: LoopPort;
  readonly #session: Session;
  readonly #outbox: Outbox;
  readonly #publisher: Publisher;
  readonly #virtual: boolean;
  readonly #pace: Pace | null;

  constructor(
    { options, version, startedAt }: Omit<WorkerInput, 'run'>,
    journal: Journal,
    target: Target,
    port: LoopPort,
    world: RunWorld = NO_WORLD,
  ) {
    this.#port = port;
    const simulated = virtualTimeOf(options.target);
    this.#virtual = simulated !== null;
    this.#pace = simulated && !options.events ? new Pace(simulated.pauseAtMs, () => performance.now()) : null;
    let session: Session | undefined;
    this.#outbox = new Outbox(
      (messages) => port.send(messages),
      () => session?.state.t() ?? 0,
      port.room,
    );
    this.#session = session = new Session({
      target,
      options,
      journal,
      emit: (message) => this.#outbox.push(message),
      dropped: () => this.#outbox.dropped,
      missed: () => this.#outbox.missed,
      version,
      startedAt,
      world,
    });
    // Where everything stood at the start: what a recording begins with, and where the devices' names are.
    if (options.events) this.#outbox.push(session.snapshot());
    this.#publisher = new Publisher(
      (window) => this.#session.view(window),
      (view) => port.send([view]),
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
    for (let message = this.#port.receive(); message; message = this.#port.receive()) {
      this.#take(message);
      count++;
    }
    return count;
  }

  /**
   * In simulated time no poll waits: where the reader is slow, or nothing is to come, the thread has to. Returns false when
   * none has come for `limitMs`.
   */
  wait(limitMs: number): boolean {
    const { handle } = this.#session.wakeup;
    const until = performance.now() + limitMs;
    // A message whose wake-up the last poll has eaten is here already.
    while (this.#takeAll() === 0 && handle.kind === 'shared') {
      const leftMs = until - performance.now();
      if (leftMs <= 0) return false;
      Atomics.wait(new Int32Array(handle.cell), 0, 0, leftMs);
      this.#session.wakeup.clear();
    }
    return true;
  }

  /** Yields where it waits, and after each step. `next(false)`: the time that it wanted to wait has passed. */
  *run(): Generator<LoopWait, void, boolean> {
    if (this.#pace) yield* this.#runForScreen(this.#pace);
    else yield* this.#runFreely();
  }

  /** Simulated time stands still at each view until the screen has seen it: a run is the same however slow that is. */
  *#runForScreen(pace: Pace): Generator<LoopWait, void, boolean> {
    const { state } = this.#session;
    for (;;) {
      this.#takeAll();
      if (this.#session.ended !== null) return;
      if (pace.nextNs(state.nowNs(), 1) === null) this.#stepInPlace();
      this.#outbox.flush();
      this.#publisher.publish(state.nowNs(), state.version, true);
      const nextNs = pace.nextNs(state.nowNs(), this.#publisher.perSecond);
      if (this.#publisher.blocked || nextNs === null) {
        yield Number.POSITIVE_INFINITY;
        this.#takeAll();
        this.#outbox.flush();
        continue;
      }
      if (yield pace.waitMs(this.#publisher.perSecond)) {
        this.#takeAll();
        this.#outbox.flush();
        continue;
      }
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

  *#runFreely(): Generator<LoopWait, void, boolean> {
    const { state } = this.#session;
    for (;;) {
      this.#takeAll();
      if (this.#session.ended !== null) return;
      const busy = state.pending.size > 0;
      // Before the wait: what a command brought about, or the last step, may be all there is for a long time.
      this.#outbox.flush();
      this.#publisher.publish(state.nowNs(), state.version, busy);
      this.#session.step(this.#publisher.deadlineNs(state.version, busy));
      yield null;
      if (!this.#virtual) continue;
      while (this.#outbox.full) yield* this.#message();
      if (this.#session.stalled) yield* this.#message();
    }
  }

  *#message(): Generator<LoopWait, void, boolean> {
    yield Number.POSITIVE_INFINITY;
    this.#takeAll();
    this.#outbox.flush();
  }

  /** Ends the session and sends what waits, the summary last. */
  close(): void {
    const summary = this.#session.close();
    this.#outbox.push(summary);
    this.#outbox.drain();
  }
}
