// Where faults come from, by name.
import { sanitise } from './sanitise.ts';

/** "gpu0", or "gpu0 PASID 3". `pasid` null or absent: the device itself. */
export function sourceName(device: string, pasid: number | null | undefined): string {
  return withPasid(sanitise(device), pasid);
}

/** The same for a name that is clean, and perhaps cut, already. */
export function withPasid(name: string, pasid: number | null | undefined): string {
  return pasid === null || pasid === undefined ? name : `${name} PASID ${pasid}`;
}

/** The name of a device that may be gone. */
export function deviceName(devices: readonly { devId: number; name: string }[], devId: number): string {
  return devices.find((device) => device.devId === devId)?.name ?? `device ${devId}`;
}
