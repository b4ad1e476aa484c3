// A session: a synchronous state machine over a source. poll → read → decide → answer → account. No promises, no timers,
// no wall clock inside: time is the kernel's. The worker drives it; tests drive it directly.

import type { Wakeup } from '../kernel/kernel.ts';
import { NO_WORLD, type RunWorld } from '../process/run-process.ts';
import type { Cause, Command, ExitPlan, Hello, Snapshot, Summary, View, WindowRequest } from '../protocol/messages.ts';
import type { FaultSource } from '../sources/source.ts';
import { Alarms } from './alarms/alarms.ts';
import { Dispatch, type Request } from './commands/dispatch.ts';
import { attempt, tellCounted, tellFailure } from './complaints.ts';
import { Ending, type EndReason } from './ending.ts';
import { Happenings } from './happenings.ts';
import { upTo } from './intake/beyond.ts';
import { intake, intakeReady } from './intake/intake.ts';
import { PollSet } from './intake/poll-set.ts';
import { readTold } from './intake/told.ts';
import { WarmUp } from './intake/warm-up.ts';
import { tellFormer } from './journal/former.ts';
import type { Journal } from './journal/journal.ts';
import { LostEntries } from './journal/lost-entries.ts';
import { startEntry } from './journal/start-entry.ts';
import { nextDueNs, timeoutMs } from './next-due.ts';
import { tellNotice } from './notice.ts';
import { type EngineOptions, FIRST, type SubscriberId } from './options.ts';
import { type Compiled, compileAll } from './rules/compiled.ts';
import { applyDueRules } from './rules/due.ts';
import { logRulesInForce } from './rules/policy.ts';
import { type Emit, EngineState } from './state.ts';
import { reached, untilDueNs } from './until.ts';
import { helloOf } from './views/hello.ts';
import { snapshot } from './views/snapshot.ts';
import { statistics } from './views/statistics.ts';
import { Viewers } from './views/viewers.ts';

export interface SessionOptions {
  source: FaultSource;
  options: EngineOptions;
  /** From the options; absent: not compiled yet. */
  compiled?: Compiled;
  journal: Journal;
  /** What happens, as it happens: for faults, answers and verdicts see `EngineState.events`. */
  emit: Emit;
  /** Records that this subscriber's stream missed. */
  dropped?: (of: SubscriberId) => number;
  /** The same with answers and other messages, of the front end that the run was started for. */
  missed?: () => number;
  version: string;
  /** ISO 8601: the wall clock at the start. */
  startedAt: string;
  /** Which process this is, and which other ones still exist. */
  world?: RunWorld;
}

export class Session {
  readonly state: EngineState;
  readonly #dispatch: Dispatch;
  readonly #ending: Ending;
  readonly #happenings: Happenings;
  readonly #alarms: Alarms;
  readonly #viewers: Viewers;
  readonly #wakeup: Wakeup;
  readonly #polled: PollSet;
  readonly #lost: LostEntries;
  readonly #dropped: (of: SubscriberId) => number;
  readonly #hello: Hello;
  /** Where time is real. */
  readonly #warmUp: WarmUp | null;
  #lastFaultNs = 0;
  /** The last step waited without a limit and saw nothing: in simulated time nothing will ever happen by itself. */
  stalled = false;

