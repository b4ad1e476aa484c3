// Reads everything that sysfs, config space and procfs say about one device.
import { type ConfigReading, readCapabilities } from './capabilities.ts';
import { CommandLine } from './command-line.ts';
import type { DeviceInfo, FunctionInfo, VfioInfo } from './device-info.ts';
import { type KnownGroups, readGroup, vfioName } from './group.ts';
import { evidenceOf } from './in-use.ts';
import { type IommuInfo, readIommu } from './iommu-kinds.ts';
import { atsDecision, priTime } from './kernel-ats.ts';
import { findOpeners, type Openers, openersOf, vfioPath } from './openers.ts';
import type { PciIdentity } from './pci-ids.ts';
import { PciIds } from './pci-ids.ts';
import { basename, Reading } from './reading.ts';
import type { Finding } from './verdict/finding.ts';
import { cdevRefusal } from './vfio-cdev.ts';
import { driverTakes } from './vfio-driver.ts';

/** What is read once for all devices; `reading` has what could not be read. */
export interface HostFacts extends KnownGroups {
  readonly ids: PciIds;
  readonly openers: Openers;
  /** cdevRefusal() */
  readonly withoutCdev: Finding | null;
}

const NO_EVIDENCE = { seen: [], unseen: [] } as const;

export const readHostFacts = (reading: Reading): HostFacts => ({
  reading,
  members: new Map(),
  ids: PciIds.read(reading),
  openers: findOpeners(reading),
  withoutCdev: cdevRefusal(reading),
});

const hexOf = (text: string | null): string => text?.replace(/^0x/, '').toLowerCase() ?? '';

function pciIdentity(reading: Reading, path: string, ids: PciIds): PciIdentity {
  const attribute = (name: string): string => hexOf(reading.text(`${path}/${name}`, `its ${name}`));
  const vendor = attribute('vendor');
  return {
    class: ids.class(attribute('class')),
    vendor: ids.vendor(vendor),
    device: ids.device(vendor, attribute('device')),
    revision: attribute('revision') || null,
  };
}

function functionOf(reading: Reading, path: string): FunctionInfo {
  const physfn = reading.linkName(`${path}/physfn`, 'its physical function');
  const count = (name: string): number => Number(reading.text(`${path}/${name}`, `its ${name}`) ?? 0) || 0;
  return {
    kind: physfn === null ? 'physical' : 'virtual',
    physicalFunction: physfn,
    sharedCapabilities:
      physfn === null ? null : readCapabilities(reading, `${path}/physfn`, ' of its physical function').capabilities,
    virtualFunctions: physfn === null ? count('sriov_numvfs') : 0,
    mostVirtualFunctions: physfn === null ? count('sriov_totalvfs') : 0,
  };
}

function iommuOf(reading: Reading, path: string): IommuInfo | null {
  const name = reading.linkName(`${path}/iommu`, 'its IOMMU');
  return name === null ? null : readIommu(reading, `${path}/iommu`, name);
}

function vfioOf(reading: Reading, path: string): VfioInfo | null {
  const name = vfioName(reading, path);
  if (name === null) return null;
  const device = vfioPath(name);
  // `dev` is there only where the VFIO device has a character device (vfio_init_device_cdev).
  return { name, path: reading.isThere(`${path}/vfio-dev/${name}/dev`) ? device : null };
}

/** Platform devices that appear as PCI devices, and can be stalled: quirk_huawei_pcie_sva() in drivers/pci/quirks.c. */
const HUAWEI = '19e5';
const STALLING: readonly string[] = ['a250', 'a251', 'a255', 'a256', 'a258', 'a259'];
const STALLING_REVISIONS: readonly string[] = ['21', '30'];

function canStallOf(reading: Reading, path: string, pci: PciIdentity | null): boolean | null {
  // With a device tree, its property decides. ACPI has it in a table that sysfs does not show.
  if (reading.isThere(`${path}/of_node`)) return reading.isThere(`${path}/of_node/dma-can-stall`);
  if (pci === null) return null;
  const { vendor, device, revision } = pci;
  return vendor.id === HUAWEI && STALLING.includes(device.id) && STALLING_REVISIONS.includes(revision ?? '');
}

type Capable = Pick<DeviceInfo, 'capabilities' | 'extendedSpace' | 'gone' | 'headerType' | 'kernelAts' | 'priTime'>;

const NO_PCI: Capable = {
  capabilities: null,
  extendedSpace: null,
  gone: false,
  headerType: null,
  kernelAts: null,
  priTime: null,
};

/** What configuration space says, and what the kernel decided from it. */
function ofPci(
  reading: Reading,
  path: string,
  pci: PciIdentity,
  { iommu, group }: Pick<DeviceInfo, 'iommu' | 'group'>,
): Capable {
  const config: ConfigReading = readCapabilities(reading, path);
  const { ats = null, pri = null } = config.capabilities ?? {};
  const kernelAts = atsDecision(reading, CommandLine.read(reading), { path, pci, ats });
  const isOff = pri?.enabled === false || group?.members.some(({ pageRequestsOn }) => pageRequestsOn === false);
  // A long file, which is needed for nothing else.
  const isAsked = isOff && iommu?.intel?.pageRequests && kernelAts === null;
  return { ...config, kernelAts, priTime: isAsked ? priTime(reading) : null };
}

/** `path`: its directory in sysfs, symbolic links resolved. */
export function readDevice(path: string, facts: HostFacts): DeviceInfo {
  const { ids, openers } = facts;
  const reading = new Reading(facts.reading.files);
  const address = basename(path);
  const bus = reading.linkName(`${path}/subsystem`, 'its bus');
  const pci = bus === 'pci' ? pciIdentity(reading, path, ids) : null;
  const group = readGroup(reading, path, address, facts);
  const vfio = vfioOf(reading, path);
  const iommu = iommuOf(reading, path);
  const override = reading.text(`${path}/driver_override`, 'its driver_override');
  const device = {
    address,
    bus,
    path,
    pci,
    function: pci && functionOf(reading, path),
    driver: reading.linkName(`${path}/driver`, 'its driver'),
    driverOverride: override === '(null)' || override === '' ? null : override,
    group,
    iommu,
    ...(pci ? ofPci(reading, path, pci, { iommu, group }) : NO_PCI),
    resettable: pci && reading.isThere(`${path}/reset`),
    canStall: canStallOf(reading, path, pci),
    vfio,
    openers: openersOf(openers, { vfio, group }),
  };
  if (vfio && openers.hiddenProcesses > 0) {
    reading.note(
      'who else has it open',
      '/proc/PID/fd',
      `${openers.hiddenProcesses} processes do not show their descriptors`,
    );
  }
  const refusal = driverTakes(reading, device, openers, facts.withoutCdev);
  // The devices below a bridge are separate devices. What cannot be read about its users is reported with them.
  const taken = vfio !== null || refusal?.id === 'bridge';
  const { seen, unseen } = taken ? NO_EVIDENCE : evidenceOf(reading.files, device, openers);
  return { ...device, refusal, uses: seen, unseenUses: unseen, unread: reading.unread };
}
