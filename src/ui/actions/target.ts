// What an action is for: the device, PASID, group or fault under the cursor.

import type { Target } from '../model/dialogs/dialog.ts';
import { attachmentOf } from '../model/doubts.ts';
import { detailSource } from '../model/places/detail.ts';
import { type DeviceLine, deviceLines } from '../model/places/device-tree.ts';
import { streamRow } from '../model/places/stream.ts';
import { shownView, type UiState } from '../model/state.ts';
import { sanitise } from '../text/sanitise.ts';

export function selectedLine(state: UiState): DeviceLine | null {
  return deviceLines(state).find((line) => line.key === state.devices.key) ?? null;
}

export function lineTarget(line: DeviceLine): Target {
  const pasid = line.branch === 'device' ? null : line.attachment!.pasid;
  return { devId: line.device.devId, pasid, device: line.device.name, hwptId: line.attachment?.hwptId ?? null };
}

export function deviceTarget(state: UiState): Target | null {
  const line = selectedLine(state);
  return line ? lineTarget(line) : null;
}

/** The attachment that the selected row belongs to: of the device, of the group, or of the fault. */
export function attachmentTarget(state: UiState): Target | null {
  if (state.focus === 'devices') return deviceTarget(state);
  const view = shownView(state);
  const source = selectedSource(state);
  const device = source && view?.snapshot.devices.find((d) => d.devId === source.devId);
  if (!device) return null;
  const attachment = attachmentOf(view!, source);
  const { devId, name } = device;
  return { devId, pasid: attachment?.pasid ?? null, device: name, hwptId: attachment?.hwptId ?? null };
}

/** Where the selected group or fault comes from. */
function selectedSource(state: UiState): { devId: number; pasid: number | null } | null {
  if (state.focus === 'stream') return streamRow(state);
  if (state.focus === 'detail') return detailSource(state);
  return shownView(state)?.snapshot.pending.find((r) => r.group === state.pending.group) ?? null;
}

/** Shown instead of a dialog if the selected PASID has an SVA bond; null: it has none. */
export function bondWords(state: UiState): string | null {
  const line = state.focus === 'devices' ? selectedLine(state) : null;
  if (line?.branch === 'device' || line?.attachment?.handler !== 'kernel') return null;
  const name = `${sanitise(line.device.name)} PASID ${line.attachment.pasid}`;
  return `${name} has an SVA bond: only the kernel answers its faults.`;
}
