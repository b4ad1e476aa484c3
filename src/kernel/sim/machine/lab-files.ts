// The files of the lab's kernel: two VFIO devices over the selftest's mock IOMMU, and hardly anything else.
import { SimFiles } from './files.ts';
import { POWER, relative } from './sysfs.ts';

const IOMMU = '/sys/devices/platform/iommufd_selftest_iommu.0/iommu/iommufd_selftest_iommu.0';
/** Major numbers: any free ones. */
const [CDEV_MAJOR, GROUP_MAJOR] = [251, 252];
/** CONFIG_BLK_DEV_LOOP: there from the start, with nothing behind it. */
const LOOP = { name: 'loop0', rdev: '7:0' } as const;

/** `devices` mock devices with a VFIO character device each, as /sys and /dev of the lab show them. */
export function labFiles(devices: number): SimFiles {
  const files = new SimFiles();
  const link = (at: string, name: string, to: string) => files.addLink(`${at}/${name}`, relative(at, to));
  files.add('/dev/iommu', { mode: 0o660, rdev: '10:262' }, 'character');
  files.add('/dev/vfio/vfio', { mode: 0o666, rdev: '10:196' }, 'character');
  files.add(`/dev/${LOOP.name}`, { mode: 0o600, rdev: LOOP.rdev }, 'block');
  files.blockDevices.set(LOOP.rdev, { claimed: () => false });
  files.makeDirectories('/dev/vfio/devices');
  files.add(
    '/proc/devices',
    `Character devices:\n 10 misc\n${CDEV_MAJOR} vfio-dev\n${GROUP_MAJOR} vfio\n\nBlock devices:\n  7 loop\n`,
  );
  files.makeDirectories('/sys/class/vfio-dev');
  files.makeDirectories('/sys/kernel/iommu_groups');
  files.makeDirectories(`${IOMMU}/devices`);
  link('/sys/class/iommu', 'iommufd_selftest_iommu.0', IOMMU);
  for (let n = 0; n < devices; n++) {
    const device = `/sys/devices/iommufd_mock${n}`;
    const cdev = `${device}/vfio-dev/vfio${n}`;
    const group = `/sys/kernel/iommu_groups/${n}`;
    link(device, 'iommu', IOMMU);
    link(device, 'iommu_group', group);
    link(device, 'subsystem', '/sys/bus/iommufd_mock');
    link('/sys/bus/iommufd_mock/devices', `iommufd_mock${n}`, device);
    for (const at of [device, cdev])
      for (const [name, text] of Object.entries(POWER)) files.add(`${at}/power/${name}`, text);
    files.add(`${device}/uevent`, { read: () => '', mode: 0o644 });
    files.add(`${cdev}/dev`, `${CDEV_MAJOR}:${n}\n`);
    const uevent = `MAJOR=${CDEV_MAJOR}\nMINOR=${n}\nDEVNAME=vfio/devices/vfio${n}\n`;
    files.add(`${cdev}/uevent`, { read: () => uevent, mode: 0o644 });
    link(cdev, 'device', device);
    link(cdev, 'subsystem', '/sys/class/vfio-dev');
    link('/sys/class/vfio-dev', `vfio${n}`, cdev);
    link(`${group}/devices`, `iommufd_mock${n}`, device);
    link(`${IOMMU}/devices`, `iommufd_mock${n}`, device);
    files.add(`${group}/type`, { read: () => 'blocked\n', mode: 0o644 });
    files.add(`${group}/reserved_regions`, '');
    files.add(`/dev/vfio/devices/vfio${n}`, { mode: 0o600, rdev: `${CDEV_MAJOR}:${n}` }, 'character');
    files.add(`/dev/vfio/${n}`, { mode: 0o600, rdev: `${GROUP_MAJOR}:${n}` }, 'character');
    link('/sys/class/vfio', `${n}`, `/sys/devices/virtual/vfio/${n}`);
    files.add(`/sys/devices/virtual/vfio/${n}/dev`, `${GROUP_MAJOR}:${n}\n`);
  }
  files.add('/sys/module/iommufd/parameters/allow_unsafe_interrupts', { read: () => 'N\n', mode: 0o644 });
  files.add('/sys/module/vfio/version', '0.3\n');
  files.makeDirectories('/run');
  files.makeDirectories('/tmp', 0o1777);
  return files;
}
