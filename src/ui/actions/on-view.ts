// What a new view does to the screen's state, and what to ask the engine for.

import type { View, WindowRequest } from '../../protocol/messages.ts';
import { latchGroups, wantedChoice } from '../model/choice.ts';
import { bodyHeight, layoutOf } from '../model/layout-of.ts';
import { PLACES } from '../model/places/places.ts';
import type { PendingPlace, UiState } from '../model/state.ts';
import { MAX_MARKS, settleMarks } from './marks.ts';
import { wantedTest } from './rule-form.ts';

const ALL = Object.values(PLACES);

/** Takes a view in. While frozen only the newest view changes, not what is shown. */
export function takeView(state: UiState, view: View, now: number): UiState {
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

/** Shows the newest view again. */
export function resume(state: UiState): UiState {
  const following = { cursor: null, end: null };
  const { frozen, view } = state;
  if (!frozen || !view) return state;
  const pending = placeInFiltered({ ...state, view: frozen.view }, view);
  return settle({ ...state, pending, frozen: null, stream: following, journal: following });
}

/** The detail stays as it was once it is here; another group's is fetched, frozen or not. */
function stillDetail({ detail: wanted }: UiState, still: View['detail'], newest: View['detail']): View['detail'] {
  if (!wanted) return still;
  const here = still?.group === wanted.group && still.from === wanted.record && still.records.length > 0;
  return here ? still : (newest ?? still);
}

const pendingFilter = (view: View | null): string => view?.filters.pending?.text ?? '';

/** Another filter makes another list: a group that it leaves out is not gone, and the list is shown from its beginning. */
function placeInFiltered({ view: before, pending: place }: UiState, view: View): PendingPlace {
  const filter = pendingFilter(view);
  const kept = filter === pendingFilter(before) || filter === '';
  if (kept || view.snapshot.pending.some((row) => row.group === place.group)) return place;
  return { ...place, group: null, index: 0, top: 0, movedFrom: null };
}

/** Brings all cursors and scroll positions within what there is to show. */
export function settle(state: UiState): UiState {
  if (!state.view) return state;
  return settleFocus(ALL.reduce((settled, { settle: own }) => own?.(settled) ?? settled, state));
}

/** A panel that another size or page has no room for does not keep the cursor. */
export function settleFocus(state: UiState): UiState {
  const { panels } = layoutOf(state);
  if (!panels || panels.some(({ panel }) => panel === state.focus)) return state;
  const focus = panels.find(({ panel }) => panel === 'pending') ?? panels[0]!;
  return { ...state, focus: focus.panel };
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

/** What to ask the engine for: what is on the screen, and a page more in each direction, so that scrolling does not wait. */
export function windowFor(state: UiState): WindowRequest {
  const seen = layoutOf(state).panels ?? [];
  const filters = Object.fromEntries(Object.entries(state.filters).filter(([, text]) => text));
  const request: WindowRequest = {
    control: 'window',
    streamRows: 0,
    streamEnd: null,
    pendingRows: 0,
    pendingFirst: 0,
    perSecond: state.config.refresh,
    ...(Object.keys(filters).length ? { filters } : {}),
  };
  for (const { panel, wants } of ALL) {
    // The lists are kept ready; the rest is fetched only while it is in sight
    const always = panel === 'pending' || panel === 'stream';
    if (wants && (always || seen.some((place) => place.panel === panel))) {
      Object.assign(request, wants(state, bodyHeight(state, panel)));
    }
  }
  if (state.gathering) Object.assign(request, { pendingFirst: 0, pendingRows: MAX_MARKS });
  const [chosen, test] = [wantedChoice(state), wantedTest(state)];
  return { ...request, ...(chosen ? { chosen } : {}), ...(test ? { test } : {}) };
}
