// Keys in sentences, as the key table has them now.
import { type ActionId, keyName } from '../keys.ts';
import type { UiState } from '../state/state.ts';

/** The first key of an action, written for people; '' when it has none any more. */
export function keyFor(state: Pick<UiState, 'keys'>, action: ActionId): string {
  const key = state.keys.find((binding) => binding.id === action)?.keys[0];
  return key === undefined ? '' : keyName(key);
}
