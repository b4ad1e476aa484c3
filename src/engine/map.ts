import { RECORD_BYTES } from '../iommufd/fault-queue.ts';
import type { Cause } from '../protocol/messages.ts';
import { iommuHwptPgfault } from '../uapi/iommufd.ts';
import { complaint } from './complaint.ts';
import type { PendingGroup } from './pending.ts';
import type { EngineState } from './state.ts';

const PAGE_MASK = 0xfffn;

/** The distinct pages of a group's records, in order. */
export function pagesOf(records: Uint8Array): bigint[] {
  const pages = new Set<bigint>();
  for (let at = 0; at < records.byteLength; at += RECORD_BYTES) {
    pages.add(iommuHwptPgfault.decode(records, at).addr & ~PAGE_MASK);
  }
  return [...pages];
}

/**
 * Maps memory at the group's pages. What fails is said as an error event (the first of its kind in a second, the rest is
 * counted) and leaves the group pending: false.
 */
export function mapPages(state: EngineState, group: PendingGroup, cause: Cause, rule: string | null): boolean {
  try {
    state.target.map(group.devId, group.pasid < 0 ? null : group.pasid, pagesOf(state.records(group)));
    return true;
  } catch (error) {
    const said = complaint(error, state.t(), null);
    state.totals.refused++;
    if (!state.complaints.admit(said, state.nowNs())) return false;
    state.log({ action: 'refused', cause, rule, groups: `${group.group}`, result: said.message, more: said.more });
    state.emit(said);
    return false;
  }
}
