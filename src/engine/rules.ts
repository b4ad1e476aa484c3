// Rules: an ordered list, the first whose condition holds decides. Conditions are CEL expressions over the group.
import { type FactsOf, GROUP_VARIABLES } from '../protocol/filter-variables.ts';
import type { Rule, Verdict } from '../protocol/messages.ts';
import { compile, ExpressionError } from './expression.ts';
import { firstTwin, namesOf, sameRule } from './rule-names.ts';

/** What a condition sees of a group. Addresses and counts are CEL ints. */
export type GroupFacts = FactsOf<typeof GROUP_VARIABLES>;

export type Condition = (facts: GroupFacts) => boolean;

export interface CompiledRule extends Rule {
  readonly name: string;
  readonly enabled: boolean;
  readonly index: number;
  readonly condition: Condition | null;
  readonly afterNs: number;
  hits: number;
}

/** A rule that cannot be used; `rule` counts from 1, 0 for a condition that is in no rule. */
export class RuleError extends Error {
  readonly rule: number;
  /** Where in the condition, in characters from 0; null where that is not known or it is not the condition. */
  readonly at: number | null;

  constructor(rule: number, message: string, at: number | null = null) {
    super(rule === 0 ? message : `rule ${rule}: ${message}`);
    this.name = 'RuleError';
    this.rule = rule;
    this.at = at;
  }
}

/** Compiles one CEL condition. Throws RuleError: not parsable, an unknown variable, or not a bool. */
export function compileCondition(source: string, rule = 0): Condition {
  try {
    return compile(source, GROUP_VARIABLES).holds;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { at, message } = error;
    const place = at === null ? '' : ` at column ${at + 1}`;
    throw new RuleError(rule, `condition ${JSON.stringify(source)}${place}: ${message}`, at);
  }
}

const VERDICTS: readonly Verdict[] = ['success', 'invalid', 'map', 'hold'];

/**
 * Compiles a rule list. `before` are the rules so far: one that is the same (name, when, then, afterMs) keeps its hits.
 * Throws RuleError for the first rule that is wrong.
 */
export function compileRules(rules: readonly Rule[], before: readonly CompiledRule[] = []): CompiledRule[] {
  const twin = firstTwin(rules);
  if (twin) {
    const said = `${JSON.stringify(rules[twin.index]?.name)} is the name of rule ${twin.other + 1} too; give it one of its own`;
    throw new RuleError(twin.index + 1, said);
  }
  const names = namesOf(rules);
  return rules.map((given, index) => {
    const rule = { ...given, name: names[index] as string };
    if (!VERDICTS.includes(rule.then)) {
      throw new RuleError(index + 1, `then is ${JSON.stringify(rule.then)}, one of ${VERDICTS.join(', ')} is needed`);
    }
    const after = rule.afterMs ?? 0;
    if (!Number.isFinite(after) || after < 0)
      throw new RuleError(index + 1, `after is ${after}, a time of 0 or more is needed`);
    if (after > 0 && rule.then === 'hold')
      throw new RuleError(index + 1, 'hold has no after: it waits for you, or for the next rules, without end');
    return {
      ...rule,
      enabled: rule.enabled ?? true,
      index,
      condition: rule.when === undefined ? null : compileCondition(rule.when, index + 1),
      afterNs: after * 1e6,
      hits: before.find((old) => sameRule(old, rule))?.hits ?? 0,
    };
  });
}

/** The rule that decides for the group: the first that is on and whose condition holds; null: nothing does, so it is held. */
export function decide(rules: readonly CompiledRule[], facts: () => GroupFacts): CompiledRule | null {
  let known: GroupFacts | undefined;
  for (const rule of rules) {
    if (!rule.enabled) continue;
    if (rule.condition === null) return rule;
    known ??= facts();
    if (rule.condition(known)) return rule;
  }
  return null;
}
