// What `iopftop devices` says if no device has an IOMMU group.
import type { Platform, Vendor } from '../../doctor/facts/platform.ts';
import type { Unread } from '../../host/reading.ts';
import { oneLine } from '../../text/one-line.ts';
import { wrap } from '../../text/wrap.ts';
import { unreadTexts } from './words.ts';

const WIDEST = 100;

/** Its name in the firmware setup, and how to make the kernel use it. */
const HOW: Record<Vendor, { name: string; use: string }> = {
  intel: { name: 'VT-d', use: 'boot the kernel with intel_iommu=on,sm_on' },
  amd: { name: 'AMD-Vi (IOMMU)', use: 'check that amd_iommu=off is not on the kernel command line' },
  arm: { name: 'the SMMU', use: 'the kernel needs CONFIG_ARM_SMMU_V3' },
  selftest: { name: 'the IOMMU', use: 'load the module iommufd' },
};
const ANY = { name: 'the IOMMU (VT-d, AMD-Vi, SMMU)', use: 'boot the kernel with intel_iommu=on,sm_on on Intel' };

function reason({ vendors, table, virtual, iommus, hasSysfs }: Platform): string {
  if (!hasSysfs) return 'No devices can be found: sysfs is not mounted at /sys (mount -t sysfs sysfs /sys).';
  const { name, use } = vendors[0] === undefined ? ANY : HOW[vendors[0]];
  if (iommus.length > 0) {
    return `There are IOMMUs (${iommus.map((iommu) => iommu.name).join(', ')}), but no device is behind one.`;
  }
  if (table) return `The firmware reports an IOMMU (ACPI table ${table}), but the kernel does not use it: ${use}.`;
  if (virtual) {
    return 'This is a virtual machine, and its host gives it no IOMMU (QEMU: -device intel-iommu,...); real devices are on the host.';
  }
  return `The firmware reports no IOMMU: enable ${name} in its setup (BIOS), and ${use}.`;
}

/** Why there are none, and how to try the tool without any. */
export function withoutGroups(platform: Platform, columns: number, unread: readonly Unread[] = []): string {
  const lines = [
    'No device here has an IOMMU group.',
    reason(platform),
    ...unreadTexts([], unread).map((text) => `Not read: ${text}`),
    '`iopftop doctor` checks every link, and `iopftop devices --backend mock` shows a machine with devices of every kind.',
  ];
  return lines
    .flatMap((line) => wrap(oneLine(line), Math.max(40, Math.min(columns, WIDEST))))
    .map((line) => `${line}\n`)
    .join('');
}
