// Whether VFIO has the device, and lets us have it.
import type { DeviceInfo } from '../device-info.ts';
import { isVfioDriver } from '../group.ts';
import { cannot, type Finding, needs } from './finding.ts';

const PCI = '/sys/bus/pci';

/** Gives a PCI device to another driver; as `driverctl set-override` does, until the next start. */
export function bindCommand(address: string, driver: string | null, to = 'vfio-pci'): string {
  const device = `${PCI}/devices/${address}`;
  return [
    `modprobe ${to}`,
    `echo ${to} > ${device}/driver_override`,
    ...(driver === null ? [] : [`echo ${address} > ${device}/driver/unbind`]),
    `echo ${address} > ${PCI}/drivers_probe`,
  ].join(' && ');
}

const unbindCommand = (address: string): string => `echo ${address} > ${PCI}/devices/${address}/driver/unbind`;

const BRIDGE = '06';

export function bindingFindings(device: DeviceInfo): Finding[] {
  const { pci, vfio, bus, iommu } = device;
  // vfio_pci_core takes devices with a header of type 0 only.
  if (pci?.class.id.startsWith(BRIDGE) && vfio === null) return [cannot('bridge', 'a bridge: VFIO takes none')];
  if (iommu?.kind === 'selftest' && vfio === null) {
    return [cannot('selftest', 'a mock device without VFIO; `iopftop --backend selftest` makes its own')];
  }
  return [...members(device), ...(vfio ? inUse(device) : bus === 'pci' ? driver(device) : otherBus(device))];
}

function members({ group }: DeviceInfo): Finding[] {
  return (group?.members ?? [])
    .filter(({ blocks }) => blocks)
    .map(({ address, driver }) =>
      needs(
        'group-member',
        `${address}, of the same IOMMU group, must leave its driver ${driver}`,
        // Only PCI devices have addresses that end so.
        /\.[0-7]$/.test(address) ? unbindCommand(address) : null,
      ),
    );
}

function driver({ address, driver, vfio }: DeviceInfo): Finding[] {
  if (vfio === null && driver !== null && isVfioDriver(driver)) {
    return [needs('vfio-device', `${driver} has it, and has made no VFIO device of it: see dmesg`)];
  }
  const from = driver === null ? 'no driver has it' : `its driver is ${driver}`;
  const how = `; \`iopftop --device ${address} --bind\` does so, and undoes it`;
  return [needs('bind-driver', `${from}: give it to vfio-pci${how}`, bindCommand(address, driver))];
}

const otherBus = ({ driver }: DeviceInfo): Finding[] => [
  needs(
    'bind-driver',
    `${driver === null ? 'no driver has it' : `its driver is ${driver}`}: give it to a driver of VFIO`,
  ),
];

function inUse({ vfio, openers }: DeviceInfo): Finding[] {
  if (vfio?.path === null) {
    return [needs('no-cdev', 'the kernel makes no character device of it: that takes CONFIG_VFIO_DEVICE_CDEV')];
  }
  return openers.map(({ pid, comm, fd, path }) =>
    needs(
      'in-use',
      `${comm} (PID ${pid}) has ${path} open as ${fd}: look at it with \`iopftop --pid ${pid}\`, or end it`,
    ),
  );
}
