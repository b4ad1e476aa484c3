// How the devices of a machine belong together: groups, PFs and VFs, and the ports above them.
import { HostDevice, IommuGroup } from './host-device.ts';
import type { DeviceSpec, MachineSpec } from './spec.ts';

/** Request redirection and upstream forwarding. */
const ISOLATING = 0x14;

/** pci_acs_path_enabled(): every port above the device sends its requests up, whatever they are addressed to. */
const isIsolated = (spec: MachineSpec, { parent }: DeviceSpec): boolean =>
  spec.devices
    .filter((port) => `/${parent}/`.includes(`/${port.address}/`))
    .every((port) => port.bus === 'pci' && ((port.capabilities.acs ?? 0) & ISOLATING) === ISOLATING);

/** pci_setup() */
const noAts = ({ cmdline }: MachineSpec): boolean => /(^|\s)pci=(\S*,)?noats/.test(cmdline);

/** The devices with their groups, and VFs with their PFs. */
export function devicesOf(spec: MachineSpec): HostDevice[] {
  const groups = new Map<number, IommuGroup>();
  const groupOf = (number: number | null) => {
    if (number === null) return undefined;
    const group = groups.get(number) ?? new IommuGroup(number);
    groups.set(number, group);
    return group;
  };
  const vfsOf = (address: string) => spec.devices.filter((d) => d.bus === 'pci' && d.physfn === address).length;
  const devices = spec.devices.map(
    (device) =>
      new HostDevice(device, {
        iommu: spec.iommus.find(({ name }) => name === device.iommu),
        group: groupOf(device.group),
        vfs: vfsOf(device.address),
        isolated: isIsolated(spec, device),
        noAts: noAts(spec),
      }),
  );
  for (const device of devices) {
    const pf = device.spec.bus === 'pci' ? device.spec.physfn : undefined;
    device.physfn = pf === undefined ? undefined : devices.find(({ address }) => address === pf);
    device.physfn?.virtfns.push(device);
  }
  return devices;
}
