// How much the overview has to say of the owner.
import type { OwnerRow } from '../../../protocol/messages.ts';

/** Queues that are listed there. */
export const MOST_QUEUES = 4;

/** Rows that it has something for. */
export const overviewRows = (owner: OwnerRow | null): number =>
  owner ? 2 + Math.max(1, Math.min(MOST_QUEUES, owner.queues.length)) : 0;
