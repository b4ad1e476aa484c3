// The devices as a tree: each device, and under it its PASIDs.
import type { AttachmentRow, DeviceRow } from '../../../protocol/messages.ts';
import { shownView, type UiState } from '../state.ts';

export interface DeviceLine {
  key: string;
  device: DeviceRow;
  /** null: a device that is attached to nothing itself. */
  attachment: AttachmentRow | null;
  /** Place in the tree: the device itself, or a PASID of it, the last one closing the branch. */
  branch: 'device' | 'pasid' | 'last pasid';
}

export function deviceKey(devId: number, pasid: number | null): string {
  return pasid === null ? `${devId}` : `${devId}:${pasid}`;
}

/** The overview has room for a few: those that are stuck come first there, the longest stuck at the top. */
function inOrder({ page }: UiState, devices: readonly DeviceRow[]): readonly DeviceRow[] {
  return page === 'overview' ? devices.toSorted((a, b) => (b.hungNs ?? -1) - (a.hungNs ?? -1)) : devices;
}

/** Those that the filter lets through. */
export function deviceLines(state: UiState): DeviceLine[] {
  const lines: DeviceLine[] = [];
  for (const device of inOrder(state, shownView(state)?.devices ?? [])) {
    const own = device.attachments.find((a) => a.pasid === null) ?? null;
    lines.push({ key: deviceKey(device.devId, null), device, attachment: own, branch: 'device' });
    const pasids = device.attachments.filter((a) => a.pasid !== null);
    pasids.forEach((attachment, i) => {
      const branch = i === pasids.length - 1 ? 'last pasid' : 'pasid';
      lines.push({ key: deviceKey(device.devId, attachment.pasid), device, attachment, branch });
    });
  }
  return lines;
}

/** How many rows the tree has. */
export function deviceLineCount(state: UiState): number {
  const devices = shownView(state)?.devices ?? [];
  return devices.reduce((sum, d) => sum + 1 + d.attachments.filter((a) => a.pasid !== null).length, 0);
}
