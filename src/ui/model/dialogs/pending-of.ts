// How many pending groups an answer for a device or a PASID concerns.
import type { Snapshot } from '../../../protocol/messages.ts';
import type { Target } from './dialog.ts';

/** Those that came through this one attachment. */
export const attachedPending = ({ devices }: Snapshot, { devId, pasid }: Pick<Target, 'devId' | 'pasid'>): number =>
  devices.find((device) => device.devId === devId)?.attachments.find((a) => a.pasid === pasid)?.pending ?? 0;

/** All of the device, or those of the PASID. */
export function pendingOf(snapshot: Snapshot, target: Target): number {
  if (target.pasid !== null) return attachedPending(snapshot, target);
  return snapshot.devices.find((device) => device.devId === target.devId)?.pending ?? 0;
}
