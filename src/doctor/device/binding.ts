// Whether VFIO has the device, alone, and lets this user have it.
import { DeviceNotFound } from '../../host/find.ts';
import { ALLOW_UNSAFE, remapsInterrupts, unsafeAllowed } from '../../host/interrupts.ts';
import { Open } from '../../kernel/kernel.ts';
import { Errno } from '../../uapi/errno.ts';
import { type CheckGroup, check, fail, fix, look, type Observation, pass, unknown } from '../check.ts';
import { errnoText, giveAccess } from '../host/nodes.ts';
import { type DeviceGround, deviceOf, judged } from './ground.ts';
import { notIntel, notPci } from './identity.ts';

function viable(ground: DeviceGround): Observation {
  const { group } = deviceOf(ground);
  return judged(ground, ['group-member'], () =>
    pass(group?.members.length ? 'no other member has a driver that uses DMA' : 'it is alone in its group'),
  );
}

/** vfio_pci_probe(), vfio_pci_core_register_device() */
function takes(ground: DeviceGround): Observation {
  const { pci, refusal } = deviceOf(ground);
  return judged(ground, ['bridge', 'firmware-mapping', 'denylist', 'header-unread', 'has-vfs'], () =>
    // VFs are reported as a use of it.
    refusal !== null
      ? fail(refusal.text)
      : pass(`${pci?.vendor.id}:${pci?.device.id} is not refused by the denylist, and its header is of type 0`),
  );
}

/** Whether `--bind` would get so far: it is a PCI device without a VFIO driver, and no known reason to refuse it. */
function canBeTaken(ground: DeviceGround): boolean {
  const { bus, refusal, uses } = deviceOf(ground);
  const ids = ground.findings.map(({ id }) => id);
  const never = ground.findings.some(({ kind }) => kind === 'cannot');
  const taken = ids.includes('bind-driver') && !ids.includes('group-member');
  return bus === 'pci' && refusal === null && uses.length === 0 && taken && !never;
}

const hasVfio = ({ found }: DeviceGround): string | null =>
  found instanceof DeviceNotFound || !found.vfio ? null : 'VFIO has it already';

function driver(ground: DeviceGround): Observation {
  const { driver, address, unseenUses } = deviceOf(ground);
  const bind =
    canBeTaken(ground) && unseenUses.length === 0
      ? [fix(`iopftop --device ${address} --bind`, 'binds it while iopftop runs, and gives it back')]
      : [];
  const finding = judged(
    ground,
    ['bind-driver', 'vfio-device', 'selftest', 'bridge'],
    () => pass(driver === null ? 'VFIO has it' : `${driver}, a driver of VFIO`),
    ...bind,
  );
  // A device that can never fault is not unbound from its driver for nothing.
  return ground.findings.some(({ kind }) => kind === 'cannot') ? { ...finding, remedies: [] } : finding;
}

function cdev(ground: DeviceGround): Observation {
  const path = deviceOf(ground).vfio?.path ?? null;
  return judged(ground, ['no-cdev'], () => {
    if (path === null) return fail('it has none');
    return ground.reading.isThere(path)
      ? pass(path)
      : fail(
          `${path} does not exist, though the kernel has the device`,
          look('ls -l /dev/vfio/devices', 'a container has only the nodes given to it'),
        );
  });
}

/** vfio_device_fops_cdev_open(): does nothing to the device; that takes BIND. */
function opens(ground: DeviceGround): Observation {
  const path = deviceOf(ground).vfio?.path ?? '';
  const fd = ground.kernel.open(path, Open.RDWR | Open.CLOEXEC);
  if (fd >= 0) {
    ground.kernel.close(fd);
    return pass('opened for reading and writing, and closed again');
  }
  const seen = errnoText('open VFIO device', -fd);
  return fail(seen, fd === -Errno.EACCES ? giveAccess(path) : look(`ls -l ${path}`));
}

function nobodyElse(ground: DeviceGround): Observation {
  const { unread, openers } = deviceOf(ground);
  const first = openers[0];
  const more = first ? [look(`iopftop --pid ${first.pid}`)] : [];
  return judged(
    ground,
    ['in-use'],
    () => {
      const hidden = unread.find(({ path }) => path === '/proc/PID/fd');
      if (!hidden) return pass('nobody has it open');
      return unknown(`nobody visible; ${hidden.why}`, look(`sudo iopftop doctor ${ground.name}`));
    },
    ...more,
  );
}

function unused(ground: DeviceGround): Observation {
  return judged(ground, ['host-use'], () => {
    const { unseenUses, address } = deviceOf(ground);
    if (unseenUses.length === 0)
      return pass('the kernel has claimed none of its disks, and nobody has a node of it open');
    const hint = 'takes it anyway, if you know that nobody uses it';
    const force = fix(`iopftop --device ${address} --bind --force ${address}`, hint);
    return unknown(unseenUses.join('; '), ...(canBeTaken(ground) ? [force] : []));
  });
}

function interrupts(ground: DeviceGround): Observation {
  const { iommu } = deviceOf(ground);
  const remaps = remapsInterrupts(iommu);
  if (remaps === null || iommu === null) return unknown('the capabilities of its IOMMU could not be read');
  if (remaps) return pass(`${iommu.name} can remap interrupts`);
  const seen = `${iommu.name} does not remap interrupts`;
  if (unsafeAllowed(ground.reading)) return pass(`${seen}; allowed anyway`);
  return fail(seen, fix(ALLOW_UNSAFE, "accepts that the device can raise other devices' interrupts"));
}

export const BINDING: CheckGroup<DeviceGround> = {
  name: 'binding',
  checks: [
    check(
      'device.group-viable',
      'its group is viable',
      'a group goes to user space as a whole, or not at all',
      viable,
      { after: ['device.group'] },
    ),
    check(
      'device.interrupts',
      'its interrupts are isolated',
      'otherwise the kernel refuses to bind it (EPERM)',
      interrupts,
      { after: ['device.iommu', 'interrupts.isolated'], unless: notIntel },
    ),
    check('device.host-use', 'the host does not use it', 'the host loses the device when VFIO takes it', unused, {
      after: ['device.exists'],
      unless: hasVfio,
    }),
    check(
      'device.driver-takes',
      'vfio-pci takes it',
      'it refuses some devices, and leaves them without a driver',
      takes,
      {
        after: ['device.exists', 'device.answers'],
        unless: (ground) => notPci(ground) ?? hasVfio(ground),
      },
    ),
    check('device.driver', 'a VFIO driver has it', 'any other driver uses the device for the kernel', driver, {
      after: ['device.exists', 'device.driver-takes'],
    }),
    check('device.cdev', 'its VFIO character device', 'it is bound to an iommufd through it', cdev, {
      after: ['device.driver', 'kernel.vfio-device-cdev'],
    }),
    check('device.cdev-open', 'the character device opens', 'this user needs permission to open it', opens, {
      after: ['device.cdev'],
    }),
    check('device.in-use', 'nobody else has it open', 'a device is bound by one process at a time', nobodyElse, {
      after: ['device.driver'],
    }),
  ],
};
