// What rules would have done, in a dry run: reported as they decide.

import type { GroupRule, PendingGroup } from '../ledger/group.ts';
import type { EngineState } from '../state.ts';

/** Reports what the rule of each group would do (a broken one: hold); groups without a rule are left out. */
export function tellVerdicts(state: EngineState, groups: readonly PendingGroup[]): void {
  if (!state.options.dryRun || !state.events) return;
  tell(state, groups, ({ rule }) => rule);
  const heldBy = ({ broken }: PendingGroup) => broken && { ...broken.rule, then: 'hold' as const, afterNs: 0 };
  tell(state, groups, heldBy);
}

type Said = Pick<GroupRule, 'index' | 'name' | 'then' | 'afterNs'>;

function tell(state: EngineState, groups: readonly PendingGroup[], saidOf: (group: PendingGroup) => Said | null): void {
  const byRule = new Map<number, { said: Said; list: PendingGroup[] }>();
  for (const group of groups) {
    const said = saidOf(group);
    if (said === null) continue;
    const known = byRule.get(said.index);
    if (known) known.list.push(group);
    else byRule.set(said.index, { said, list: [group] });
  }
  for (const { said, list } of byRule.values()) {
    const { name, then, afterNs } = said;
    state.emit({
      type: 'verdicts',
      t: state.t(),
      rule: name,
      then,
      afterNs,
      groups: Float64Array.from(list, (g) => g.group),
      queues: Uint32Array.from(list, (g) => g.queue),
      devIds: Uint32Array.from(list, (g) => g.devId),
      pasids: Float64Array.from(list, (g) => g.pasid),
    });
  }
}
