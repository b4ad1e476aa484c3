// Groups that the kernel has answered INVALID by itself, without notice.

import type { AutoRespondedMessage, Cause } from '../../protocol/messages.ts';
import type { Cookie } from '../../uapi/ids.ts';
import { PageResponse } from '../../uapi/iommufd.ts';
import { pasidOrNull } from '../../uapi/pasid.ts';
import { ranges } from '../journal/journal.ts';
import type { PendingGroup } from '../ledger/group.ts';
import type { EngineState } from '../state.ts';

/** Marks them, and tells the source, the journal and all listeners. */
export function autoRespond(
  state: EngineState,
  groups: readonly PendingGroup[],
  about: Pick<AutoRespondedMessage, 'devId' | 'pasid' | 'reason'> & { cause?: Cause },
): void {
  if (groups.length === 0) return;
  state.ledger.endedElsewhere(groups, 'auto', 'kernel', state.nowNs());
  for (const { devId, pasid, grpid } of groups) {
    state.source.answering?.listener?.answered(devId, pasidOrNull(pasid), grpid, PageResponse.INVALID);
  }
  const numbers = groups.map((g) => g.group);
  const { cause, devId, pasid, reason } = about;
  state.log({
    action: 'auto-responded',
    ...(cause ? { cause } : { reason }),
    devId,
    pasid,
    count: groups.length,
    groups: ranges(numbers),
  });
  state.emit({ type: 'auto-responded', t: state.t(), groups: numbers, devId, pasid, reason });
}

/**
 * A group came with the cookie of one that is pending: another process has changed that one's attachment or has answered it,
 * since the kernel gives out no cookie twice (xa_alloc in iommufd_fault_fops_read). An answer to it would go to the new one.
 */
export function settleReused(state: EngineState, queue: number, cookie: Cookie): void {
  const before = state.ledger.pending.holder(queue, cookie);
  if (!before) return;
  const { devId, pasid } = before;
  autoRespond(state, [before], { devId, pasid: pasidOrNull(pasid), reason: 'reused' });
}
