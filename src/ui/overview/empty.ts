// What an empty panel says instead: why it is empty, and what to press.
import type { Panel } from '../layout.ts';
import { deviceLines, shownView, streamBounds, type UiState } from '../state/state.ts';
import { count, seconds } from '../text/format.ts';
import { sanitise } from '../text/sanitise.ts';

/** Lines for a panel without rows; none where it has some. */
export function emptyText(state: UiState, panel: Panel): string[] {
  const view = shownView(state);
  if (!view) return ['Waiting for the engine to start.'];
  if (panel === 'devices') return view.snapshot.devices.length ? [] : ['No device is bound.'];
  if (panel === 'pending') return view.snapshot.pending.length ? [] : pendingEmpty(state);
  return streamBounds(state).newest ? [] : streamEmpty(state);
}

function pendingEmpty(state: UiState): string[] {
  const { counters } = shownView(state)!.snapshot;
  if (counters.pending) return ['Fetching the pending groups…'];
  if (!counters.groups) return ['Nothing waits for an answer: no fault has arrived yet.'];
  return [
    `Nothing waits for an answer: all ${count(counters.groups)} groups that were read have been answered.`,
    `${count(counters.success)} SUCCESS, ${count(counters.invalid)} INVALID, ${count(counters.auto)} by the kernel.`,
  ];
}

function streamEmpty(state: UiState): string[] {
  const { t } = shownView(state)!.snapshot;
  const lines = deviceLines(state);
  const listening = lines.find((line) => line.attachment?.handler === 'us');
  if (!listening) {
    return [
      'No fault can arrive: no device is attached to a HWPT with a fault queue.',
      'Press 1, select a device, then a to attach it.',
    ];
  }
  const name = sanitise(listening.device.name);
  return [`No fault has arrived from ${name} in ${seconds(t)}; press t to trigger one.`];
}
