// What the engine's thread does: steps the session, takes messages in between, sends what is ready. It says when it must wait
// for a message; its driver waits (the thread, or a simulation without a thread).
import { NO_WORLD, type RunWorld } from '../../process/run-process.ts';
import type { FromEngine } from '../../protocol/messages.ts';
import { virtualTimeOf } from '../../sources/options.ts';
import type { FaultSource } from '../../sources/source.ts';
import type { Journal } from '../journal/journal.ts';
import { FIRST, type SubscriberId } from '../options.ts';
import type { Compiled } from '../rules/compiled.ts';
import { Session } from '../session.ts';
import type { Heard, Subscription } from './heard.ts';
import { Hub, type Subscriber } from './hub.ts';
import { Pace } from './pace.ts';
import type { ToWorker, WorkerInput } from './wire.ts';

/** The way to the front ends. */
export interface LoopPort {
  /** The next message that is here; undefined: there is none. */
  receive(): ToWorker | undefined;
  send(to: SubscriberId, messages: FromEngine[]): void;
  /** For the front end that the run was started for, see Subscription. */
  readonly room?: number;
}

/** What the run's own front end receives: a screen has alarms in its views. */
const heardBy = (events: boolean): Heard[] => (events ? ['events', 'alarms', 'notices'] : ['notices']);

/** It waits for a message or for this many milliseconds; Infinity: for a message. null: for nothing, one step is done. */
export type LoopWait = number | null;

export class Loop {
  readonly #port: LoopPort;
  readonly #session: Session;
  readonly #hub: Hub;
  /** The run's own front end: simulated time waits for it, and an alarm reports its losses; not so for the others. */
  readonly #first: Subscriber;
  readonly #virtual: boolean;
  readonly #pace: Pace | null;

  constructor(
    { options, version, startedAt, compiled }: Omit<WorkerInput, 'run'> & { compiled?: Compiled },
    journal: Journal,
    source: FaultSource,
    port: LoopPort,
    world: RunWorld = NO_WORLD,
  ) {
    this.#port = port;
    const simulated = virtualTimeOf(options.source);
    this.#virtual = simulated !== null;
    this.#pace = simulated && !options.events ? new Pace(simulated.pauseAtMs, () => performance.now()) : null;
    let session: Session | undefined;
    this.#hub = new Hub({
      send: (to, messages) => port.send(to, messages),
      view: (window, of) => this.#session.view(window, of),
      now: () => session?.state.t() ?? 0,
    });
    this.#first = this.#hub.join(FIRST, { hears: heardBy(options.events), room: port.room });
    this.#session = session = new Session({
      source,
      options,
      ...(compiled && { compiled }),
      journal,
      emit: (message, asker) => this.#hub.emit(message, asker),
      dropped: (of) => this.#hub.dropped(of),
      missed: () => this.#first.outbox.missed,
      version,
      startedAt,
      world,
    });
    // The state at the start: what a recording begins with, and where the devices' names are.
    if (options.events) this.#first.outbox.push(session.snapshot());
  }

  get session(): Session {
    return this.#session;
  }

  #take({ from, message }: ToWorker): void {
    if ('command' in message) {
      this.#session.command(message.command, message.cause, from);
      this.#hub.hurry(from);
    } else if (message.control === 'join') {
      this.#join(from, message.as);
    } else if (message.control === 'leave') {
      this.#leave(from);
    } else {
      this.#hub.take(from, message);
    }
  }

  /** It first gets the current state; later events follow. */
  #join(from: SubscriberId, as: Subscription): void {
    const { outbox } = this.#hub.join(from, as);
    outbox.push(this.#session.hello);
    outbox.push(this.#session.present(from));
    this.#session.state.events = this.#hub.wants('events');
  }

  #leave(from: SubscriberId): void {
    this.#hub.leave(from);
    this.#session.forget(from);
    this.#session.state.events = this.#hub.wants('events');
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
   * In simulated time no poll waits: if the reader is slow, or nothing will come, the thread must. Returns false if no message
   * has come for `limitMs`.
   */
  wait(limitMs: number): boolean {
    const { handle } = this.#session.wakeup;
    const until = performance.now() + limitMs;
    // A message whose wake-up the last poll consumed is already here.
    while (this.#takeAll() === 0 && handle.kind === 'shared') {
      const leftMs = until - performance.now();
      if (leftMs <= 0) return false;
      Atomics.wait(new Int32Array(handle.cell), 0, 0, leftMs);
      this.#session.wakeup.clear();
    }
    return true;
  }

  /** Yields when it waits, and after each step. `next(false)`: the requested time has passed. */
  *run(): Generator<LoopWait, void, boolean> {
    if (this.#pace) yield* this.#runForScreen(this.#pace);
    else yield* this.#runFreely();
  }

  /** Simulated time stops at each view until the screen has seen it, so that a run does not depend on its speed. */
  *#runForScreen(pace: Pace): Generator<LoopWait, void, boolean> {
    const { state } = this.#session;
    const { publisher } = this.#first;
    for (;;) {
      this.#takeAll();
      if (this.#session.ended !== null) return;
      if (pace.nextNs(state.nowNs(), 1) === null) this.#stepInPlace();
      this.#hub.flush();
      while (this.#hub.publish(state.nowNs(), state.version, true));
      const nextNs = pace.nextNs(state.nowNs(), publisher.perSecond);
      if (publisher.blocked || nextNs === null) {
        yield Number.POSITIVE_INFINITY;
        this.#takeAll();
        this.#hub.flush();
        continue;
      }
      if (yield pace.waitMs(publisher.perSecond)) {
        this.#takeAll();
        this.#hub.flush();
        continue;
      }
      pace.goOn();
      while (state.nowNs() < nextNs && this.#session.ended === null) this.#session.step(nextNs);
      publisher.hurry();
    }
  }

  /** Time is stopped: the effects of commands and of slices all happen at this instant. */
  #stepInPlace(): void {
    const { state } = this.#session;
    const [version, unfinished] = [state.version, this.#session.unfinished];
    do this.#session.step(state.nowNs());
    while (this.#session.unfinished && this.#session.ended === null);
    if (unfinished || state.version !== version) this.#first.publisher.hurry();
  }

  *#runFreely(): Generator<LoopWait, void, boolean> {
    const { state } = this.#session;
    // Simulated time does not wait for listeners that join: that would change the run.
    const views = this.#virtual ? this.#first.publisher : this.#hub;
    for (;;) {
      this.#takeAll();
      if (this.#session.ended !== null) return;
      const busy = state.ledger.pending.size > 0;
      // Before the wait: the effect of a command or of the last step may be all there is for a long time.
      this.#hub.flush();
      this.#hub.publish(state.nowNs(), state.version, busy);
      this.#session.step(views.deadlineNs(state.version, busy));
      yield null;
      if (!this.#virtual) continue;
      while (this.#first.outbox.full) yield* this.#message();
      if (this.#session.stalled) yield* this.#message();
    }
  }

  *#message(): Generator<LoopWait, void, boolean> {
    yield Number.POSITIVE_INFINITY;
    this.#takeAll();
    this.#hub.flush();
  }

  /** Ends the session and sends to each what waits for it, its summary last. */
  close(): void {
    this.#session.close();
    this.#hub.close((to) => this.#session.summary(to));
  }
}
