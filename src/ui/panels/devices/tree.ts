// The devices as a tree: each device, and under it its PASIDs.
import type { AttachmentRow, DeviceRow } from '../../../protocol/messages.ts';
import { shownView, type UiState } from '../../state/state.ts';

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

/** Those that the filter lets through. */
export function deviceLines(state: UiState): DeviceLine[] {
  const lines: DeviceLine[] = [];
  for (const device of shownView(state)?.devices ?? []) {
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
