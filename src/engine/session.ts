// A session: a synchronous state machine over a source. poll → read → decide → answer → account. No promises, no timers,
// no wall clock inside: time is the kernel's. The worker drives it; tests drive it directly.

import type { Wakeup } from '../kernel/kernel.ts';
import { NO_WORLD, type RunWorld } from '../process/run-process.ts';
import type {
  Answer,
  Cause,
  Command,
  ExitPlan,
  Hello,
  QuitCommand,
  Snapshot,
  Summary,
  View,
  WindowRequest,
} from '../protocol/messages.ts';
import type { FaultSource } from '../sources/source.ts';
import { Refusal } from '../text/refusal.ts';
import { Alarms } from './alarms/alarms.ts';
import { Dispatch, type Request } from './commands/dispatch.ts';
import { complaint } from './complaint.ts';
import { attempt, tellCounted, tellFailure } from './complaints.ts';
import { Happenings } from './happenings.ts';
import { withinCount } from './intake/beyond.ts';
import { intake, intakeAll, intakeReady } from './intake/intake.ts';
import { PollSet } from './intake/poll-set.ts';
import { readTold } from './intake/told.ts';
import { WarmUp } from './intake/warm-up.ts';
import { tellFormer } from './journal/former.ts';
import type { Journal } from './journal/journal.ts';
import { startEntry } from './journal/start-entry.ts';
import { tellNotice } from './notice.ts';
import { type EngineOptions, FIRST, type SubscriberId } from './options.ts';
import { resumeOwner } from './rescue/owner.ts';
import { applyDueRules } from './rules/due.ts';
import { compileExpectations, judged } from './rules/expectations.ts';
import { logRulesInForce } from './rules/policy.ts';
import { settle } from './settle.ts';
import { type Emit, EngineState } from './state.ts';
import { helloOf } from './views/hello.ts';
import { snapshot } from './views/snapshot.ts';
import { statistics } from './views/statistics.ts';
import { Viewers } from './views/viewers.ts';

export type EndReason = Summary['reason'];

export interface SessionOptions {
  source: FaultSource;
  options: EngineOptions;
  journal: Journal;
  /** What happens, as it happens: faults, answers and verdicts see `EngineState.events`. */
  emit: Emit;
  /** Records that this subscriber's stream did not get. */
  dropped?: (of: SubscriberId) => number;
  /** The same with answers and other messages, of the front end that the run was started for. */
  missed?: () => number;
  version: string;
  /** ISO 8601: the wall clock at the start. */
  startedAt: string;
  /** Which process this is, and which others are still there. */
  world?: RunWorld;
}

/** The stream of a run that ends after `most` groups has so many. */
const upTo = (most: number | null, emit: SessionOptions['emit']): SessionOptions['emit'] =>
  most === null
    ? emit
    : (message, asker) => {
        const kept = withinCount(message, most);
        if (kept !== null) emit(kept, asker);
      };

export class Session {
  readonly state: EngineState;
  readonly #dispatch: Dispatch;
  readonly #happenings: Happenings;
  readonly #alarms: Alarms;
  readonly #viewers: Viewers;
  readonly #wakeup: Wakeup;
  readonly #polled: PollSet;
  readonly #dropped: (of: SubscriberId) => number;
  readonly #hello: Hello;
  readonly #expectations: ReturnType<typeof compileExpectations>;
  /** Where time is real. */
  readonly #warmUp: WarmUp | null;
  #lastFaultNs = 0;
  /** The state's version when the alarms were looked at last. */
  #checkedVersion = -1;
  #ended: EndReason | null = null;
  #exitPlan: ExitPlan;
  #closed = false;
  /** What its summaries say, each with its own `dropped`. */
  #numbers: Pick<Summary, 't' | 'counters' | 'latency' | 'outstanding'> | null = null;
  /** Lost journal entries that were told of. */
  #lostTold = 0;
  /** What ended it, where that was a signal. */
  #signal: string | null = null;
  /** The last step waited without a limit and saw nothing: in simulated time nothing will ever come of itself. */
  stalled = false;

