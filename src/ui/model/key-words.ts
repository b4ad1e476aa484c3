// Keys in sentences, as the key table has them now.
import { type ActionId, keyName } from './keys.ts';
import type { UiState } from './state.ts';

/** The first key of an action, written for people; if it has none, the way to it by the palette. */
export function keyFor({ keys }: Pick<UiState, 'keys'>, action: ActionId): string {
  const key = (id: ActionId) => keys.find((binding) => binding.id === id)?.keys[0];
  const [own, palette] = [key(action), key('palette')];
  if (own !== undefined) return keyName(own);
  return palette === undefined ? `(no key: ${action})` : `${keyName(palette)} ${action}`;
}
