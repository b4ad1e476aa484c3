// Why no fault has come yet, and what to press.
import { shownView, type UiState } from '../state/state.ts';
import { seconds } from '../text/format.ts';
import { sanitise } from '../text/sanitise.ts';
import { deviceLines } from './devices/tree.ts';

/** For panels that have nothing to show since the start. */
export function waitingWords(state: UiState): string[] {
  const view = shownView(state);
  if (!view) return ['Waiting for the engine to start.'];
  const listening = deviceLines(state).find((line) => line.attachment?.handler === 'us');
  if (!listening) {
    return [
      'No fault can arrive: no device is attached to a HWPT with a fault queue.',
      'Press 2, select a device, then a to attach it.',
    ];
  }
  const name = sanitise(listening.device.name);
  return [`No fault has arrived from ${name} in ${seconds(view.snapshot.t)}; press t to trigger one.`];
}
