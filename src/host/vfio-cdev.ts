// Whether VFIO creates character devices for its devices, without which no device can be opened for an iommufd
// (CONFIG_VFIO_DEVICE_CDEV): as the running kernel shows it, not its configuration.
import type { Reading } from './reading.ts';
import { type Finding, needs, unknown } from './verdict/finding.ts';

/** unloaded: VFIO is not loaded, so nothing shows it; unread: the list of the kernel's devices cannot be read. */
export type VfioCdevState = 'made' | 'not made' | 'unloaded' | 'unread';

export const DEVICE_NUMBERS = '/proc/devices';

/** vfio_init() registers the class even without character devices. */
const SIGNS = ['/sys/class/vfio-dev', '/sys/module/vfio', '/sys/bus/pci/drivers/vfio-pci'] as const;

/** vfio_cdev_init() takes numbers for them when VFIO is loaded: alloc_chrdev_region(…, "vfio-dev"). */
export function vfioCdevState(reading: Reading): VfioCdevState {
  const numbers = reading.text(DEVICE_NUMBERS, 'whether the kernel creates character devices for VFIO devices');
  if (numbers !== null && /^\s*\d+ vfio-dev$/m.test(numbers)) return 'made';
  if (!SIGNS.some((path) => reading.isThere(path))) return 'unloaded';
  return numbers === null ? 'unread' : 'not made';
}

/** Why a device that VFIO takes could not be opened; null: no known obstacle. */
export function cdevRefusal(reading: Reading): Finding | null {
  switch (vfioCdevState(reading)) {
    case 'not made': {
      const text = `vfio-pci would take it, but it could not be opened: the kernel creates no character devices for VFIO devices (no vfio-dev in ${DEVICE_NUMBERS}), which needs CONFIG_VFIO_DEVICE_CDEV`;
      return needs('no-cdev', 'VFIO_DEVICE_CDEV', text);
    }
    case 'unread': {
      const text = `cannot tell whether the kernel creates character devices for VFIO devices: ${DEVICE_NUMBERS} cannot be read`;
      return unknown('cdev-unread', 'VFIO_DEVICE_CDEV?', text);
    }
    default:
      return null;
  }
}
