// From an alarm to the groups that it is about.

import type { Alarm } from '../../protocol/messages.ts';
import { filterFor } from '../model/pages.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { goTo } from './move.ts';
import { say } from './say.ts';

const filterOf = ({ devId, pasid }: Alarm): string => (devId === null ? '' : filterFor(devId, pasid));

/** The pending groups of the worst alarm's device; where they are shown already, those of the next one. */
export function goToAlarm(state: UiState): Outcome {
  const alarms = state.view?.snapshot.alarms ?? [];
  if (!alarms.length) return say(state, 'info', 'No alarm is up.');
  const shown = state.page === 'pending' ? (state.filters.pending ?? '') : null;
  const at = alarms.findIndex((alarm) => filterOf(alarm) === shown);
  const alarm = alarms[(at + 1) % alarms.length]!;
  const filters = { ...state.filters, pending: filterOf(alarm) };
  return goTo({ ...state, filters }, 'pending');
}
