// A session: a synchronous state machine over a target. poll → read → decide → answer → account. No promises, no timers,
// no wall clock inside: time is the kernel's. The worker drives it; tests drive it directly.
import { Poll, type PollFd, type Wakeup } from '../kernel/kernel.ts';
import type {
  Cause,
  Command,
  ExitPlan,
  FromEngine,
  Hello,
  QuitCommand,
  Snapshot,
  Summary,
  View,
  WindowRequest,
} from '../protocol/messages.ts';
import { PROTOCOL } from '../protocol/messages.ts';
import type { Target } from '../targets/target.ts';
import { Alarms } from './alarms.ts';
import { CommandError, complaint } from './complaint.ts';
import { tellCounted } from './complaints.ts';
import { Dispatch } from './dispatch.ts';
import { applyDueRules } from './due.ts';
import { intake, intakeAll } from './intake.ts';
import type { Journal } from './journal.ts';
import type { EngineOptions } from './options.ts';
import { answerGroups } from './responder.ts';
import { snapshot } from './snapshot.ts';
import { EngineState } from './state.ts';
import { statistics } from './statistics.ts';
import { Views } from './view.ts';

export type EndReason = Summary['reason'];

export interface SessionOptions {
  target: Target;
  options: EngineOptions;
  journal: Journal;
  /** Events as they happen, see `EngineOptions.events`; errors and changes of attachment in any case. */
  emit: (message: FromEngine) => void;
  /** Records that the stream's reader did not get. */
  dropped?: () => number;
  version: string;
  /** ISO 8601: the wall clock at the start. */
  startedAt: string;
}

export class Session {
  readonly state: EngineState;
  readonly #dispatch: Dispatch;
  readonly #alarms: Alarms;
  readonly #views: Views;
  readonly #wakeup: Wakeup;
  readonly #fds: PollFd[];
  readonly #dropped: () => number;
  readonly #hello: Hello;
  #lastFaultNs = 0;
  #ended: EndReason | null = null;
  #exitPlan: ExitPlan;
  #closed = false;
  /** Lost journal entries that were told of. */
  #lostTold = 0;
  /** What ended it, where that was a signal. */
  #signal: string | null = null;
  /** The last step waited without a limit and saw nothing: in simulated time nothing will ever come of itself. */
  stalled = false;

