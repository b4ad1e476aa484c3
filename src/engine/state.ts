// What the parts of a session share: counters, history, pending groups, and where messages go.
import type { FromEngine, JournalEntry, Rule } from '../protocol/messages.ts';
import type { FaultSource } from '../sources/source.ts';
import { GroupReader } from './filter/group-reader.ts';
import { QueueHealth } from './intake/queue-health.ts';
import type { Journal } from './journal/journal.ts';
import type { PendingGroup } from './ledger/group.ts';
import { Ledger } from './ledger/ledger.ts';
import type { EngineOptions, SubscriberId } from './options.ts';
import { type CompiledRule, compileRules, type GroupFacts } from './rules/rules.ts';
import { Throttle } from './throttle.ts';

/** Where messages go. `asker`: the sender of the command concerned; absent: all listeners that want such messages. */
export type Emit = (message: FromEngine, asker?: SubscriberId) => void;

interface StateParts {
  source: FaultSource;
  options: EngineOptions;
  /** Those of the options. */
  rules: CompiledRule[];
  journal: Journal;
  emit: Emit;
}

export class EngineState {
  readonly source: FaultSource;
  readonly options: EngineOptions;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly complaints = new Throttle();
  readonly health = new QueueHealth();
  rules: CompiledRule[];
  /** Some listener wants each fault, answer and verdict; joining and leaving listeners change it. */
  events: boolean;
  /** A rescue is under way: it alone reads and answers, and rules decide nothing. */
  rescuing = false;
  /** What was read beyond --count, at the end or before a detach. */
  readonly beyond = { groups: 0, faults: 0 };
  /** Increases with every change that a view would show. */
  version = 0;
  readonly #startNs: bigint;
  readonly #emit: Emit;
  readonly #reader = new GroupReader((devId) => this.deviceName(devId));

  constructor({ source, options, rules, journal, emit }: StateParts) {
    this.source = source;
    this.options = options;
    this.journal = journal;
    this.rules = rules;
    this.events = options.events;
    this.#startNs = source.kernel.now();
    this.#emit = emit;
    this.ledger = new Ledger({
      records: options.history,
      loopFrom: options.alarms.refault ?? Number.POSITIVE_INFINITY,
      ofOthers: source.lent !== null,
    });
    this.ledger.attachmentsAre(source.attachments);
  }

  /** How many groups are still to be read before --count is reached; Infinity without one. */
  get groupsLeft(): number {
    const { groups } = this.options.until;
    return groups === null ? Number.POSITIVE_INFINITY : Math.max(0, groups - this.ledger.totals.groups);
  }

  /** Nanoseconds since the start, in the kernel's time. */
  nowNs(): number {
    return Number(this.source.kernel.now() - this.#startNs);
  }

  /** Seconds since the start. */
  t(nowNs = this.nowNs()): number {
    return Math.round(nowNs / 1_000) / 1e6;
  }

  /** The kernel's clock at the start. */
  get startNs(): bigint {
    return this.#startNs;
  }

  emit(message: FromEngine, asker?: SubscriberId): void {
    this.version++;
    this.#emit(message, asker);
  }

  log(entry: Omit<JournalEntry, 't'>, nowNs = this.nowNs()): void {
    this.journal.write({ t: this.t(nowNs), ...entry } as JournalEntry);
  }

  deviceName(devId: number): string {
    return this.source.devices.find((d) => d.devId === devId)?.name ?? `device ${devId}`;
  }

  /** How long a simulated device has been stuck; null: it is not, or does not say. */
  hungNs(devId: number, nowNs: number): number | null {
    const since = this.source.hungSince?.(devId) ?? null;
    return since === null ? null : Math.max(0, nowNs - Number(since - this.#startNs));
  }

  /** The facts of a group for a rule's condition; valid until the next call. */
  facts(group: PendingGroup): GroupFacts {
    this.#reader.to(group, this.ledger.records(group));
    return this.#reader;
  }

  /** Unchanged rules keep their hits. Throws RuleError, and the old rules stay. */
  setRules(rules: readonly Rule[]): void {
    this.rules = compileRules(rules, this.rules);
  }

  /** Do rules decide about groups? If nothing can be answered, only in a dry run; never during a rescue. */
  get rulesDecide(): boolean {
    return !this.rescuing && (this.options.dryRun || (!this.options.readOnly && this.source.answering !== null));
  }
}
