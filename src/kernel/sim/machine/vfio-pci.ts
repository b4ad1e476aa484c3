// What vfio-pci refuses to take (drivers/vfio/pci/{vfio_pci,vfio_pci_core}.c).
import { Errno } from '../../../uapi/errno.ts';
import type { SimFiles } from './files.ts';
import type { HostDevice } from './host-device.ts';
import type { MachineSpec, PciSpec } from './spec.ts';

const INTEL = 0x8086;
/** vfio_pci_dev_in_denylist(): QAT DH895xCC, C3xxx and C62x with their VFs, DSA and IAA of Sapphire Rapids. */
const DENIED: readonly number[] = [0x0435, 0x0443, 0x0b25, 0x0cfe, 0x19e2, 0x19e3, 0x37c8, 0x37c9];

const HEADER_TYPE = 0x0e;
const MULTI_FUNCTION = 0x80;

const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

/** vfio_pci_probe(), vfio_pci_core_register_device(): 0, or the negative errno. `warn` gets what pci_warn() is given. */
export function probeVfioPci(device: HostDevice, denylist: boolean, warn: (text: string) => void): number {
  const { vendor, device: id } = device.spec as PciSpec;
  if (vendor === INTEL && DENIED.includes(id)) {
    const ids = `${hex4(vendor)}:${hex4(id)}`;
    if (denylist) {
      warn(`${ids} exists in vfio-pci device denylist, driver probing disallowed.`);
      return -Errno.EINVAL;
    }
    warn(`device denylist disabled - allowing device ${ids}.`);
  }
  if (((device.config?.bytes[HEADER_TYPE] ?? 0) & ~MULTI_FUNCTION) !== 0) return -Errno.EINVAL;
  if (device.virtfns.length > 0) {
    warn('Cannot bind to PF with SR-IOV enabled');
    return -Errno.EBUSY;
  }
  return 0;
}

/** /sys/module/vfio_pci: its parameter cannot be changed while it is loaded. */
export function addVfioPciModule(files: SimFiles, { modules, config, disableDenylist }: MachineSpec): void {
  if (!modules.includes('vfio_pci') && config.CONFIG_VFIO_PCI !== 'y') return;
  const text = disableDenylist ? 'Y\n' : 'N\n';
  files.add('/sys/module/vfio_pci/parameters/disable_denylist', { read: () => text, mode: 0o444 });
}
