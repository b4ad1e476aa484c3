// `iopftop devices --json`
import { type CapabilityStates, capabilityStates } from '../../host/capability-states.ts';
import type { DeviceInfo } from '../../host/device-info.ts';
import type { IommuInfo } from '../../host/iommu-kinds.ts';
import type { Unread } from '../../host/reading.ts';
import { type DeviceVerdict, verdictOf } from '../../host/verdict.ts';
import { jsonLine } from '../../text/json-line.ts';

export const FORMAT = 'iopftop-devices/1';

export interface DevicesReport {
  readonly format: typeof FORMAT;
  readonly iommus: readonly IommuInfo[];
  readonly devices: readonly (DeviceInfo & {
    readonly capabilityStates: CapabilityStates | null;
    readonly verdict: DeviceVerdict;
  })[];
  /** What could not be read about the host; each device has its own list. */
  readonly unread: readonly Unread[];
}

export function devicesJson(
  devices: readonly DeviceInfo[],
  iommus: readonly IommuInfo[],
  unread: readonly Unread[],
): string {
  const report: DevicesReport = {
    format: FORMAT,
    iommus,
    devices: devices.map((device) => ({
      ...device,
      capabilityStates: capabilityStates(device),
      verdict: verdictOf(device),
    })),
    unread,
  };
  return jsonLine(report);
}
