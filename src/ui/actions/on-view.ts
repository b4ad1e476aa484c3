// What a new view does to the screen's state, and what to ask the engine for.

import type { View } from '../../protocol/messages.ts';
import { latchGroups } from '../model/choice.ts';
import type { UiState } from '../model/state.ts';
import { settleMarks } from './marks.ts';
import { placeInFiltered, settle } from './settle.ts';

/** Takes a view in. While frozen only the newest view changes, not what is shown. */
export function onView(state: UiState, view: View, now: number): UiState {
  const next = { ...state, view, now, status: state.status && state.status.until > now ? state.status : null };
  if (next.frozen) {
    const { view: still } = next.frozen;
    const { stream, journal } = view;
    // These lists have not changed, so the verdicts on their filters have not either
    const { devices, pending } = still.filters;
    const filters = { ...view.filters, devices, pending };
    const statistics = still.statistics ?? view.statistics;
    const detail = stillDetail(state, still.detail, view.detail);
    const frozen = { ...next.frozen, view: { ...still, stream, filters, journal, statistics, detail } };
    return settleMarks(settle(latchGroups({ ...next, frozen }, view)), view);
  }
  const refiltered = { ...next, pending: placeInFiltered(state, view), asked: stillAsked(next, view) };
  return settleMarks(settle(latchGroups(refiltered, view)), view);
}

/** The detail stays as it was once it is here; another group's is fetched, frozen or not. */
function stillDetail({ detail: wanted }: UiState, still: View['detail'], newest: View['detail']): View['detail'] {
  if (!wanted) return still;
  const here = still?.group === wanted.group && still.from === wanted.record && still.records.length > 0;
  return here ? still : (newest ?? still);
}

/** Answers on their way are forgotten once their groups are no longer pending and their command is done. */
function stillAsked(state: UiState, view: View): UiState['asked'] {
  const [oldest, newest] = [view.snapshot.pending[0], view.snapshot.pending.at(-1)];
  const here = new Set(view.snapshot.pending.map((row) => row.group));
  const gone = (group: number) =>
    oldest !== undefined && newest !== undefined && group >= oldest.group && group <= newest.group && !here.has(group);
  const kept = [...state.asked].filter(([, { groups }]) => !groups.length || !groups.every(gone)).slice(-256);
  return kept.length === state.asked.size ? state.asked : new Map(kept);
}
