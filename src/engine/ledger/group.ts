// What the ledger knows about a group that was read and not answered.
import type { Rule } from '../../protocol/messages.ts';
import type { Attachment } from '../../sources/source.ts';
import type { Cookie, Grpid } from '../../uapi/ids.ts';

/** The part of a rule that a group waiting for it needs: plain data. */
export interface GroupRule extends Rule {
  readonly name: string;
  readonly index: number;
  readonly afterNs: number;
}

/**
 * What the rules say about a group: one decides, or one is broken for it, or none matches. In the last two cases it is held.
 */
export interface Decided {
  /** The rule that will answer it when due, if one waits. */
  readonly rule: GroupRule | null;
  /** The rule that could not be evaluated before any decided, and why: it is held. `rule` is null then. */
  readonly broken: { readonly rule: GroupRule; readonly error: string } | null;
}

export interface PendingGroup extends Decided {
  /** The group's number since the start. */
  readonly group: number;
  readonly queue: number;
  readonly cookie: Cookie;
  /** Sequence number of its first record; the others follow it. */
  readonly seq: number;
  readonly faults: number;
  readonly devId: number;
  /** -1 without PASID_VALID. */
  readonly pasid: number;
  readonly grpid: Grpid;
  /** What it came through when it was read: the kernel keeps that (iopf_group.attach_handle), whatever is attached later. */
  readonly through: Attachment | undefined;
  readonly arrivedNs: number;
  /** How often the same device, PASID and page faulted before. */
  readonly repeats: number;
  readonly dueNs: number;
  /** Its raw records, once the history has dropped them. */
  saved: Uint32Array | null;
}

/** What became of a record, as an index into RECORD_STATES. */
export const STATE = { pending: 0, success: 1, invalid: 2, auto: 3 } as const;
