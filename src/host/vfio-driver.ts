// Whether vfio-pci takes a device so that it can be opened, as far as that can be known without trying: what
// vfio_pci_probe() and vfio_pci_core_register_device() refuse (Linux 7.2, drivers/vfio/pci/vfio_pci.c and vfio_pci_core.c).
import { plural } from '../text/plural.ts';
import { CommandLine } from './command-line.ts';
import type { DeviceInfo } from './device-info.ts';
import { isVfioDriver } from './group.ts';
import { moduleOption, toBool } from './module-options.ts';
import type { Openers } from './openers.ts';
import type { Reading } from './reading.ts';
import { readReserved } from './reserved-regions.ts';
import { cannot, type Finding, needs, unknown } from './verdict/finding.ts';
import { cdevRefusal } from './vfio-cdev.ts';
import { vfioPciUsers } from './vfio-pci-users.ts';

/** vfio_pci_dev_in_denylist(): vendor and device; the names are those of include/linux/pci_ids.h. */
const DENYLIST: Readonly<Record<string, string>> = {
  '8086:0435': 'QAT DH895xCC',
  '8086:0443': 'QAT DH895xCC VF',
  '8086:0b25': 'DSA of Sapphire Rapids',
  '8086:0cfe': 'IAA of Sapphire Rapids',
  '8086:19e2': 'QAT C3xxx',
  '8086:19e3': 'QAT C3xxx VF',
  '8086:37c8': 'QAT C62x',
  '8086:37c9': 'QAT C62x VF',
};

const MODULE = '/sys/module/vfio_pci';
const PARAMETER = `${MODULE}/parameters/disable_denylist`;

type Asked = Pick<
  DeviceInfo,
  'address' | 'bus' | 'group' | 'pci' | 'driver' | 'vfio' | 'function' | 'headerType' | 'gone' | 'path'
>;

/**
 * Why vfio-pci will refuse the device, or take it in vain, and what can be done; null: no known obstacle. A device that a
 * VFIO driver has already is fine: only vfio-pci has the list. `withoutCdev`: what is the same for all devices.
 */
export function driverTakes(
  reading: Reading,
  device: Asked,
  openers: Openers,
  withoutCdev = cdevRefusal(reading),
): Finding | null {
  const mapped = mappedByFirmware(reading, device);
  if (mapped) return mapped;
  const { bus, vfio, driver, gone } = device;
  if (bus !== 'pci' || vfio !== null || gone) return null;
  if (driver !== null && isVfioDriver(driver)) return null;
  return header(device) ?? denied(reading, device, openers) ?? withVfs(device) ?? withoutCdev;
}

/**
 * require_direct: __iommu_device_set_domain() refuses the blocking domain, and so BIND (EINVAL), whichever driver has the
 * device. What the kernel considers harmless (USB, graphics) is direct-relaxable.
 */
function mappedByFirmware(reading: Reading, { group, gone }: Asked): Finding | null {
  const region = gone ? undefined : readReserved(reading, group?.id ?? null).find(({ type }) => type === 'direct');
  if (!region) return null;
  const where = `0x${region.start.toString(16)} to 0x${region.last.toString(16)}`;
  const text = `firmware uses memory through it or another of its IOMMU group (RMRR, ${where}), and the kernel never gives out such a group: a bind is refused (EINVAL). The firmware setup (BIOS) may have a setting that ends this use`;
  return cannot('firmware-mapping', 'RMRR', text);
}

/** PCI_HEADER_TYPE_NORMAL */
const NORMAL = 0;

function header({ headerType, pci }: Asked): Finding | null {
  if (headerType === NORMAL) return null;
  if (headerType !== null) {
    const what = headerType === 1 ? 'a bridge to PCI' : headerType === 2 ? 'a bridge to CardBus' : 'not an endpoint';
    return cannot('bridge', 'a bridge', `VFIO takes no bridges: its header is of type ${headerType}, ${what}`);
  }
  // pci_setup_device() gives this class to nothing else.
  if (pci?.class.id.startsWith('0604')) return cannot('bridge', 'a bridge', 'VFIO takes no bridges');
  const text = 'the type of its header could not be read, and VFIO takes type 0 only';
  return unknown('header-unread', 'header type?', text);
}

/** The state of the module, and the present or future value of its parameter. */
type ModuleState = { readonly off: boolean; readonly is: 'built in' | 'loaded' | 'not loaded'; readonly users: number };

function moduleState(reading: Reading): ModuleState {
  const loaded = (reading.text('/proc/modules', 'the modules') ?? '')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([name]) => name === 'vfio_pci');
  const is = loaded ? 'loaded' : reading.isThere(MODULE) ? 'built in' : 'not loaded';
  if (is === 'not loaded') {
    return { off: moduleOption(reading, CommandLine.read(reading), 'vfio_pci', 'disable_denylist'), is, users: 0 };
  }
  const said = reading.text(PARAMETER, 'the denylist of vfio-pci');
  // A driver without the parameter has no list. A parameter that cannot be read is assumed to have its default.
  const off = said === null ? !reading.isThere(PARAMETER) : (toBool(said) ?? false);
  return { off, is, users: Number(loaded?.[2] ?? 0) || 0 };
}

const count = (users: number): string => `${plural(users, 'reference')} to the module`;
const RISK = 'its users could crash the host or read its memory';

function denied(reading: Reading, { address, pci }: Asked, openers: Openers): Finding | null {
  const name = DENYLIST[`${pci?.vendor.id}:${pci?.device.id}`];
  if (name === undefined) return null;
  const { off, is, users } = moduleState(reading);
  if (off) return null;
  const why = `vfio-pci refuses this device (${name}, ${pci?.vendor.id}:${pci?.device.id}): it is on its denylist, because ${RISK}`;
  const finding = (how: string, command: string | null): Finding =>
    needs('denylist', 'denylist off', `${why}; if you trust them, ${how}`, command);
  switch (is) {
    case 'built in':
      return finding('boot the kernel with vfio_pci.disable_denylist=1: the driver is built in', null);
    case 'not loaded':
      return finding('load vfio-pci with disable_denylist=1', 'modprobe vfio-pci disable_denylist=1');
    case 'loaded': {
      const again = 'reload vfio-pci with disable_denylist=1, which unbinds it from all its devices';
      const known = vfioPciUsers(reading, openers);
      if (users === 0 && known.length === 0) {
        return finding(again, 'modprobe -r vfio-pci && modprobe vfio-pci disable_denylist=1');
      }
      const who = [...known, ...(users > 0 ? [count(users)] : [])].join(', ');
      return finding(`${again}; first end what has them open (${who}), then run this again for ${address}`, null);
    }
  }
}

/** pci_num_vf(): "Cannot bind to PF with SR-IOV enabled", EBUSY. */
function withVfs({ function: of, path, driver }: Asked): Finding | null {
  const vfs = of?.virtualFunctions ?? 0;
  if (vfs === 0) return null;
  const text = `vfio-pci refuses a PF that has VFs (EBUSY), and it has ${vfs}: remove them first`;
  // sriov_numvfs_store() calls the driver.
  return needs('has-vfs', 'no VFs', text, driver === null ? null : `echo 0 > ${path}/sriov_numvfs`);
}