  constructor({
    source,
    options,
    journal,
    emit,
    dropped = () => 0,
    missed = () => dropped(FIRST),
    version,
    startedAt,
    world = NO_WORLD,
  }: SessionOptions) {
    this.state = new EngineState(source, options, journal, upTo(options.until.groups, emit));
    this.#dispatch = new Dispatch(this.state, (request) => this.#own(request));
    this.#dropped = dropped;
    this.#happenings = new Happenings(this.state, this.#dispatch, {
      plan: () => this.#plan(),
      end: (reason) => this.end(reason),
    });
    this.#alarms = new Alarms(this.state, missed);
    this.#viewers = new Viewers(this.state);
    this.#exitPlan = options.onExit;
    this.#expectations = compileExpectations(options.expect ?? []);
    this.#wakeup = source.kernel.wakeup();
    this.#polled = new PollSet(source, this.#wakeup, this.state.health);
    this.#warmUp = source.kernel.name === 'linux' ? new WarmUp() : null;
    this.#hello = helloOf(source, options, version, startedAt);
    this.state.log(startEntry(source, options, { startedAt, version, process: world.process }));
    logRulesInForce(this.state);
    if (journal.before) tellFormer(this.state, journal.before, world);
    if (options.notice !== undefined) tellNotice(this.state, { what: 'configuration', text: options.notice });
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

  /** A bug of our own: it is told, and the run ends. What is outstanding is answered as at every end. */
  fail(bug: unknown): void {
    const message = `the engine failed: ${bug instanceof Error ? bug.message : String(bug)}`;
    const hint = 'this is a bug of iopftop; what is outstanding is treated as at every end';
    this.state.log({ action: 'refused', result: message });
    const { command, from } = this.#dispatch.current ?? {};
    const about = { id: command?.id ?? null, kind: 'bug', operation: null, errno: null } as const;
    this.state.emit({ type: 'error', t: this.state.t(), ...about, message, hint }, from);
    this.#ended = 'error';
  }

  /** A step has more to do at once: a command or a filter that goes in slices. */
  get unfinished(): boolean {
    return this.#dispatch.busy || this.#viewers.unfinished;
  }

  /** Waits for faults, at most until `deadlineNs` (session time), reads and answers them. Returns the records read. */
  step(deadlineNs: number): number {
    const { state } = this;
    const { version } = state;
    attempt(state, () => this.#happenings.take());
    this.#dispatch.step();
    // What has come of that is told before anything is waited for.
    const timeoutMs = state.version === version ? this.#timeoutMs(deadlineNs) : 0;
    const ready = this.#polled.wait(timeoutMs, state.nowNs(), (error) => tellFailure(state, error));
    let records = 0;
    if (!state.rescuing) for (const queue of this.#polled.readyQueues()) records += this.#intake(queue);
    records += readTold(state);
    const nowNs = state.nowNs();
    if (records > 0) this.#lastFaultNs = nowNs;
    if (!state.rescuing) applyDueRules(state, nowNs);
    tellCounted(state, nowNs);
    this.#checkAlarms();
    this.#checkEnd(nowNs);
    this.#viewers.work(records > 0);
    if (ready === 0) this.#warmUp?.work(nowNs);
    if (this.#lostTold === 0) this.#tellJournal();
    this.stalled = timeoutMs < 0 && ready === 0;
    return records;
  }

  /**
   * Not where nothing has changed and nothing is due: when messages come is chance, also in simulated time, and a look in
   * between would move the times of those to come.
   */
  #checkAlarms(): void {
    const { state } = this;
    const nowNs = state.nowNs();
    if (this.#polled.onlyWoken && state.version === this.#checkedVersion && nowNs < this.#alarms.nextDueNs) return;
    this.#alarms.check(nowNs);
    this.#checkedVersion = state.version;
  }

  #intake(queue: number): number {
    return this.#polled.blind ? intake(this.state, queue) : intakeReady(this.state, queue);
  }

  /** Milliseconds until something is due: rounded up, so that it is due then. */
  #timeoutMs(deadlineNs: number): number {
    const { state } = this;
    if (this.unfinished) return 0;
    const { durationMs, idleMs } = state.options.until;
    const scenario = state.source.nextDueNs();
    const dueNs = Math.min(
      deadlineNs,
      state.ledger.pending.nextDueNs,
      this.#alarms.nextDueNs,
      state.complaints.nextDueNs,
      state.health.nextDueNs(state.nowNs()),
      this.#warmUp?.dueNs ?? Number.POSITIVE_INFINITY,
      durationMs === null ? Number.POSITIVE_INFINITY : durationMs * 1e6,
      idleMs === null ? Number.POSITIVE_INFINITY : this.#lastFaultNs + idleMs * 1e6,
      scenario === null ? Number.POSITIVE_INFINITY : Number(scenario - state.startNs),
    );
    if (dueNs === Number.POSITIVE_INFINITY) return -1;
    return Math.min(2 ** 31 - 1, Math.max(0, Math.ceil((dueNs - state.nowNs()) / 1e6)));
  }

  /** The answer that the exit plan gives; null: none. Of queues that are not ours, what we have read would hang for ever. */
  #plan(): Answer | null {
    if (this.state.source.answering === null) return null;
    if (this.#exitPlan !== 'hold') return this.#exitPlan;
    return this.state.source.lent ? 'invalid' : null;
  }

  #checkEnd(nowNs: number): void {
    const { durationMs, groups, idleMs } = this.state.options.until;
    if (groups !== null && this.state.ledger.totals.groups >= groups) this.end('count');
    else if (durationMs !== null && nowNs >= durationMs * 1e6) this.end('duration');
    else if (idleMs !== null && nowNs - this.#lastFaultNs >= idleMs * 1e6) this.end('idle');
  }

  /** Carries out a command and says what came of it, to the one who sent it. */
  command(command: Command, cause: Cause, from: SubscriberId = FIRST): void {
    this.#dispatch.take({ command, cause, from });
  }

  #tellState(withStatistics: boolean, from?: SubscriberId): void {
    const asked = withStatistics ? { statistics: statistics(this.state) } : {};
    this.state.emit({ ...this.snapshot(0, Number.POSITIVE_INFINITY, from), ...asked }, from);
  }

  #own({ command, from }: Request): boolean {
    if (command.cmd === 'snapshot') this.#tellState(command.statistics === true, from);
    if (command.cmd === 'quit') this.#quit(command, from);
    return command.cmd === 'snapshot' || command.cmd === 'quit';
  }

  #quit({ id, onExit, signal, command, left = [] }: QuitCommand, from?: SubscriberId): void {
    if (signal !== undefined) this.#signal ??= signal;
    if (command !== undefined)
      tellNotice(this.state, { what: 'command-ended', text: `the command has ended with ${command}` });
    for (const one of left) tellNotice(this.state, { what: 'left-behind', ...one });
    this.end(command !== undefined ? 'command' : signal === undefined ? 'quit' : 'signal', onExit);
    this.state.emit({ type: 'done', t: this.state.t(), id: id ?? null, cmd: 'quit', count: 0 }, from);
  }

  /** When the journal first fails, and at the end: what it did not get. */
  #tellJournal(): void {
    const { lost, error } = this.state.journal;
    if (lost === this.#lostTold) return;
    this.#lostTold = lost;
    const hint = 'the run goes on; `journal.entries` of a snapshot counts what should be in it';
    this.state.emit(
      complaint(new Refusal('refused', `the journal cannot be written: ${error}`, hint), this.state.t(), null),
    );
  }

  snapshot(first = 0, rows = Number.POSITIVE_INFINITY, of: SubscriberId = FIRST): Snapshot {
    const alarms = this.#alarms.list(this.state.nowNs());
    return { ...snapshot(this.state, first, rows, this.#dropped(of)), alarms };
  }

  /** How things stand for one who has just joined: the alarms that were told of last, so that the next are news to it as to all. */
  present(of: SubscriberId): Snapshot {
    const alarms = this.#alarms.told;
    return { ...snapshot(this.state, 0, Number.POSITIVE_INFINITY, this.#dropped(of)), alarms };
  }

  view(window: WindowRequest, of: SubscriberId = FIRST): View {
    return this.#viewers.view(window, of, (first, rows) => this.snapshot(first, rows, of));
  }

  /** Nobody looks there any more. */
  forget(of: SubscriberId): void {
    this.#viewers.leave(of);
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
    // What waits in queues that are not ours stays for those whose they are.
    if (state.source.lent === null) attempt(state, () => intakeAll(state));
    // Rules that were given together with the end still decide.
    if (state.rulesDecide) applyDueRules(state, state.nowNs());
    const outstanding = settle(state, this.#plan());
    const { owner } = state.source;
    if (owner?.goesOnAtEnd) resumeOwner(state, owner, 'exit');
    const failures = state.source.close();
    for (const { action: _, ...notice } of state.source.parting?.() ?? []) tellNotice(state, notice);
    state.source.kernel.close(this.#wakeup.fd);
    for (const failure of failures) state.emit(complaint(failure, state.t(), null));
    tellCounted(state, Number.POSITIVE_INFINITY);
    this.#tellJournal();
    this.#ended ??= 'quit';
    this.#numbers = {
      t: state.t(),
      counters: state.ledger.counters(0),
      latency: state.ledger.latency.read(),
      outstanding,
    };
    const { groups, ...left } = outstanding;
    state.log({
      action: 'end',
      reason: this.#ended,
      ...(this.#signal === null ? {} : { signal: this.#signal }),
      outstanding: groups,
      ...left,
    });
    state.journal.close();
    return this.summary();
  }

  /** The last word to this subscriber; of a session that is closed. */
  summary(of: SubscriberId = FIRST): Summary {
    if (!this.#numbers || !this.#ended) throw new Error('the session is not closed');
    const { t, counters, ...others } = this.#numbers;
    const numbers = { counters: { ...counters, dropped: this.#dropped(of) }, ...others };
    const { beyond } = this.state;
    const behind = beyond.groups > 0 ? { beyond: { ...beyond } } : {};
    const expected = judged(this.#expectations, { t, ...numbers });
    return { type: 'summary', t, reason: this.#ended, ...numbers, ...behind, ...expected };
  }
}
