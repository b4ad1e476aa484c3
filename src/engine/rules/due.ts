// Rules with `after`: what they do once a group has waited long enough.
import { mapPages } from '../answers/map.ts';
import { answerGroupsOrTell } from '../answers/responder.ts';
import type { PendingGroup } from '../ledger/group.ts';
import type { EngineState } from '../state.ts';

/** Answers the groups whose rule is due at `nowNs`. */
export function applyDueRules(state: EngineState, nowNs: number): void {
  const byRule = new Map<PendingGroup['rule'], PendingGroup[]>();
  for (const group of state.ledger.pending.due(nowNs)) {
    const list = byRule.get(group.rule);
    if (list) list.push(group);
    else byRule.set(group.rule, [group]);
  }
  for (const [rule, groups] of byRule) {
    if (!rule) continue;
    const ready = rule.then === 'map' ? groups.filter((g) => mapOrHold(state, g, rule.name)) : groups;
    answerGroupsOrTell(state, ready, rule.then === 'invalid' ? 'invalid' : 'success', 'rule', rule);
  }
}

/** A group whose pages cannot be mapped waits for the operator. */
function mapOrHold(state: EngineState, group: PendingGroup, rule: string): boolean {
  if (mapPages(state, group, 'rule', rule)) return true;
  state.ledger.pending.replace({ ...group, rule: null, dueNs: Number.POSITIVE_INFINITY });
  return false;
}