  constructor({
    source,
    options,
    compiled = compileAll(options),
    journal,
    emit,
    dropped = () => 0,
    missed = () => dropped(FIRST),
    version,
    startedAt,
    world = NO_WORLD,
  }: SessionOptions) {
    this.state = new EngineState({
      source,
      options,
      rules: compiled.rules,
      journal,
      emit: upTo(options.until.groups, emit),
    });
    this.#dispatch = new Dispatch(this.state, (request) => this.#own(request));
    this.#dropped = dropped;
    this.#ending = new Ending(this.state, compiled.expectations);
    this.#happenings = new Happenings(this.state, this.#dispatch, this.#ending);
    this.#alarms = new Alarms(this.state, missed);
    this.#viewers = new Viewers(this.state);
    this.#lost = new LostEntries(this.state);
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

  /** Why the run must end; null while it continues. */
  get ended(): EndReason | null {
    return this.#ending.reason;
  }

  end(reason: EndReason, plan?: ExitPlan): void {
    this.#ending.end(reason, plan);
  }

  /** A bug in iopftop: it is reported, and the run ends. Outstanding groups are answered as at every end. */
  fail(bug: unknown): void {
    this.#ending.fail(bug, this.#dispatch.current ?? {});
  }

  /** The next step has more to do at once: a command or a filter in slices. */
  get unfinished(): boolean {
    return this.#dispatch.busy || this.#viewers.unfinished;
  }

  /** Waits for faults, at most until `deadlineNs` (session time), reads and answers them. Returns the records read. */
  step(deadlineNs: number): number {
    const { state } = this;
    const { version } = state;
    attempt(state, () => this.#happenings.take());
    this.#dispatch.step();
    // Results are reported before anything is waited for.
    const waitMs = state.version === version && !this.unfinished ? this.#timeoutMs(deadlineNs) : 0;
    const ready = this.#polled.wait(waitMs, state.nowNs(), (error) => tellFailure(state, error));
    let records = 0;
    if (!state.rescuing) for (const queue of this.#polled.readyQueues()) records += this.#intake(queue);
    records += readTold(state);
    const nowNs = state.nowNs();
    if (records > 0) this.#lastFaultNs = nowNs;
    if (!state.rescuing) applyDueRules(state, nowNs);
    tellCounted(state, nowNs);
    this.#alarms.check(this.#polled.onlyWoken);
    this.#checkEnd(nowNs);
    this.#viewers.work(records > 0);
    if (ready === 0) this.#warmUp?.work(nowNs);
    this.#lost.tellFirst();
    this.stalled = waitMs < 0 && ready === 0;
    return records;
  }

  #intake(queue: number): number {
    return this.#polled.blind ? intake(this.state, queue) : intakeReady(this.state, queue);
  }

  #timeoutMs(deadlineNs: number): number {
    const { state } = this;
    const dueNs = Math.min(
      deadlineNs,
      nextDueNs(state),
      this.#alarms.nextDueNs,
      // Not if poll() itself fails: it would be called at once, repeatedly.
      this.#polled.blind ? Number.POSITIVE_INFINITY : (this.#warmUp?.dueNs ?? Number.POSITIVE_INFINITY),
      untilDueNs(state.options.until, this.#lastFaultNs),
    );
    return timeoutMs(dueNs, state.nowNs());
  }

  #checkEnd(nowNs: number): void {
    const { groups } = this.state.ledger.totals;
    const reason = reached(this.state.options.until, { nowNs, groups, lastFaultNs: this.#lastFaultNs });
    if (reason) this.end(reason);
  }

  /** Executes a command and replies to its sender. */
  command(command: Command, cause: Cause, from: SubscriberId = FIRST): void {
    this.#dispatch.take({ command, cause, from });
  }

  #tellState(withStatistics: boolean, from?: SubscriberId): void {
    const asked = withStatistics ? { statistics: statistics(this.state) } : {};
    this.state.emit({ ...this.snapshot(0, Number.POSITIVE_INFINITY, from), ...asked }, from);
  }

  #own({ command, from }: Request): boolean {
    if (command.cmd === 'snapshot') this.#tellState(command.statistics === true, from);
    if (command.cmd === 'quit') this.#ending.quit(command, from);
    return command.cmd === 'snapshot' || command.cmd === 'quit';
  }

  snapshot(first = 0, rows = Number.POSITIVE_INFINITY, of: SubscriberId = FIRST): Snapshot {
    const alarms = this.#alarms.list(this.state.nowNs());
    return { ...snapshot(this.state, first, rows, this.#dropped(of)), alarms };
  }

  /** The current state for a new listener: the last reported alarms, so that the next ones are news to it as to all. */
  present(of: SubscriberId): Snapshot {
    const alarms = this.#alarms.told;
    return { ...snapshot(this.state, 0, Number.POSITIVE_INFINITY, this.#dropped(of)), alarms };
  }

  view(window: WindowRequest, of: SubscriberId = FIRST): View {
    return this.#viewers.view(window, of, (first, rows) => this.snapshot(first, rows, of));
  }

  /** That viewer is gone. */
  forget(of: SubscriberId): void {
    this.#viewers.leave(of);
  }

  /** See Ending.close. */
  close(): Summary {
    this.#dispatch.abandon();
    this.#ending.close(this.#lost);
    this.state.source.kernel.close(this.#wakeup.fd);
    return this.summary();
  }

  /** The last message to this subscriber, after the session is closed. */
  summary(of: SubscriberId = FIRST): Summary {
    return this.#ending.summary(this.#dropped(of));
  }
}
