// A rule on trial: which groups it would get, judged by those in the history and those that are pending.

import { GROUP_VARIABLES } from '../../protocol/filter-variables.ts';
import type { RuleTest, WindowRequest } from '../../protocol/messages.ts';
import { matchesEverything } from '../rules/everything.ts';
import { brokenRows, compile, ExpressionError, HOLDS, HOLDS_NOT } from '../rules/expression.ts';
import { type CompiledRule, decide, type GroupFacts } from '../rules/rules.ts';
import type { EngineState } from '../state.ts';
import { GroupReader } from './group-reader.ts';
import { HistoryScan } from './history-scan.ts';
import { PendingFilter } from './pending-filter.ts';
import type { Slice } from './slice.ts';

/** Newest groups that are named. */
const SAMPLE = 5;

type TestRequest = NonNullable<WindowRequest['test']>;

interface Found {
  matched: number;
  broken: number;
  shadowed: number;
  /** The newest of the chunk, oldest first. */
  sample: number[];
}

class RuleTrial {
  readonly #state: EngineState;
  readonly #scan: HistoryScan<Found>;
  readonly #pending: PendingFilter;
  readonly #everything: boolean;
  #why = '';

  /** Throws ExpressionError. `earlier`: the rules in force before it. */
  constructor(state: EngineState, { rule }: TestRequest, earlier: readonly CompiledRule[]) {
    this.#state = state;
    this.#everything = matchesEverything(rule.when);
    const expressions = [rule, ...earlier].map(({ when }) =>
      when === undefined ? null : compile(when, GROUP_VARIABLES),
    );
    const judge = expressions[0]?.judge ?? (() => HOLDS);
    // A rule that is broken for a group keeps it from later rules, like one that holds.
    const taken = (facts: GroupFacts) => {
      const { rule: decides, broken } = decide(earlier, () => facts);
      return decides !== null || broken !== null;
    };
    const reader = new GroupReader((devId) => state.deviceName(devId));
    this.#scan = new HistoryScan<Found>({
      history: state.ledger.history,
      reader,
      repeats: expressions.some((expression) => expression?.uses.has('repeats')),
      make: () => ({ matched: 0, broken: 0, shadowed: 0, sample: [] }),
      visit: ({ found }) => {
        const { holds, error } = judge(reader);
        if (error !== null) {
          found.broken++;
          this.#why = error;
        }
        if (!holds) return;
        found.matched++;
        if (taken(reader)) found.shadowed++;
        found.sample.push(reader.groupNumber);
        if (found.sample.length > SAMPLE) found.sample.shift();
      },
    });
    this.#pending = new PendingFilter(state, (facts) => (taken(facts) ? HOLDS_NOT : judge(facts)), false);
  }

  close(): void {
    this.#pending.close();
  }

  get finished(): boolean {
    return this.#pending.finished && this.#scan.finished;
  }

  work(slice: Slice): boolean {
    const some = this.#pending.work(slice);
    return this.#scan.work(slice) || some;
  }

  report(): Omit<RuleTest, 'id'> {
    const { parts } = this.#scan;
    const sum = (of: (part: (typeof parts)[number]) => number) => parts.reduce((n, part) => n + of(part), 0);
    const oldest = parts.find((part) => part.chunk.count > 0)?.chunk.readGroup[0];
    return {
      error: null,
      at: null,
      everything: this.#everything,
      matched: sum((part) => part.found.matched),
      ...brokenRows(
        sum((part) => part.found.broken),
        this.#why,
      ),
      scanned: sum((part) => part.groups),
      total: oldest === undefined ? 0 : this.#state.ledger.totals.groups - oldest + 1,
      shadowed: sum((part) => part.found.shadowed),
      pending: this.#pending.counts().matched,
      sample: parts
        .flatMap((part) => part.found.sample)
        .slice(-SAMPLE)
        .reverse(),
    };
  }
}

const wrong = ({ message, at }: ExpressionError): Omit<RuleTest, 'id'> => {
  return {
    error: message,
    at,
    everything: false,
    matched: 0,
    scanned: 0,
    total: 0,
    shadowed: 0,
    pending: 0,
    sample: [],
  };
};

/** Keeps the trial of the rule that a view asks for, while it and the rules before it stay the same. */
export class RuleTests {
  readonly #state: EngineState;
  #key: string | null = null;
  #id = 0;
  #trial: RuleTrial | ExpressionError | null = null;

  constructor(state: EngineState) {
    this.#state = state;
  }

  request(test: TestRequest | undefined): void {
    this.#id = test?.id ?? 0;
    const earlier = test ? this.#state.rules.slice(0, test.before).filter((rule) => rule.enabled) : [];
    const key = test ? JSON.stringify([test.rule, earlier.map((rule) => rule.when ?? null)]) : null;
    if (key === this.#key) return;
    this.#key = key;
    if (this.#trial instanceof RuleTrial) this.#trial.close();
    this.#trial = null;
    if (!test) return;
    try {
      this.#trial = new RuleTrial(this.#state, test, earlier);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.#trial = error;
    }
  }

  get finished(): boolean {
    return !(this.#trial instanceof RuleTrial) || this.#trial.finished;
  }

  work(slice: Slice): boolean {
    return this.#trial instanceof RuleTrial && this.#trial.work(slice);
  }

  report(): RuleTest | null {
    if (!this.#trial) return null;
    const told = this.#trial instanceof ExpressionError ? wrong(this.#trial) : this.#trial.report();
    return { id: this.#id, ...told };
  }
}
