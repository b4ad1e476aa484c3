// Whether VFIO makes character devices of the devices that it gets, without which nothing of one can be opened by way of an
// iommufd (CONFIG_VFIO_DEVICE_CDEV): told by the kernel that runs, not by its configuration.
import type { Reading } from './reading.ts';
import { type Finding, needs, unknown } from './verdict/finding.ts';

/** unloaded: VFIO is not there, so that nothing shows; unread: the list of the kernel's devices cannot be read. */
export type VfioCdevState = 'made' | 'not made' | 'unloaded' | 'unread';

export const DEVICE_NUMBERS = '/proc/devices';

/** vfio_init() registers the class, whether there are going to be character devices or not. */
const SIGNS = ['/sys/class/vfio-dev', '/sys/module/vfio', '/sys/bus/pci/drivers/vfio-pci'] as const;

/** vfio_cdev_init() takes numbers for them when VFIO is loaded: alloc_chrdev_region(…, "vfio-dev"). */
export function vfioCdevState(reading: Reading): VfioCdevState {
  const numbers = reading.text(DEVICE_NUMBERS, 'whether the kernel makes character devices of VFIO devices');
  if (numbers !== null && /^\s*\d+ vfio-dev$/m.test(numbers)) return 'made';
  if (!SIGNS.some((path) => reading.isThere(path))) return 'unloaded';
  return numbers === null ? 'unread' : 'not made';
}

/** Why nothing could be opened of a device that VFIO gets; null: nothing is known to be in the way. */
export function cdevRefusal(reading: Reading): Finding | null {
  switch (vfioCdevState(reading)) {
    case 'not made': {
      const text = `vfio-pci would take it, and nothing of it could be opened: the kernel makes no character devices of VFIO devices (no vfio-dev in ${DEVICE_NUMBERS}), which takes CONFIG_VFIO_DEVICE_CDEV`;
      return needs('no-cdev', 'VFIO_DEVICE_CDEV', text);
    }
    case 'unread': {
      const text = `whether the kernel makes character devices of VFIO devices cannot be told: ${DEVICE_NUMBERS} cannot be read`;
      return unknown('cdev-unread', 'VFIO_DEVICE_CDEV?', text);
    }
    default:
      return null;
  }
}
