// What would be missed if a device were taken from its driver: disks that are mounted, network interfaces that are up.
import type { SimFiles } from './files.ts';
import type { HostDevice } from './host-device.ts';
import { relative } from './sysfs.ts';

/** IFF_UP and IFF_MULTICAST */
const FLAGS = '0x1003\n';

const usesOf = ({ spec }: HostDevice) => (spec.bus === 'pci' ? spec.uses : undefined);

export function addUses(files: SimFiles, devices: readonly HostDevice[], self: number): void {
  const mounts = ['22 28 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw'];
  files.makeDirectories('/sys/class/block');
  files.makeDirectories('/sys/class/net');
  for (const device of devices) {
    const { disk, network } = usesOf(device) ?? {};
    if (disk) {
      const at = `${device.path}/nvme/nvme0/${disk.name}`;
      files.add(`${at}/dev`, `${disk.numbers}\n`);
      files.makeDirectories(`${at}/holders`);
      files.addLink(`/sys/class/block/${disk.name}`, relative('/sys/class/block', at));
      mounts.push(`28 1 ${disk.numbers} / ${disk.mount} rw,relatime shared:1 - ext4 /dev/${disk.name} rw`);
    }
    if (network !== undefined) {
      const at = `${device.path}/net/${network}`;
      files.add(`${at}/flags`, FLAGS);
      files.add(`${at}/operstate`, 'up\n');
      files.addLink(`/sys/class/net/${network}`, relative('/sys/class/net', at));
    }
  }
  files.add(`/proc/${self}/mountinfo`, mounts.map((line) => `${line}\n`).join(''));
  files.add('/proc/swaps', 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n');
}

/** They go with the driver. */
export function removeUses(files: SimFiles, device: HostDevice): void {
  const { disk, network } = usesOf(device) ?? {};
  if (disk) {
    files.delete(`${device.path}/nvme`);
    files.delete(`/sys/class/block/${disk.name}`);
  }
  if (network !== undefined) {
    files.delete(`${device.path}/net`);
    files.delete(`/sys/class/net/${network}`);
  }
}
