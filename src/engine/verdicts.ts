// What rules would have done, in a dry run: told as they decide.

import type { PendingGroup } from './pending.ts';
import type { CompiledRule } from './rules.ts';
import type { EngineState } from './state.ts';

/** Tells what the rule of each group would do; groups without one are left out. */
export function tellVerdicts(state: EngineState, groups: readonly PendingGroup[]): void {
  if (!state.options.dryRun || !state.options.events) return;
  const byRule = new Map<CompiledRule, PendingGroup[]>();
  for (const group of groups) {
    if (group.rule === null) continue;
    const list = byRule.get(group.rule);
    if (list) list.push(group);
    else byRule.set(group.rule, [group]);
  }
  for (const [{ name, then, afterNs }, list] of byRule) {
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
