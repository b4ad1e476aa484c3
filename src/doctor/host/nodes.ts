// The files that iopftop opens, and whether this user may.

import { vfioCdevState } from '../../host/vfio-cdev.ts';
import { IommufdError } from '../../iommufd/error.ts';
import { Iommufd } from '../../iommufd/iommufd.ts';
import { Teardown } from '../../iommufd/teardown.ts';
import { Open } from '../../kernel/kernel.ts';
import { Errno, errnoName } from '../../uapi/errno.ts';
import { errnoMeaning } from '../../uapi/errno-meaning.ts';
import { type CheckGroup, check, fail, fix, look, type Observation, pass, unknown } from '../check.ts';
import type { HostGround } from './ground.ts';

const IOMMU = '/dev/iommu';
const DEVICES = '/dev/vfio/devices';

/** Gives this user access until the node is created again: at the next boot, or when the driver is reloaded. */
export const giveAccess = (path: string) => fix(`sudo setfacl -m "u:$(id -un):rw" ${path}`, 'or run iopftop as root');

export const errnoText = (operation: string, errno: number): string =>
  `${errnoName(errno)}: ${errnoMeaning(operation, errno).meaning}`;

function node({ reading }: HostGround): Observation {
  const status = reading.status(IOMMU);
  if (status === null) {
    return fail(
      `${IOMMU} does not exist`,
      fix('sudo modprobe iommufd'),
      look('ls -l /dev/iommu; grep iommu /proc/misc'),
    );
  }
  const mode = status.mode.toString(8).padStart(4, '0');
  return status.kind === 'character'
    ? pass(`mode ${mode}, uid ${status.uid}, gid ${status.gid}`)
    : fail(`${IOMMU} is not a character device`, look(`ls -l ${IOMMU}`));
}

function opens({ kernel }: HostGround): Observation {
  const fd = kernel.open(IOMMU, Open.RDWR | Open.CLOEXEC);
  if (fd >= 0) {
    kernel.close(fd);
    return pass('opened for reading and writing, and closed again');
  }
  const operation = `open ${IOMMU}`;
  const seen = errnoText(operation, -fd);
  if (fd === -Errno.EACCES) return fail(seen, giveAccess(IOMMU));
  if (fd === -Errno.EPERM) {
    return fail(seen, fix(null, 'a container: its device cgroup must allow it (docker run --device /dev/iommu)'));
  }
  const hint = errnoMeaning(operation, -fd).hint;
  return fail(seen, hint ? fix(null, hint) : look('sudo dmesg | tail'));
}

/** Creates and destroys a fault object: nothing else shows whether the kernel has them. */
function faultQueue({ kernel }: HostGround): Observation {
  const undone = new Teardown();
  try {
    const iommufd = Iommufd.open(kernel);
    undone.defer('close the iommufd', () => iommufd.close());
    const queue = iommufd.allocFaultQueue();
    undone.defer('destroy the fault object', () => iommufd.destroy(queue.id, 'fault object'));
    undone.defer('close the fault queue', () => queue.closeFd());
    return pass('a fault object was created, and destroyed again');
  } catch (error) {
    if (!(error instanceof IommufdError)) throw error;
    const hint = error.errno === Errno.ENOTTY ? 'boot Linux 6.11 or later; 6.13 or later for real devices' : error.hint;
    return fail(error.message, fix(null, hint));
  } finally {
    undone.run();
  }
}

function vfioNodes({ reading, config }: HostGround): Observation {
  const names = reading.isThere(DEVICES) ? reading.list(DEVICES, 'the VFIO character devices') : null;
  if (names !== null && names.length > 0)
    return pass(names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).join(', '));
  const bind = fix('iopftop --device ADDRESS --bind', 'binds a device to vfio-pci while it runs');
  // The directory comes with the first device.
  const made = vfioCdevState(reading) === 'made' || config?.get('VFIO_DEVICE_CDEV') === 'y';
  if (made) return pass('none yet: no device is bound to a VFIO driver', bind);
  return unknown('none: no device is bound to a VFIO driver, or the kernel has no CONFIG_VFIO_DEVICE_CDEV', bind);
}

export const NODES: CheckGroup<HostGround> = {
  name: 'files',
  checks: [
    check('files.iommu', `${IOMMU} is there`, 'all objects of iommufd are created through it', node, {
      after: ['kernel.iommufd', 'modules.iommufd'],
    }),
    check('files.iommu-open', `${IOMMU} opens`, 'this user needs permission to open it', opens, {
      after: ['files.iommu'],
    }),
    check('files.fault-queue', 'iommufd has fault queues', 'faults are read from them and answered there', faultQueue, {
      after: ['files.iommu-open'],
    }),
    check('files.vfio-devices', `${DEVICES}`, 'devices are bound to an iommufd through these', vfioNodes, {
      after: ['kernel.vfio-device-cdev', 'modules.vfio'],
    }),
  ],
};
