// The end of a run: why it ends and by which plan, what is done then, and its last message.
import type { Answer, Command, ExitPlan, QuitCommand, Summary } from '../protocol/messages.ts';
import { complaint } from './complaint.ts';
import { attempt, tellCounted } from './complaints.ts';
import { intakeAll } from './intake/intake.ts';
import { readTold } from './intake/told.ts';
import type { LostEntries } from './journal/lost-entries.ts';
import { tellNotice } from './notice.ts';
import type { SubscriberId } from './options.ts';
import { resumeOwner } from './rescue/owner.ts';
import { applyDueRules } from './rules/due.ts';
import { type Judge, judged } from './rules/expectations.ts';
import { settle } from './settle.ts';
import type { EngineState } from './state.ts';

export type EndReason = Summary['reason'];

/** What all summaries have in common; each has its own `dropped`. */
type Numbers = Pick<Summary, 't' | 'counters' | 'latency' | 'outstanding'>;

export class Ending {
  readonly #state: EngineState;
  #reason: EndReason | null = null;
  #exitPlan: ExitPlan;
  /** The signal that ended it, if one did. */
  #signal: string | null = null;
  #closed = false;
  #numbers: Numbers | null = null;
  readonly #expectations: readonly Judge[];

  constructor(state: EngineState, expectations: readonly Judge[]) {
    this.#state = state;
    this.#exitPlan = state.options.onExit;
    this.#expectations = expectations;
  }

  /** Why the run must end; null while it continues. */
  get reason(): EndReason | null {
    return this.#reason;
  }

  end(reason: EndReason, plan?: ExitPlan): void {
    this.#reason ??= reason;
    if (plan) this.#exitPlan = plan;
  }

  /** The answer that the exit plan gives; null: none. On queues that are not ours, what we have read would hang for ever. */
  plan(): Answer | null {
    if (this.#state.source.answering === null) return null;
    if (this.#exitPlan !== 'hold') return this.#exitPlan;
    return this.#state.source.lent ? 'invalid' : null;
  }

  quit({ id, onExit, signal, command, left = [] }: QuitCommand, from?: SubscriberId): void {
    const state = this.#state;
    if (signal !== undefined) this.#signal ??= signal;
    if (command !== undefined)
      tellNotice(state, { what: 'command-ended', text: `the command ended with exit code ${command}` });
    for (const one of left) tellNotice(state, { what: 'left-behind', ...one });
    this.end(command !== undefined ? 'command' : signal === undefined ? 'quit' : 'signal', onExit);
    state.emit({ type: 'done', t: state.t(), id: id ?? null, cmd: 'quit', count: 0 }, from);
  }

  /** A bug in iopftop, in a command or outside of any. */
  fail(bug: unknown, { command, from }: { command?: Command; from?: SubscriberId | undefined }): void {
    const message = `the engine failed: ${bug instanceof Error ? bug.message : String(bug)}`;
    const hint = 'this is a bug in iopftop; outstanding groups are handled by --on-exit';
    this.#state.log({ action: 'refused', result: message });
    const about = { id: command?.id ?? null, kind: 'bug', operation: null, errno: null } as const;
    this.#state.emit({ type: 'error', t: this.#state.t(), ...about, message, hint }, from);
    this.#reason = 'error';
  }

  /**
   * Ends the run by the exit plan: reads what waits, answers what is outstanding (`hold` leaves it, and the kernel
   * answers INVALID), undoes all. The summary is the last message; failures of the teardown come before it.
   */
  close(lost: LostEntries): void {
    if (this.#closed) throw new Error('the session is closed already');
    this.#closed = true;
    const state = this.#state;
    // What waits in queues that are not ours is left to their owners.
    if (state.source.lent === null) attempt(state, () => intakeAll(state));
    readTold(state);
    // Rules that arrived together with the end still decide.
    if (state.rulesDecide) applyDueRules(state, state.nowNs());
    const outstanding = settle(state, this.plan());
    const { owner } = state.source;
    if (owner?.goesOnAtEnd) resumeOwner(state, owner, 'exit');
    const failures = state.source.close();
    for (const { action: _, ...notice } of state.source.parting?.() ?? []) tellNotice(state, notice);
    for (const failure of failures) state.emit(complaint(failure, state.t(), null));
    tellCounted(state, Number.POSITIVE_INFINITY);
    lost.tell();
    this.#reason ??= 'quit';
    this.#numbers = {
      t: state.t(),
      counters: state.ledger.counters(0),
      latency: state.ledger.latency.read(),
      outstanding,
    };
    this.#log(outstanding);
    state.journal.close();
  }

  #log({ groups, ...left }: Summary['outstanding']): void {
    const signal = this.#signal === null ? {} : { signal: this.#signal };
    this.#state.log({ action: 'end', reason: this.#reason, ...signal, outstanding: groups, ...left });
  }

  /** After the session is closed, for a listener whose stream missed `dropped` records. */
  summary(dropped: number): Summary {
    if (!this.#numbers || !this.#reason) throw new Error('the session is not closed');
    const { t, counters, ...others } = this.#numbers;
    const numbers = { counters: { ...counters, dropped }, ...others };
    const { beyond } = this.#state;
    const behind = beyond.groups > 0 ? { beyond: { ...beyond } } : {};
    const expected = judged(this.#expectations, { t, ...numbers });
    return { type: 'summary', t, reason: this.#reason, ...numbers, ...behind, ...expected };
  }
}
