// What the table and the page of a device call things.
import type { PciCapabilities } from '../../host/config-space.ts';
import type { DeviceInfo, Named } from '../../host/device-info.ts';
import type { Verdict } from '../../host/verdict.ts';

const named = ({ id, name }: Named): string => name ?? id;

/** "Intel Corporation Data Streaming Accelerator", or what else is known of it. */
export function deviceName({ pci, bus }: DeviceInfo): string {
  if (pci === null) return bus === null ? '' : `${bus} device`;
  const { vendor, device } = pci;
  if (device.name !== null) return `${named(vendor)} ${device.name}`;
  const what = pci.class.name ?? `class ${pci.class.id}`;
  return vendor.name === null ? `${what} ${vendor.id}:${device.id}` : `${vendor.name} ${what} ${device.id}`;
}

/** Capitals for what is enabled, small letters for what is off, - for what is not there, ? for what could not be read. */
export function letters({ pci, capabilities }: DeviceInfo): string {
  if (pci === null) return '-';
  if (capabilities === null) return '?';
  const { ats, pasid, pri } = capabilities;
  const letter = (name: string, capability: { enabled: boolean } | null): string =>
    capability === null ? '-' : capability.enabled ? name : name.toLowerCase();
  return `${letter('A', ats)}${letter('P', pasid)}${letter('R', pri)}${hasTrouble(capabilities) ? '!' : ''}`;
}

export const hasTrouble = ({ pri }: PciCapabilities): boolean =>
  pri !== null && (pri.responseFailure || pri.unexpectedGroupIndex);

export const LEGEND =
  'PRI: A ATS, P PASID, R page requests; small: off, -: not there, ?: could not be read, !: trouble';

/** PF with VFs, VF, or nothing. */
export function functionText({ function: of }: DeviceInfo): string {
  if (of?.kind === 'virtual') return 'VF';
  return of && of.mostVirtualFunctions > 0 ? `PF ${of.virtualFunctions}/${of.mostVirtualFunctions}` : '';
}

/** "ready", "needs vfio-pci, 0000:17:00.1 unbound", "cannot: a VF" */
export function verdictText({ outcome, findings }: Verdict): string {
  const briefs = findings.filter(({ kind }) => kind === outcome).map(({ brief }) => brief);
  if (outcome === 'ready') return 'ready';
  return outcome === 'needs' ? `needs ${briefs.join(', ')}` : `${outcome}: ${briefs.join(', ')}`;
}
