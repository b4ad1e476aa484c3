// Finds devices by the names that people give them.
import type { Files } from '../kernel/files.ts';
import { nearest } from '../text/nearest.ts';
import { Refusal } from '../text/refusal.ts';
import type { DeviceInfo } from './device-info.ts';
import { type HostFacts, readDevice, readHostFacts } from './read-device.ts';
import { basename, Reading } from './reading.ts';

export class DeviceNotFound extends Refusal {
  constructor(name: string, hint: string) {
    super('gone', `there is no device ${JSON.stringify(name)}`, hint);
  }
}

const GROUPS = '/sys/kernel/iommu_groups';
const VFIO = '/sys/class/vfio-dev';
const PCI_ADDRESS = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}:[01][0-9a-f]\.[0-7])$/i;

/** 17:00.0 → 0000:17:00.0; null: not a PCI address. */
export function pciAddress(name: string): string | null {
  const [, domain = '0000', rest] = PCI_ADDRESS.exec(name) ?? [];
  return rest === undefined ? null : `${domain}:${rest}`.toLowerCase();
}

/** Directories in sysfs of all devices with an IOMMU group and of all VFIO devices, symbolic links resolved. */
function pathsOf(reading: Reading): string[] {
  const grouped = reading.list(GROUPS, 'the IOMMU groups').flatMap((group) => {
    const devices = `${GROUPS}/${group}/devices`;
    return reading.list(devices, 'the members of an IOMMU group').map((name) => `${devices}/${name}`);
  });
  const vfio = reading.list(VFIO, 'the VFIO devices').map((name) => `${VFIO}/${name}/device`);
  const paths = [...grouped, ...vfio].map((link) => reading.realPath(link)).filter((path) => path !== null);
  return [...new Set(paths)];
}

/** PCI addresses are hexadecimal; numbers in other names count as numbers. */
function byAddress(a: string, b: string): number {
  const [isPci, other] = [pciAddress(a) !== null, pciAddress(b) !== null];
  if (isPci !== other) return isPci ? -1 : 1;
  return isPci ? (a < b ? -1 : 1) : a.localeCompare(b, 'en', { numeric: true });
}

/** Every device with an IOMMU group, and every VFIO device without one, sorted by address: PCI first. */
export function listDevices(files: Files, facts?: HostFacts): DeviceInfo[] {
  const known = facts ?? readHostFacts(new Reading(files));
  return (
    pathsOf(known.reading)
      .sort((a, b) => byAddress(basename(a), basename(b)))
      .map((path) => readDevice(path, known))
      // A device that went away while it was read is incomplete.
      .filter(({ path }) => known.reading.isThere(path))
  );
}

/** Its full name on its bus; a PCI address is case-insensitive. */
function pathOnBus(reading: Reading, name: string): string | null {
  // A name is one part of a path.
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) return null;
  const address = pciAddress(name);
  if (address !== null) return reading.realPath(`/sys/bus/pci/devices/${address}`);
  for (const bus of reading.list('/sys/bus', 'the buses')) {
    const found = reading.realPath(`/sys/bus/${bus}/devices/${name}`);
    if (found !== null) return found;
  }
  return null;
}

function pathOf(reading: Reading, name: string): string | null {
  const vfio = /^(?:\/dev\/vfio\/devices\/)?(vfio\d+)$/.exec(name)?.[1];
  if (vfio !== undefined) return reading.realPath(`${VFIO}/${vfio}/device`);
  return pathOnBus(reading, name) ?? pathOnBus(reading, name.toLowerCase());
}

/** All names of relevant devices that findDevice knows. */
function knownNames(reading: Reading): string[] {
  const pci = reading.list('/sys/bus/pci/devices', 'the PCI devices');
  const vfio = reading.list(VFIO, 'the VFIO devices');
  return [...new Set([...pathsOf(reading).map(basename), ...pci, ...vfio])];
}

/**
 * A device by its PCI address (0000:17:00.0, 17:00.0), its name on another bus (an mdev's UUID, a platform device), vfioN or
 * /dev/vfio/devices/vfioN. It need not have an IOMMU group. Throws DeviceNotFound.
 */
export function findDevice(files: Files, name: string, facts?: HostFacts): DeviceInfo {
  const reading = facts?.reading ?? new Reading(files);
  const path = pathOf(reading, name);
  if (path !== null) {
    const device = readDevice(path, facts ?? readHostFacts(reading));
    if (reading.isThere(path)) return device;
  }
  const guess = nearest(pciAddress(name) ?? name, knownNames(reading));
  const list = '`iopftop devices` lists the devices of this host';
  throw new DeviceNotFound(name, guess === null ? list : `did you mean ${guess}? ${list}`);
}
