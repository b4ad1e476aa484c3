// What the machine's firmware, processors and interrupts say about its IOMMUs.
import type { SimFiles } from './files.ts';
import { EcapBit, type IommuSpec, type MachineSpec } from './spec.ts';

const TABLES: Record<IommuSpec['kind'], string> = { intel: 'DMAR', amd: 'IVRS', smmuv3: 'IORT' };

export function addFirmware(files: SimFiles, { iommus, cmdline }: MachineSpec): void {
  for (const name of new Set(['APIC', 'FACP', ...iommus.map(({ kind }) => TABLES[kind])])) {
    files.add(`/sys/firmware/acpi/tables/${name}`, { read: () => name, mode: 0o400 });
  }
  const vendor = iommus.some(({ kind }) => kind === 'amd') ? 'AuthenticAMD' : 'GenuineIntel';
  files.add('/proc/cpuinfo', `processor\t: 0\nvendor_id\t: ${vendor}\nflags\t\t: fpu vme x2apic\n`);
  files.add('/proc/interrupts', interruptsText(iommus, cmdline));
}

/** intel_setup_irq_remapping(), amd's: interrupts of devices behind such a unit have an irqchip called IR-…. */
function interruptsText(iommus: MachineSpec['iommus'], commandLine: string): string {
  const off = /\b(nointremap|intremap=off)\b/.test(commandLine);
  const remaps = (iommu: IommuSpec): boolean =>
    !off && (iommu.kind === 'amd' || (iommu.kind === 'intel' && (iommu.ecap & EcapBit.INTERRUPT_REMAPPING) !== 0n));
  const rows = iommus
    .filter(({ kind }) => kind !== 'smmuv3')
    .map(
      (iommu, i) =>
        ` ${120 + i}:      17281  ${remaps(iommu) ? 'IR-' : ''}PCI-MSIX-0000:0${i}:00.0    0-edge      eth${i}`,
    );
  return `            CPU0\n${rows.map((row) => `${row}\n`).join('')}`;
}
