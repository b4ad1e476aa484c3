// A key → the next state and the effects.
import type { KeyPress } from '../../terminal/key-press.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { type Layer, topLayer } from './layers.ts';
import type { OnScreen } from './on-screen.ts';
import { refuseBroken } from './refuse-broken.ts';

/** Whether the key would answer, change, ask, leave or reach outside the screen. */
export const acts = (state: UiState, key: KeyPress): boolean =>
  key.name === 'ctrl-c' || topLayer(state).acts(state, key);

/**
 * `layer`: what is on top on the screen. If the state already has something else on top, nobody has seen that yet: the key
 * does nothing.
 */
export function onKey(before: UiState, key: KeyPress, layer: Layer, onScreen: OnScreen): Outcome {
  const status = before.status?.kind === 'hint' ? null : before.status;
  const state = { ...before, status };
  if (layer !== topLayer(state)) return only(state);
  const part = layer.name === 'page' ? state.focus : layer.name;
  const refused = layer.changes(state, key) ? refuseBroken(state, part, onScreen) : null;
  return refused ?? layer.onKey(state, key, onScreen);
}
