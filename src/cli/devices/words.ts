// What the table and the page of a device call things.

import { type CapabilityState, capabilityStates } from '../../host/capability-states.ts';
import type { PciCapabilities } from '../../host/config-space.ts';
import type { DeviceInfo } from '../../host/device-info.ts';
import type { Named } from '../../host/pci-ids.ts';
import type { Unread } from '../../host/reading.ts';
import type { DeviceVerdict, Finding, Readiness } from '../../host/verdict.ts';
import { plural } from '../../text/plural.ts';

const named = ({ id, name }: Named): string => name ?? id;

/** "Intel Corporation Data Streaming Accelerator", or whatever else is known about it. */
export function deviceName({ pci, bus }: DeviceInfo): string {
  if (pci === null) return bus === null ? '' : `${bus} device`;
  const { vendor, device } = pci;
  if (device.name !== null) return `${named(vendor)} ${device.name}`;
  const what = pci.class.name ?? `class ${pci.class.id}`;
  return vendor.name === null ? `${what} ${vendor.id}:${device.id}` : `${vendor.name} ${what} ${device.id}`;
}

/** The same without its vendor, for a table. */
export function shortName(device: DeviceInfo): string {
  const { pci } = device;
  return pci?.device.name ?? pci?.class.name ?? deviceName(device);
}

/** dmar0; the address in smmu3.0x000000002b400000 without the zeros before it; the selftest's by its kind. */
export function iommuName({ iommu }: DeviceInfo): string {
  if (iommu === null) return '-';
  return iommu.kind === 'selftest' ? 'selftest' : iommu.name.replace(/0x0+(?=[0-9a-f])/, '0x');
}

const LETTERS: Record<CapabilityState, (name: string) => string> = {
  on: (name) => name,
  off: (name) => name.toLowerCase(),
  'kernel-off': () => 'x',
  absent: () => '-',
  unread: () => '?',
  unknown: () => '~',
};

/** Capitals for what is enabled, small letters for what is off, … : see LEGEND. */
export function letters(device: DeviceInfo): string {
  const states = capabilityStates(device);
  if (states === null) return '-';
  const { ats, pasid, pri } = states;
  if (ats.state === 'unread') return '?';
  const shown = [LETTERS[ats.state]('A'), LETTERS[pasid.state]('P'), LETTERS[pri.state]('R')].join('');
  return `${shown}${device.capabilities && hasTrouble(device.capabilities) ? '!' : ''}`;
}

const hasTrouble = ({ pri }: PciCapabilities): boolean =>
  pri !== null && (pri.responseFailure || pri.unexpectedGroupIndex);

export const LEGEND =
  'PRI: A ATS, P PASID, R page requests; lowercase: off, x: off by the kernel, -: absent, ?: unread, ~: unknown, !: trouble';

/** PF with VFs, VF, or nothing. */
export function functionText({ function: of }: DeviceInfo): string {
  if (of?.kind === 'virtual') return 'VF';
  return of && of.mostVirtualFunctions > 0 ? `PF ${of.virtualFunctions}/${of.mostVirtualFunctions}` : '';
}

const OUTCOMES: readonly (readonly [Readiness, string])[] = [
  ['ready', 'ready'],
  ['needs', 'not ready'],
  ['cannot', 'cannot fault'],
  ['unknown', 'unknown'],
];

/** "26 devices: 2 ready, 24 cannot fault" */
export function summaryText(verdicts: readonly DeviceVerdict[]): string {
  const counts = OUTCOMES.map(
    ([outcome, word]) => [verdicts.filter((v) => v.outcome === outcome).length, word] as const,
  );
  const parts = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return `${plural(verdicts.length, 'device')}: ${parts.join(', ')}`;
}

/** Addresses that one line names. */
const MOST_NAMED = 4;

/** What could not be read of the host, and of all devices, each once with the devices that it concerns. */
export function unreadTexts(devices: readonly DeviceInfo[], ofHost: readonly Unread[]): string[] {
  const whose = new Map<string, string[]>(ofHost.map(({ what, why }) => [`${what}: ${why}`, []]));
  for (const { address, unread } of devices) {
    for (const text of new Set(unread.map(({ what, why }) => `${what}: ${why}`))) {
      whose.set(text, [...(whose.get(text) ?? []), address]);
    }
  }
  return [...whose].map(([text, addresses]) => {
    if (addresses.length === 0) return text;
    const more = addresses.length - MOST_NAMED;
    const named = addresses.slice(0, MOST_NAMED).join(', ');
    return more > 0 ? `${named} and ${more} more: ${text}` : `${named}: ${text}`;
  });
}

/** "ready", "ready; PRI failed", "needs vfio-pci, 0000:17:00.1 unbound", "cannot: a VF" */
export function verdictText({ outcome, findings }: DeviceVerdict): string {
  const of = (wanted: Finding['kind']): string =>
    findings.flatMap(({ kind, brief }) => (kind === wanted ? [brief] : [])).join(', ');
  if (outcome === 'ready') return ['ready', of('note')].filter(Boolean).join('; ');
  return outcome === 'needs' ? `needs ${of('needs')}` : `${outcome}: ${of(outcome)}`;
}
