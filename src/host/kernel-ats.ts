// What the kernel has decided about ATS and PRI, whatever the registers of a device say.
import type { CommandLine } from './command-line.ts';
import type { AtsCapability } from './config-space.ts';
import type { PciIdentity } from './pci-ids.ts';
import type { Reading } from './reading.ts';

/** Why the kernel does not use a device's ATS. */
export interface AtsDecision {
  readonly id: 'noats' | 'ats-quirk';
  readonly why: string;
}

/** quirk_amd_harvest_no_ats() in drivers/pci/quirks.c (Linux 7.2): vendor 1002, whatever the revision. */
const AMD_NO_ATS: readonly string[] = [
  ...['98e4', '6900', '7310', '7312', '7318', '7319', '731a', '731b', '731e', '731f'],
  ...['7340', '7341', '7347', '734f'],
];
/** The same for the Raven iGPU, on some boards only: subsystem vendor and devices, revision. */
const RAVEN = { device: '15d8', revision: 'cf', vendor: 'ea50', devices: ['ce19', 'cc10', 'cc08'] };
/** quirk_intel_e2000_no_ats(): IPU E2000 before revision C0. */
const E2000: readonly string[] = ['1451', '1452', '1453', '1454', '1455', '1457', '1459', '145a', '145c'];
const E2000_C0 = 0x20;

const bare = (text: string | null): string => (text ?? '').replace(/^0x/, '').toLowerCase();

/** Whether quirk_no_ats() applies to a device. `path`: its directory. */
function hasQuirk(reading: Reading, path: string, { vendor, device, revision }: PciIdentity): boolean {
  if (vendor.id === '8086') return E2000.includes(device.id) && Number.parseInt(revision ?? 'ff', 16) < E2000_C0;
  if (vendor.id !== '1002') return false;
  if (device.id !== RAVEN.device) return AMD_NO_ATS.includes(device.id);
  if (revision !== RAVEN.revision) return false;
  const subsystem = (name: string) => bare(reading.text(`${path}/subsystem_${name}`, `its subsystem ${name}`));
  return subsystem('vendor') === RAVEN.vendor && RAVEN.devices.includes(subsystem('device'));
}

interface Asked {
  readonly path: string;
  readonly pci: PciIdentity;
  readonly ats: AtsCapability | null;
}

/** null: no sign that it does not use it. */
export function atsDecision(reading: Reading, line: CommandLine, { path, pci, ats }: Asked): AtsDecision | null {
  // pci_ats_init()
  if (line.noAts) return { id: 'noats', why: "pci=noats on the kernel's command line" };
  // Kernels without the quirk have it on.
  if (ats === null || ats.enabled) return null;
  return hasQuirk(reading, path, pci) ? { id: 'ats-quirk', why: 'a quirk: its ATS is broken' } : null;
}

/**
 * When the VT-d driver turns PRI on: as it finds a device (iommu_enable_pci_pri(), from intel_iommu_probe_finalize()), or,
 * in older kernels, as one is attached; null: unknown.
 */
export type PriTime = 'probe' | 'attach' | null;

/** /proc/kallsyms has some 200,000 lines. */
const LONGEST = 64 << 20;

/**
 * The change that moved it also made intel_iommu_enable_iopf() global; before, it was a static function behind
 * intel_iommu_dev_enable_feat(). Any user may read the names.
 */
export function priTime(reading: Reading): PriTime {
  const bytes = reading.bytes('/proc/kallsyms', 'the symbols of the kernel', LONGEST);
  if (bytes === null) return null;
  const symbols = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (symbols.includes(' T intel_iommu_enable_iopf\n')) return 'probe';
  return symbols.includes(' t intel_iommu_dev_enable_feat\n') ? 'attach' : null;
}
