// What VFIO adds for a device that it has (vfio/{vfio_main,device_cdev,group}.c).
import type { SimFiles } from './files.ts';
import type { HostDevice } from './host-device.ts';
import type { DriverSpec } from './spec.ts';
import { POWER, relative } from './sysfs.ts';

/** Major numbers: any free ones. */
export const [CDEV_MAJOR, GROUP_MAJOR] = [511, 243];

export const isVfio = ({ name }: DriverSpec): boolean => name === 'vfio-pci' || name === 'vfio-platform';

/** `cdev`: CONFIG_VFIO_DEVICE_CDEV, without which there are neither device nodes nor numbers for them. */
export function addVfioFiles(files: SimFiles, device: HostDevice, number: number, cdev: boolean): void {
  const name = `vfio${number}`;
  const at = `${device.path}/vfio-dev/${name}`;
  for (const [file, text] of Object.entries(POWER)) files.add(`${at}/power/${file}`, text);
  files.addLink(`${at}/device`, relative(at, device.path));
  files.addLink(`${at}/subsystem`, relative(at, '/sys/class/vfio-dev'));
  files.addLink(`/sys/class/vfio-dev/${name}`, relative('/sys/class/vfio-dev', at));
  const uevent = cdev ? `MAJOR=${CDEV_MAJOR}\nMINOR=${number}\nDEVNAME=vfio/devices/${name}\n` : '';
  files.add(`${at}/uevent`, { read: () => uevent, mode: 0o644 });
  if (cdev) {
    files.add(`${at}/dev`, `${CDEV_MAJOR}:${number}\n`);
    files.add(`/dev/vfio/devices/${name}`, { mode: 0o600, rdev: `${CDEV_MAJOR}:${number}` }, 'character');
  }
  const { group } = device;
  if (!group) return;
  files.add(`/dev/vfio/${group.number}`, { mode: 0o600, rdev: `${GROUP_MAJOR}:${group.number}` }, 'character');
  const groupAt = `/sys/devices/virtual/vfio/${group.number}`;
  files.add(`${groupAt}/dev`, `${GROUP_MAJOR}:${group.number}\n`);
  files.addLink(`/sys/class/vfio/${group.number}`, relative('/sys/class/vfio', groupAt));
}

export function removeVfioFiles(files: SimFiles, device: HostDevice, number: number): void {
  files.delete(`${device.path}/vfio-dev`);
  files.delete(`/sys/class/vfio-dev/vfio${number}`);
  files.delete(`/dev/vfio/devices/vfio${number}`);
  const { group } = device;
  // The group's node stays for as long as VFIO has one of its devices.
  if (!group || group.devices.some((other) => other !== device && other.vfio)) return;
  files.delete(`/dev/vfio/${group.number}`);
  files.delete(`/sys/devices/virtual/vfio/${group.number}`);
  files.delete(`/sys/class/vfio/${group.number}`);
}
