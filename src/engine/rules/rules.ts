// Rules: an ordered list, the first whose condition holds decides. Conditions are CEL expressions over the group.

import { type FactsOf, GROUP_VARIABLES } from '../../protocol/filter-variables.ts';
import type { Rule } from '../../protocol/messages.ts';
import { VERDICTS } from '../../protocol/verdicts.ts';
import { Refusal } from '../../text/refusal.ts';
import type { Decided } from '../ledger/group.ts';
import { matchesEverything } from './everything.ts';
import { compile, ExpressionError, type Judgement } from './expression.ts';
import { firstTwin, namesOf, sameRule } from './rule-names.ts';

/** The facts of a group for a condition. Addresses and counts are CEL ints. */
export type GroupFacts = FactsOf<typeof GROUP_VARIABLES>;

export type Condition = (facts: GroupFacts) => Judgement;

/** How often a condition could not be evaluated, and why and for which group the last time. */
export interface Broken {
  readonly count: number;
  readonly error: string;
  readonly group: number;
}

export interface CompiledRule extends Rule {
  readonly name: string;
  readonly enabled: boolean;
  readonly index: number;
  readonly condition: Condition | null;
  readonly afterNs: number;
  /** Its condition is empty or always holds. */
  readonly everything: boolean;
  hits: number;
  /** null: its condition could be evaluated for every group so far. */
  broken: Broken | null;
}

/** A rule as in a file. */
type RuleText = Record<'name' | 'when' | 'then' | 'after', string>;
type RuleErrorPlace = Partial<Pick<RuleError, 'at' | 'key' | 'hint'>> & ErrorOptions;

/** A rule that cannot be used; `rule` counts from 1, 0 for a condition that is in no rule. */
export class RuleError extends Refusal {
  readonly rule: number;
  /** Where in the condition, in characters from 0; null: not known, or not the condition. */
  readonly at: number | null;
  /** The key that it is about; null: the whole rule. */
  readonly key: keyof RuleText | null;

  constructor(rule: number, message: string, { at = null, key = null, hint = null, cause }: RuleErrorPlace = {}) {
    super('usage', rule === 0 ? message : `rule ${rule}: ${message}`, hint, cause);
    this.rule = rule;
    this.at = at;
    this.key = key;
  }
}

const CONDITION = 'a condition is a CEL expression over the group, such as write && pasid == 5';

/** Compiles one CEL condition. Throws RuleError: not parsable, an unknown variable, or not a bool. */
export function compileCondition(source: string, rule = 0): Condition {
  try {
    return compile(source, GROUP_VARIABLES).judge;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { at, message } = error;
    const place = at === null ? '' : ` at column ${at + 1}`;
    const where = { at, key: 'when', hint: CONDITION, cause: error } as const;
    throw new RuleError(rule, `condition ${JSON.stringify(source)}${place}: ${message}`, where);
  }
}

/**
 * Compiles a rule list. `before`: the current rules; an unchanged one (name, when, then, afterMs) keeps its
 * hits, and how often it was broken.
 * Throws RuleError for the first rule that is wrong.
 */
export function compileRules(rules: readonly Rule[], before: readonly CompiledRule[] = []): CompiledRule[] {
  const twin = firstTwin(rules);
  if (twin) {
    const said = `${JSON.stringify(rules[twin.index]?.name)} is already the name of rule ${twin.other + 1}; names must be unique`;
    throw new RuleError(twin.index + 1, said, { key: 'name' });
  }
  const names = namesOf(rules);
  return rules.map((given, index) => {
    const rule = { ...given, name: names[index]! };
    if (!VERDICTS.includes(rule.then)) {
      throw new RuleError(index + 1, `then must be one of ${VERDICTS.join(', ')}, got ${JSON.stringify(rule.then)}`, {
        key: 'then',
      });
    }
    const after = rule.afterMs ?? 0;
    if (!Number.isFinite(after) || after < 0)
      throw new RuleError(index + 1, `after must be a duration of 0 or more, got ${after}`, { key: 'after' });
    if (after > 0 && rule.then === 'hold')
      throw new RuleError(index + 1, 'hold cannot have after: it waits for you, or for new rules, without limit', {
        key: 'after',
        hint: 'remove `after`',
      });
    // It may be a mistake, and would answer everything.
    if (rule.when?.trim() === '')
      throw new RuleError(index + 1, 'when is empty', {
        at: 0,
        key: 'when',
        hint: 'remove `when` to match every group',
      });
    const old = before.find((other) => sameRule(other, rule));
    return {
      ...rule,
      enabled: rule.enabled ?? true,
      index,
      condition: rule.when === undefined ? null : compileCondition(rule.when, index + 1),
      afterNs: after * 1e6,
      everything: old?.everything ?? matchesEverything(rule.when),
      hits: old?.hits ?? 0,
      broken: old?.broken ?? null,
    };
  });
}

export interface Decision extends Decided {
  readonly rule: CompiledRule | null;
  readonly broken: { readonly rule: CompiledRule; readonly error: string } | null;
}

export const NOTHING: Decision = { rule: null, broken: null };

/** Does the same to the group for the same reason. */
export const sameDecision = (a: Decided, b: Decided): boolean =>
  sameOrNull(a.rule, b.rule) && sameOrNull(a.broken?.rule ?? null, b.broken?.rule ?? null);

const sameOrNull = (a: Rule | null, b: Rule | null): boolean => (a === null || b === null ? a === b : sameRule(a, b));

/**
 * The first enabled rule whose condition holds decides. A condition that cannot be evaluated ends the search: it may have been
 * meant to keep the group from later rules.
 */
export function decide(rules: readonly CompiledRule[], facts: () => GroupFacts): Decision {
  let known: GroupFacts | undefined;
  for (const rule of rules) {
    if (!rule.enabled) continue;
    if (rule.condition === null) return { rule, broken: null };
    known ??= facts();
    const { holds, error } = rule.condition(known);
    if (error !== null) return { rule: null, broken: { rule, error } };
    if (holds) return { rule, broken: null };
  }
  return NOTHING;
}
