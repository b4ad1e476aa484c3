// Whether VFIO has the device, and lets us have it.
import type { DeviceInfo } from '../device-info.ts';
import { isVfioDriver } from '../group.ts';
import { cannot, type Finding, needs } from './finding.ts';

/** The driver of VFIO for a bus. */
const VFIO_DRIVERS: Readonly<Record<string, string>> = {
  pci: 'vfio-pci',
  platform: 'vfio-platform',
  'fsl-mc': 'vfio-fsl-mc',
  cdx: 'vfio-cdx',
};

/** vfio_platform_init_common(): without a reset it takes none, except with the module parameter reset_required=0. */
const HOW: Readonly<Record<string, string>> = { platform: ', which takes devices that it can reset' };

/** Gives a device to the VFIO driver for its bus, until the next boot; null: there is none for this bus. */
function bindCommand({ address, bus, driver }: Pick<DeviceInfo, 'address' | 'bus' | 'driver'>): string | null {
  const to = VFIO_DRIVERS[bus ?? ''];
  if (to === undefined) return null;
  const device = `/sys/bus/${bus}/devices/${address}`;
  return [
    `modprobe ${to}`,
    `echo ${to} > ${device}/driver_override`,
    ...(driver === null ? [] : [`echo ${address} > ${device}/driver/unbind`]),
    `echo ${address} > /sys/bus/${bus}/drivers_probe`,
  ].join(' && ');
}

export function bindingFindings(device: DeviceInfo): Finding[] {
  const { vfio, iommu } = device;
  if (iommu?.kind === 'selftest' && vfio === null) {
    const text = 'a mock device without VFIO; `iopftop --backend selftest` makes some of its own';
    return [cannot('selftest', 'no VFIO', text)];
  }
  return [...members(device), ...(vfio ? inUse(device) : driver(device))];
}

const blockersOf = ({ group }: DeviceInfo) => (group?.members ?? []).filter(({ blocks }) => blocks);

/** Whether anybody uses a member was not checked, so no command is given that unbinds its driver. */
const members = (device: DeviceInfo): Finding[] =>
  blockersOf(device).map(({ address, driver }) =>
    needs(
      'group-member',
      `${address} unbound`,
      `${address}, of the same IOMMU group, must be unbound from its driver ${driver}; \`iopftop devices ${address}\` says who uses it`,
    ),
  );

const stateOf = (driver: string | null): string => (driver === null ? 'no driver has it' : `its driver is ${driver}`);

/** --force takes devices that may be in use, but none that is in use or that vfio-pci refuses. */
function unseenText({ address, bus, uses, unseenUses, refusal }: DeviceInfo): string {
  const takes = bus === 'pci' && uses.length === 0 && refusal === null;
  const how = takes ? `; \`--force ${address}\` takes it anyway` : '';
  return `it may be in use, which cannot be seen from here: ${unseenUses.join('; ')}${how}`;
}

/** What follows "give it to vfio-pci": nothing is advised that would be refused. */
function adviceOf(device: DeviceInfo): string {
  const { address, bus, uses, unseenUses, refusal } = device;
  if (refusal !== null) return ' once that accepts it';
  if (uses.length > 0) return ' once nobody uses it';
  if (unseenUses.length > 0) return ' once it is known that nobody uses it';
  if (bus !== 'pci') return HOW[bus ?? ''] ?? '';
  const blockers = blockersOf(device);
  if (blockers.some((member) => member.bus !== 'pci')) return '';
  const all = [address, ...blockers.map((member) => member.address)].map((each) => `--device ${each}`);
  return `; \`iopftop ${all.join(' ')} --bind\` does that${all.length > 1 ? ' to all of them' : ''}, and undoes it`;
}

function driver(device: DeviceInfo): Finding[] {
  const { address, bus, driver, uses, unseenUses, refusal } = device;
  if (driver !== null && isVfioDriver(driver)) {
    const text = `${driver} has it, but created no VFIO device for it: dmesg says why`;
    return [needs('vfio-device', 'a VFIO device', text)];
  }
  const to = VFIO_DRIVERS[bus ?? ''] ?? 'a driver of VFIO';
  const text = `${stateOf(driver)}: give it to ${to}${adviceOf(device)}`;
  // A command would take it from its user, or be refused.
  const isFree = refusal === null && uses.length === 0 && unseenUses.length === 0;
  // Its VFs are a use of it, too.
  const said = refusal?.id === 'has-vfs' && uses.length > 0 ? null : refusal;
  return [
    ...(said === null ? [] : [said]),
    ...(uses.length === 0 ? [] : [needs('host-use', 'its use to end', `the host uses it: ${uses.join('; ')}`)]),
    ...(unseenUses.length === 0 ? [] : [needs('host-use-unseen', 'its use to be seen', unseenText(device))]),
    needs('bind-driver', to, text, isFree ? bindCommand({ address, bus, driver }) : null),
  ];
}

function inUse({ vfio, group, openers, refusal }: DeviceInfo): Finding[] {
  if (refusal) return [refusal];
  if (vfio?.path === null) {
    const text = 'the kernel creates no character device for it: that needs CONFIG_VFIO_DEVICE_CDEV';
    return [needs('no-cdev', 'VFIO_DEVICE_CDEV', text)];
  }
  return openers.map(({ pid, comm, fd, path }) => {
    const of = group?.members.find((member) => path === `/dev/vfio/devices/${member.vfio}`);
    const whose = of ? `, which is ${of.address} of the same IOMMU group,` : '';
    const text = `${comm} (PID ${pid}) has ${path}${whose} open as ${fd}: watch it with \`iopftop --pid ${pid}\`, or end it`;
    return needs('in-use', `PID ${pid} to end`, text);
  });
}
