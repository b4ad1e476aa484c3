import { expect, it } from 'vitest';
import { withoutGroups } from '../../../src/cli/devices/without.ts';
import { platform } from '../../../src/doctor/facts/platform.ts';
import { Reading } from '../../../src/host/reading.ts';
import { SmallHost } from '../../host/small-host.ts';

const INTEL = 'vendor_id\t: GenuineIntel\nflags\t\t: fpu vmx\n';
const TABLES = '/sys/firmware/acpi/tables';

function said(change: (host: SmallHost) => void): string {
  const host = new SmallHost();
  host.files.add('/proc/cpuinfo', INTEL);
  host.files.add(`${TABLES}/FACP`, '');
  change(host);
  return withoutGroups(platform(new Reading(host.files)), 100).replaceAll('\n', ' ');
}

it.each([
  ['off in the firmware', () => {}, 'enable VT-d in its setup (BIOS), and boot the kernel with intel_iommu=on,sm_on'],
  ['not used by the kernel', (h: SmallHost) => h.files.add(`${TABLES}/DMAR`, ''), 'ACPI table DMAR'],
  [
    'a virtual machine',
    (h: SmallHost) => h.files.add('/proc/cpuinfo', INTEL.replace('vmx', 'hypervisor')),
    'its host gives it no IOMMU',
  ],
  ['AMD', (h: SmallHost) => h.files.add('/proc/cpuinfo', 'vendor_id : AuthenticAMD\n'), 'enable AMD-Vi (IOMMU) in'],
  [
    'an IOMMU that has no devices',
    (h: SmallHost) => void h.intel(),
    'There are IOMMUs (dmar0), but no device is behind one',
  ],
  ['unknown', (h: SmallHost) => h.files.delete('/proc/cpuinfo'), 'enable the IOMMU (VT-d, AMD-Vi, SMMU) in'],
  ['no sysfs', (h: SmallHost) => h.files.delete('/sys/bus'), 'mount -t sysfs sysfs /sys'],
])('no groups: %s', (_, change, text) => {
  const all = said(change);
  expect(all).toContain('No device here has an IOMMU group.');
  expect(all).toContain(text);
  expect(all).toContain('`iopftop doctor`');
});
