// Whose IOMMU this machine has, from what firmware, processor and sysfs say.
import { CommandLine } from '../../host/command-line.ts';
import { type IommuInfo, listIommus } from '../../host/iommu-kinds.ts';
import type { Reading } from '../../host/reading.ts';

export type Vendor = 'intel' | 'amd' | 'arm' | 'selftest';

export interface Platform {
  /** The kind of the IOMMUs that are present, or would be if they were on; none: unknown. */
  readonly vendors: readonly Vendor[];
  readonly iommus: readonly IommuInfo[];
  /** Sysfs is mounted; otherwise nothing is known about devices. */
  readonly hasSysfs: boolean;
  /** IOMMU groups. */
  readonly groups: number;
  /** The ACPI table that describes an IOMMU (DMAR, IVRS, IORT); null: there is none; undefined: there is no ACPI. */
  readonly table: string | null | undefined;
  /** The processor says that this is a virtual machine. */
  readonly virtual: boolean;
  readonly commandLine: CommandLine;
  readonly hasPci: boolean;
}

const BY_KIND: Partial<Record<IommuInfo['kind'], Vendor>> = {
  intel: 'intel',
  amd: 'amd',
  smmuv3: 'arm',
  selftest: 'selftest',
};
const BY_TABLE: Record<string, Vendor> = { DMAR: 'intel', IVRS: 'amd', IORT: 'arm' };
const TABLES = '/sys/firmware/acpi/tables';

function byProcessor(cpuinfo: string): Vendor | null {
  if (/GenuineIntel/.test(cpuinfo)) return 'intel';
  if (/AuthenticAMD|HygonGenuine/.test(cpuinfo)) return 'amd';
  return /^CPU implementer/m.test(cpuinfo) ? 'arm' : null;
}

function tableOf(reading: Reading): string | null | undefined {
  if (!reading.isThere(TABLES)) return undefined;
  const tables = reading.list(TABLES, 'the tables of the firmware');
  return Object.keys(BY_TABLE).find((name) => tables.includes(name)) ?? null;
}

export function platform(reading: Reading): Platform {
  const iommus = listIommus(reading);
  const table = tableOf(reading);
  const cpuinfo = reading.text('/proc/cpuinfo', 'the processors') ?? '';
  const present = new Set(iommus.map(({ kind }) => BY_KIND[kind]).filter((vendor) => vendor !== undefined));
  const expected = table ? BY_TABLE[table]! : byProcessor(cpuinfo);
  return {
    vendors: present.size > 0 ? [...present] : expected ? [expected] : [],
    iommus,
    hasSysfs: reading.isThere('/sys/bus'),
    groups: reading.list('/sys/kernel/iommu_groups', 'the IOMMU groups').length,
    table,
    virtual: /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo),
    commandLine: CommandLine.read(reading),
    hasPci: reading.list('/sys/bus/pci/devices', 'the PCI devices').length > 0,
  };
}
