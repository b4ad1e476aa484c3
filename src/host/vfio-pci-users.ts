// Who has devices of vfio-pci open: as long as one is, the module cannot be unloaded (vfio_df_device_first_open() takes a
// reference to it, and vfio_unregister_group_dev() waits for files that are not bound yet).
import { type Openers, openWords } from './openers.ts';
import { Reading } from './reading.ts';

const VFIO_PCI = 'vfio-pci';
const driverAt = (reading: Reading, device: string): string | null =>
  reading.linkName(`${device}/driver`, 'the driver of an open VFIO device');

/** The drivers of the devices behind a VFIO node; none: unknown. */
function driversOf(reading: Reading, node: string): (string | null)[] {
  const cdev = /\/devices\/(vfio\d+)$/.exec(node)?.[1];
  if (cdev !== undefined) return [driverAt(reading, `/sys/class/vfio-dev/${cdev}/device`)];
  const members = `/sys/kernel/iommu_groups/${node.split('/').at(-1)}/devices`;
  const names = reading.list(members, 'the devices of an open group') ?? [];
  return names.map((name) => driverAt(reading, `${members}/${name}`));
}

/** "qemu-system-x86 (PID 4242) has /dev/vfio/devices/vfio1 open", for each; a node with an unknown driver counts. */
export function vfioPciUsers({ files }: Reading, openers: Openers): string[] {
  const reading = new Reading(files);
  const held = [...openers.byPath].filter(([node]) => {
    const { length } = reading.unread;
    const drivers = driversOf(reading, node);
    return drivers.length === 0 || drivers.includes(VFIO_PCI) || reading.unread.length > length;
  });
  return [...new Set(held.flatMap(([, all]) => all.map(openWords)))];
}
