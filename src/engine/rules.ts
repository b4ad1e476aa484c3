// Rules: an ordered list, the first whose condition holds decides. Conditions are CEL expressions over the group.
import { Environment } from '@marcbachmann/cel-js';
import type { Rule, Verdict } from '../protocol/messages.ts';
import { firstTwin, namesOf, sameRule } from './rule-names.ts';

/** What a condition can speak of. Addresses and counts are CEL ints. */
const VARIABLES = {
  device: 'string',
  devId: 'int',
  /** -1 without a PASID. */
  pasid: 'int',
  grpid: 'int',
  faults: 'int',
  /** Address of the first record and of the last. */
  addr: 'int',
  last: 'int',
  read: 'bool',
  write: 'bool',
  exec: 'bool',
  priv: 'bool',
  /** How often the device, PASID and page came before. */
  repeats: 'int',
  queue: 'int',
} as const;

export const RULE_VARIABLES = Object.keys(VARIABLES) as (keyof typeof VARIABLES)[];

type TypeOf<T> = T extends 'int' ? bigint : T extends 'bool' ? boolean : string;
export type GroupFacts = { [K in keyof typeof VARIABLES]: TypeOf<(typeof VARIABLES)[K]> };

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

  constructor(rule: number, message: string) {
    super(rule === 0 ? message : `rule ${rule}: ${message}`);
    this.name = 'RuleError';
    this.rule = rule;
  }
}

let shared: Environment | undefined;
const environment = (): Environment => {
  shared ??= Object.entries(VARIABLES).reduce(
    (env, [name, type]) => env.registerVariable(name, type),
    new Environment({ unlistedVariablesAreDyn: false }),
  );
  return shared;
};

/** The first line of a CEL error, without its picture of the expression. */
const oneLine = (error: unknown): string => String((error as Error).message).split('\n')[0] as string;

const place = (error: unknown): string => {
  const start = (error as { range?: { start?: number } }).range?.start;
  return start === undefined ? '' : ` at column ${start + 1}`;
};

/** Compiles one CEL condition. Throws RuleError: not parsable, an unknown variable, or not a bool. */
export function compileCondition(source: string, rule = 0): Condition {
  const known = `a condition can use ${RULE_VARIABLES.join(', ')}`;
  let parsed: ReturnType<Environment['parse']>;
  try {
    parsed = environment().parse(source);
  } catch (error) {
    throw new RuleError(rule, `condition ${JSON.stringify(source)}${place(error)}: ${oneLine(error)}`);
  }
  const { valid, type, error } = parsed.check();
  if (!valid)
    throw new RuleError(rule, `condition ${JSON.stringify(source)}${place(error)}: ${oneLine(error)}; ${known}`);
  if (type !== 'bool')
    throw new RuleError(rule, `condition ${JSON.stringify(source)} is of type ${type}, a bool is needed`);
  // An error at run time (a division by zero, say) is a condition that does not hold: the group is left to the next rule.
  return (facts) => {
    try {
      return parsed(facts) === true;
    } catch {
      return false;
    }
  };
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
