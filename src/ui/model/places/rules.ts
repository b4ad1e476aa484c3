// The selected rule: it sticks to its name.
import { bodyHeight } from '../layout-of.ts';
import { selectedRule, settleRules, shownRules } from '../rules.ts';
import type { UiState } from '../state.ts';
import { type Move, moved, scrollTo } from './move.ts';
import type { Place } from './place.ts';

function place(state: UiState, index: number): UiState {
  const rules = shownRules(state);
  const top = scrollTo(index, state.rules.top, bodyHeight(state, 'rules'), rules.length);
  return { ...state, rules: { ...state.rules, at: index, top, name: rules[index]?.name ?? null } };
}

function move(state: UiState, how: Move): UiState {
  const total = shownRules(state).length;
  return total ? place(state, moved(selectedRule(state), how, bodyHeight(state, 'rules'), total)) : state;
}

export const rulesPlace: Place = {
  panel: 'rules',
  move,
  cursorRow: (state) => (shownRules(state).length ? selectedRule(state) - state.rules.top : null),
  settle(state) {
    const settled = settleRules(state);
    return place(settled, selectedRule(settled));
  },
};
