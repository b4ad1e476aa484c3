// Whether VFIO has the device, and lets us have it.
import type { DeviceInfo } from '../device-info.ts';
import { isVfioDriver } from '../group.ts';
import { cannot, type Finding, needs } from './finding.ts';

const PCI = '/sys/bus/pci';

/** Gives a PCI device to another driver, until the next start. */
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
  // vfio_pci_probe() takes devices with a header of type 0 only.
  if (pci?.class.id.startsWith(BRIDGE) && vfio === null) return [cannot('bridge', 'a bridge', 'VFIO takes no bridges')];
  if (iommu?.kind === 'selftest' && vfio === null) {
    const text = 'a mock device without VFIO; `iopftop --backend selftest` makes some of its own';
    return [cannot('selftest', 'no VFIO', text)];
  }
  return [...members(device), ...(vfio ? inUse(device) : bus === 'pci' ? driver(device) : otherBus(device))];
}

function members({ group }: DeviceInfo): Finding[] {
  return (group?.members ?? [])
    .filter(({ blocks }) => blocks)
    .map(({ address, bus, driver }) =>
      needs(
        'group-member',
        `${address} unbound`,
        `${address}, of the same IOMMU group, has to leave its driver ${driver}`,
        bus === 'pci' ? unbindCommand(address) : null,
      ),
    );
}

const stateOf = (driver: string | null): string => (driver === null ? 'no driver has it' : `its driver is ${driver}`);

function driver({ address, driver }: DeviceInfo): Finding[] {
  if (driver !== null && isVfioDriver(driver)) {
    const text = `${driver} has it, and made no VFIO device of it: dmesg says why`;
    return [needs('vfio-device', 'a VFIO device', text)];
  }
  const text = `${stateOf(driver)}: give it to vfio-pci; \`iopftop --device ${address} --bind\` does that, and undoes it`;
  return [needs('bind-driver', 'vfio-pci', text, bindCommand(address, driver))];
}

const otherBus = ({ driver }: DeviceInfo): Finding[] => [
  needs('bind-driver', 'a VFIO driver', `${stateOf(driver)}: give it to a driver of VFIO`),
];

function inUse({ vfio, openers }: DeviceInfo): Finding[] {
  if (vfio?.path === null) {
    const text = 'the kernel makes no character device of it: that takes CONFIG_VFIO_DEVICE_CDEV';
    return [needs('no-cdev', 'VFIO_DEVICE_CDEV', text)];
  }
  return openers.map(({ pid, comm, fd, path }) => {
    const text = `${comm} (PID ${pid}) has ${path} open as ${fd}: look at it with \`iopftop --pid ${pid}\`, or end it`;
    return needs('in-use', `PID ${pid} to end`, text);
  });
}