  constructor({ target, options, journal, emit, dropped = () => 0, version, startedAt }: SessionOptions) {
    this.state = new EngineState(target, options, journal, emit);
    this.#dispatch = new Dispatch(this.state, (command) => this.#own(command));
    this.#dropped = dropped;
    this.#alarms = new Alarms(this.state, dropped);
    this.#views = new Views(this.state);
    this.#exitPlan = options.onExit;
    this.#wakeup = target.kernel.wakeup();
    this.#fds = [this.#wakeup.fd, ...target.queues.map((q) => q.fd)].map((fd) => ({ fd, events: Poll.IN, revents: 0 }));
    const { readOnly, dryRun, onExit, rules } = options;
    const mock = options.target.kind === 'mock' ? options.target : null;
    this.#hello = {
      type: 'hello',
      protocol: PROTOCOL,
      version,
      target: target.info,
      readOnly,
      dryRun,
      onExit,
      rules,
      startedAt,
      virtualTime: mock?.virtualTime === true,
      pauseAt: mock?.pauseAtMs == null ? null : mock.pauseAtMs / 1_000,
    };
    this.state.log({ action: 'start', startedAt, version, target: target.info.label, readOnly, dryRun, onExit });
  }

  get hello(): Hello {
    return this.#hello;
  }

  get wakeup(): Wakeup {
    return this.#wakeup;
  }

  /** Why the run is to end; null while it goes on. */
  get ended(): EndReason | null {
    return this.#ended;
  }

  end(reason: EndReason, plan?: ExitPlan): void {
    this.#ended ??= reason;
    if (plan) this.#exitPlan = plan;
  }

  /** A step has more to do at once: a command or a filter that goes in slices. */
  get unfinished(): boolean {
    return this.#dispatch.busy || this.#views.unfinished;
  }

  /** Waits for faults, at most until `deadlineNs` (session time), reads and answers them. Returns the records read. */
  step(deadlineNs: number): number {
    const { state } = this;
    this.#scenario();
    this.#dispatch.step();
    const timeoutMs = this.#timeoutMs(deadlineNs);
    const ready = this.#poll(timeoutMs);
    let records = 0;
    for (let i = 1; i < this.#fds.length; i++) {
      if ((this.#fds[i] as PollFd).revents !== 0) records += intake(state, i - 1);
    }
    const nowNs = state.nowNs();
    if (records > 0) this.#lastFaultNs = nowNs;
    applyDueRules(state, nowNs);
    tellCounted(state, nowNs);
    this.#alarms.check(state.nowNs());
    this.#checkEnd(nowNs);
    this.#views.work(records > 0);
    if (this.#lostTold === 0) this.#tellJournal();
    this.stalled = timeoutMs < 0 && ready === 0;
    return records;
  }

  /** Returns how many descriptors were ready; a wake-up counts, since what it was for may change everything. */
  #poll(timeoutMs: number): number {
    const { kernel } = this.state.target;
    const ready = kernel.poll(this.#fds, timeoutMs);
    if (ready < 0) throw new Error(`poll failed with errno ${-ready}`);
    if ((this.#fds[0] as PollFd).revents !== 0) this.#wakeup.clear();
    return ready;
  }

  /** Milliseconds until something is due: rounded up, so that it is due then. */
  #timeoutMs(deadlineNs: number): number {
    const { state } = this;
    if (this.unfinished) return 0;
    const { durationMs, idleMs } = state.options.until;
    const scenario = state.target.nextDueNs();
    const dueNs = Math.min(
      deadlineNs,
      state.pending.nextDueNs,
      this.#alarms.nextDueNs,
      state.complaints.nextDueNs,
      durationMs === null ? Number.POSITIVE_INFINITY : durationMs * 1e6,
      idleMs === null ? Number.POSITIVE_INFINITY : this.#lastFaultNs + idleMs * 1e6,
      scenario === null ? Number.POSITIVE_INFINITY : Number(scenario - state.startNs),
    );
    if (dueNs === Number.POSITIVE_INFINITY) return -1;
    return Math.min(2 ** 31 - 1, Math.max(0, Math.ceil((dueNs - state.nowNs()) / 1e6)));
  }

  #scenario(): void {
    const { target } = this.state;
    for (const { action, devId, pasid } of target.tick(target.kernel.now())) {
      const to = pasid === null ? {} : { pasid };
      const cmd: Command =
        action === 'detach' ? { cmd: 'detach', devId, ...to } : { cmd: 'replace', devId, ...to, hwpt: 'new-paging' };
      this.#dispatch.take(cmd, 'scenario');
    }
  }

  #checkEnd(nowNs: number): void {
    const { durationMs, groups, idleMs } = this.state.options.until;
    if (groups !== null && this.state.totals.groups >= groups) this.end('count');
    else if (durationMs !== null && nowNs >= durationMs * 1e6) this.end('duration');
    else if (idleMs !== null && nowNs - this.#lastFaultNs >= idleMs * 1e6) this.end('idle');
  }

  /** Carries out a command and says what came of it. */
  command(command: Command, cause: Cause): void {
    this.#dispatch.take(command, cause);
  }

  #tellState(withStatistics: boolean): void {
    const asked = withStatistics ? { statistics: statistics(this.state) } : {};
    this.state.emit({ ...this.snapshot(), ...asked });
  }

  #own(command: Command): boolean {
    if (command.cmd === 'snapshot') this.#tellState(command.statistics === true);
    if (command.cmd === 'quit') this.#quit(command);
    return command.cmd === 'snapshot' || command.cmd === 'quit';
  }

  #quit({ id, onExit, signal }: QuitCommand): void {
    if (signal !== undefined) this.#signal ??= signal;
    this.end(signal === undefined ? 'quit' : 'signal', onExit);
    this.state.emit({ type: 'done', t: this.state.t(), id: id ?? null, cmd: 'quit', count: 0 });
  }

  /** When the journal first fails, and at the end: what it did not get. */
  #tellJournal(): void {
    const { lost, error } = this.state.journal;
    if (lost === this.#lostTold) return;
    this.#lostTold = lost;
    const hint = 'the run goes on; `journal.entries` of a snapshot counts what should be in it';
    this.state.emit(
      complaint(new CommandError('refused', `the journal cannot be written: ${error}`, hint), this.state.t(), null),
    );
  }

  snapshot(first = 0, rows = Number.POSITIVE_INFINITY): Snapshot {
    const alarms = this.#alarms.list(this.state.nowNs());
    return { ...snapshot(this.state, first, rows, this.#dropped()), alarms };
  }

  view(window: WindowRequest): View {
    return this.#views.view(window, (first, rows) => this.snapshot(first, rows));
  }

  /**
   * Ends the run by the exit plan: reads what waits, answers what is outstanding (`hold` leaves it, and the kernel
   * answers INVALID), undoes all. The summary is the last word; failures of the teardown come before it.
   */
  close(): Summary {
    if (this.#closed) throw new Error('the session is closed already');
    this.#closed = true;
    const { state } = this;
    this.#dispatch.abandon();
    const plan = this.#exitPlan;
    intakeAll(state);
    const outstanding = [...state.pending.values()];
    const act = plan !== 'hold' && !state.options.readOnly;
    const answered = act ? answerGroups(state, outstanding, plan, 'exit') : 0;
    const failures = state.target.close();
    state.target.kernel.close(this.#wakeup.fd);
    for (const failure of failures) state.emit(complaint(failure, state.t(), null));
    tellCounted(state, Number.POSITIVE_INFINITY);
    this.#tellJournal();
    const summary: Summary = {
      type: 'summary',
      t: state.t(),
      reason: this.#ended ?? 'quit',
      counters: state.counters(this.#dropped()),
      latency: state.latency.read(),
      outstanding: { groups: outstanding.length, plan, answered },
    };
    state.log({
      action: 'end',
      reason: summary.reason,
      ...(this.#signal === null ? {} : { signal: this.#signal }),
      outstanding: outstanding.length,
      plan,
      answered,
    });
    state.journal.close();
    return summary;
  }
}
