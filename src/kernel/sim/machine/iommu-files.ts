// IOMMUs and groups as sysfs shows them (iommu-sysfs.c, iommu.c, intel/iommu.c, amd/init.c).
import type { ResvRegion } from '../iommu-driver.ts';
import type { SimFiles } from './files.ts';
import type { HostDevice, IommuGroup } from './host-device.ts';
import type { IommuSpec } from './spec.ts';
import { hex, POWER, relative } from './sysfs.ts';

const line = (text: string): string => `${text}\n`;

/** The IOMMU's own directory: a virtual device for VT-d, a child of the IOMMU's function or node for the others. */
const pathOf = (iommu: IommuSpec): string =>
  iommu.kind === 'intel'
    ? `/sys/devices/virtual/iommu/${iommu.name}`
    : `/sys/devices/${iommu.parent}/iommu/${iommu.name}`;

export function addIommu(files: SimFiles, iommu: IommuSpec, devices: readonly HostDevice[]): void {
  const path = pathOf(iommu);
  files.addLink(`/sys/class/iommu/${iommu.name}`, relative('/sys/class/iommu', path));
  files.addLink(`${path}/subsystem`, relative(path, '/sys/class/iommu'));
  files.makeDirectories(`${path}/devices`);
  for (const [name, text] of Object.entries(POWER)) files.add(`${path}/power/${name}`, text);
  for (const device of devices) {
    if (device.iommu !== iommu) continue;
    files.addLink(`${path}/devices/${device.address}`, relative(`${path}/devices`, device.path));
    files.addLink(`${device.path}/iommu`, relative(device.path, path));
  }
  if (iommu.kind === 'intel') {
    const add = (name: string, text: string) => files.add(`${path}/intel-iommu/${name}`, line(text));
    add('version', iommu.version);
    add('address', hex(iommu.address, 1));
    add('cap', hex(iommu.cap, 1));
    add('ecap', hex(iommu.ecap, 1));
    add('domains_supported', `${1 << (4 + 2 * Number(iommu.cap & 7n))}`);
    add('domains_used', `${devices.filter((d) => d.iommu === iommu).length + 1}`);
  } else {
    files.addLink(`${path}/device`, relative(path, `/sys/devices/${iommu.parent}`));
  }
  if (iommu.kind === 'smmuv3') {
    const node = `/sys/devices/${iommu.parent}`;
    files.addLink(`${node}/driver`, relative(node, '/sys/bus/platform/drivers/arm-smmu-v3'));
    files.makeDirectories('/sys/bus/platform/drivers/arm-smmu-v3');
  }
  if (iommu.kind === 'amd') {
    files.add(`${path}/amd-iommu/cap`, line(hex(iommu.cap, 1)));
    files.add(`${path}/amd-iommu/features`, line(`${hex(iommu.efr, 1)}:${hex(iommu.efr2, 1)}`));
  }
}

interface Reserved extends ResvRegion {
  readonly kind: 'msi' | 'reserved';
}

/** What cannot be mapped, by the kind of IOMMU. */
export const RESERVED: Readonly<Record<IommuSpec['kind'], readonly Reserved[]>> = {
  intel: [{ start: 0xfee0_0000n, last: 0xfeef_ffffn, kind: 'msi' }],
  amd: [
    { start: 0xfee0_0000n, last: 0xfeef_ffffn, kind: 'msi' },
    { start: 0xfd_0000_0000n, last: 0xff_ffff_ffffn, kind: 'reserved' },
  ],
  // MSI_IOVA_BASE, MSI_IOVA_LENGTH: where the kernel itself would map the doorbell.
  smmuv3: [{ start: 0x800_0000n, last: 0x80f_ffffn, kind: 'msi' }],
};

export function addGroup(files: SimFiles, group: IommuGroup): void {
  const path = `/sys/kernel/iommu_groups/${group.number}`;
  const [first] = group.devices;
  for (const device of group.devices) {
    files.addLink(`${path}/devices/${device.address}`, relative(`${path}/devices`, device.path));
    files.addLink(`${device.path}/iommu_group`, relative(device.path, path));
  }
  files.add(`${path}/type`, { read: () => line(first?.spec.groupType ?? 'DMA-FQ'), mode: 0o644 });
  const direct = group.firmwareMemory.map(([start, last]) => ({ start, last, kind: 'direct' }));
  const regions = [...direct, ...RESERVED[first?.iommu?.kind ?? 'intel']].map(
    ({ start, last, kind }) => `0x${hex(start, 16)} 0x${hex(last, 16)} ${kind}\n`,
  );
  files.add(`${path}/reserved_regions`, regions.join(''));
}
