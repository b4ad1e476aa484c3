// What can be said of a pending group beforehand: what its rule will do, and whether its pages are mapped.
import type { PendingRow } from '../../protocol/messages.ts';
import type { PendingGroup } from '../ledger/pending.ts';
import type { EngineState } from '../state.ts';
import { pagesOf } from './map.ts';

/** The rule that holds for the group, and when it is due; at or below 0: now. One that is broken holds it, and says why. */
export function ruleAhead({ rule, broken, arrivedNs }: PendingGroup, nowNs: number): PendingRow['rule'] {
  if (broken) return { name: broken.rule.name, then: 'hold', dueNs: arrivedNs - nowNs, error: broken.error };
  return rule && { name: rule.name, then: rule.then, dueNs: arrivedNs + rule.afterNs - nowNs };
}

/** Is there memory behind all of its pages? null where that is not known. */
export const isMapped = (state: EngineState, group: PendingGroup): boolean | null =>
  state.target.isMapped(group.devId, group.pasid < 0 ? null : group.pasid, pagesOf(state.records(group)));
