import type { Cause } from '../../protocol/messages.ts';
import { pasidOrNull } from '../../uapi/pasid.ts';
import { able } from '../abilities.ts';
import { tellFailure } from '../complaints.ts';
import type { PendingGroup } from '../ledger/group.ts';
import { addrAt, type GroupRecords, RECORD_WORDS } from '../ledger/records.ts';
import type { EngineState } from '../state.ts';

const PAGE_MASK = 0xfffn;

/** The distinct pages of a group's records, in order. */
export function pagesOf({ words, from, end }: GroupRecords): bigint[] {
  const page = (i: number) => addrAt(words, i * RECORD_WORDS) & ~PAGE_MASK;
  if (end === from + 1) return [page(from)];
  const pages = new Set<bigint>();
  for (let i = from; i < end; i++) pages.add(page(i));
  return [...pages];
}

/**
 * Maps memory at the group's pages. A failure is reported as an error event (the first of its kind per second; the rest is
 * counted) and leaves the group pending: false.
 */
export function mapPages(state: EngineState, group: PendingGroup, cause: Cause, rule: string | null): boolean {
  try {
    const mapping = able(state, 'map', state.source.mapping);
    mapping.map(group.devId, pasidOrNull(group.pasid), pagesOf(state.ledger.records(group)));
    return true;
  } catch (error) {
    tellFailure(state, error, { cause, rule, groups: `${group.group}` });
    return false;
  }
}

/** Is memory mapped at all of its pages? null: not known. */
export const isMapped = (state: EngineState, group: PendingGroup): boolean | null =>
  state.source.mapping?.isMapped(group.devId, pasidOrNull(group.pasid), pagesOf(state.ledger.records(group))) ?? null;
