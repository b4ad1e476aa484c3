// The selected device, or PASID of one: it sticks to that.
import { bodyHeight } from '../layout-of.ts';
import type { UiState } from '../state.ts';
import { deviceLines } from './device-tree.ts';
import { type Move, moved, scrollTo } from './move.ts';
import type { Place } from './place.ts';

function move(state: UiState, how: Move): UiState {
  const lines = deviceLines(state);
  if (!lines.length) return state;
  const height = bodyHeight(state, 'devices');
  const from = lines.findIndex((line) => line.key === state.devices.key);
  const index = moved(Math.max(0, from), how, height, lines.length);
  const top = scrollTo(index, state.devices.top, height, lines.length);
  return { ...state, devices: { key: lines[index]!.key, top } };
}

function settle(state: UiState): UiState {
  const lines = deviceLines(state);
  const height = bodyHeight(state, 'devices');
  if (!lines.length) return { ...state, devices: { key: null, top: 0 } };
  const { key } = state.devices;
  let index = lines.findIndex((line) => line.key === key);
  // A PASID that was detached: to its device, never to another one
  if (index < 0) index = lines.findIndex((line) => line.key === key?.split(':')[0]);
  index = Math.max(0, index);
  return {
    ...state,
    devices: { key: lines[index]!.key, top: scrollTo(index, state.devices.top, height, lines.length) },
  };
}

export const devicesPlace: Place = {
  panel: 'devices',
  move,
  settle,
  cursorRow(state) {
    const index = deviceLines(state).findIndex((line) => line.key === state.devices.key);
    return index < 0 ? null : index - state.devices.top;
  },
};
