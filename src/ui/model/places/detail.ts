// Which group the detail shows, which of its records, which field.

import type { GroupDetail } from '../../../protocol/messages.ts';
import { iommuHwptPageResponse, iommuHwptPgfault, PgfaultFlag } from '../../../uapi/iommufd.ts';
import { shownView, type UiState } from '../state.ts';
import { type Move, moved } from './move.ts';
import type { Place } from './place.ts';
import { streamRow } from './stream.ts';

/** The group and record under the cursor of a list; null: none. */
export function underCursor(state: UiState): { group: number; record: number } | null {
  if (state.focus === 'pending') return state.pending.group === null ? null : { group: state.pending.group, record: 0 };
  if (state.focus !== 'stream') return null;
  const row = streamRow(state);
  return row && { group: row.group, record: 0 };
}

/** While the cursor is in a list the pane shows what is under it; with the cursor in the pane it stays. */
export function settleDetail(state: UiState): UiState {
  if (!state.detail || state.focus === 'detail') return state;
  const at = underCursor(state);
  if (!at || at.group === state.detail.group) return state;
  return { ...state, detail: { ...state.detail, ...at } };
}

/** What the engine has sent of the group, once it has. */
export function detailNow(state: UiState): GroupDetail | null {
  const detail = shownView(state)?.detail;
  return detail && state.detail && detail.group === state.detail.group ? detail : null;
}

/** Where the group comes from, once its records are here. */
export function detailSource(state: UiState): { devId: number; pasid: number | null } | null {
  const records = detailNow(state)?.records;
  if (!records?.length) return null;
  const { flags, devId, pasid } = iommuHwptPgfault.decode(records);
  return { devId, pasid: flags & PgfaultFlag.PASID_VALID ? pasid : null };
}

const FIELD_COUNT = iommuHwptPgfault.fields.length + iommuHwptPageResponse.fields.length;

/** Up and down go through the fields, a page up or down to the record before or after. */
function moveDetail(state: UiState, move: Move): UiState {
  if (!state.detail) return state;
  const { field, record } = state.detail;
  if (move === 'pageUp' || move === 'pageDown') {
    const last = Math.max(0, (detailNow(state)?.faults ?? 1) - 1);
    const to = Math.max(0, Math.min(last, record + (move === 'pageUp' ? -1 : 1)));
    return { ...state, detail: { ...state.detail, record: to } };
  }
  return { ...state, detail: { ...state.detail, field: moved(field, move, FIELD_COUNT, FIELD_COUNT) } };
}

export const detailPlace: Place = {
  panel: 'detail',
  move: moveDetail,
  settle: settleDetail,
  wants: ({ detail }) => (detail ? { detail: { group: detail.group, from: detail.record, rows: 1 } } : {}),
};
