// If the condition of a rule cannot be evaluated for a group, the next rule does not answer in its place: the group is held,
// and the rule is marked. It is reported the first time, the tenth, the hundredth …, so that a flood of faults does not make a
// flood of notices.
import { tellNotice } from '../notice.ts';
import type { EngineState } from '../state.ts';
import type { CompiledRule, Decision } from './rules.ts';

/** 1, 10, 100 … */
const isTold = (count: number): boolean => Number.isInteger(Math.log10(count));

const held = (count: number): string => (count === 1 ? 'the group is held' : `${count} groups held so far`);

/** Counts a group that was just decided, for its rule: as taken, or as one for which it could not be evaluated. */
export function countDecision(state: EngineState, group: number, { rule, broken }: Decision): void {
  if (rule) rule.hits++;
  if (broken) countBroken(state, group, broken.rule, broken.error);
}

function countBroken(state: EngineState, group: number, rule: CompiledRule, error: string): void {
  const count = (rule.broken?.count ?? 0) + 1;
  rule.broken = { count, error, group };
  state.version++;
  if (!isTold(count)) return;
  const text = `rule ${JSON.stringify(rule.name)} cannot be evaluated for group ${group}: ${error}; ${held(count)}`;
  tellNotice(state, { what: 'rule-broken', text, rule: rule.name, group, error }, { count });
}
