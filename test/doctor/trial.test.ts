// The trial leaves nothing behind, wherever the kernel refuses it.
import { describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/report.ts';
import { Iommufd } from '../../src/iommufd/iommufd.ts';
import { VfioDevice } from '../../src/iommufd/vfio-device.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { Errno } from '../../src/uapi/errno.ts';
import {
  IOMMU_FAULT_QUEUE_ALLOC,
  IOMMU_HWPT_ALLOC,
  IOMMU_IOAS_ALLOC,
  VFIO_DEVICE_ATTACH_IOMMUFD_PT,
  VFIO_DEVICE_BIND_IOMMUFD,
  VFIO_DEVICE_DETACH_IOMMUFD_PT,
} from '../../src/uapi/ioctl.ts';
import { kernelOf, resultOf } from './host-of.ts';

const READY = '0000:17:00.0';
const PATH = '/dev/vfio/devices/vfio0';

/** Counts what is open; `refuse` may answer an ioctl in the kernel's place. */
function watched(kernel: Kernel, refuse: (request: number, count: number) => number | null = () => null) {
  const open = new Set<number>();
  let count = 0;
  const calls: Partial<Kernel> = {
    open: (path, flags) => {
      const fd = kernel.open(path, flags);
      if (fd >= 0) open.add(fd);
      return fd;
    },
    close: (fd) => {
      open.delete(fd);
      return kernel.close(fd);
    },
    ioctl: (fd, request, arg) => refuse(request, count++) ?? kernel.ioctl(fd, request, arg),
  };
  const proxy = new Proxy(kernel, {
    get: (target, name) => {
      if (name in calls) return calls[name as keyof Kernel];
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { kernel: proxy, open };
}

/** The device can be bound by somebody else now. */
function bindable(kernel: Kernel): boolean {
  const iommufd = Iommufd.open(kernel);
  VfioDevice.open(iommufd, PATH).release();
  iommufd.close();
  return true;
}

it('passes, and everything is undone', () => {
  const { kernel, open } = watched(kernelOf());
  const report = examine(kernel, READY, true);
  const steps = report.checks.filter(({ group }) => group === 'trial');
  expect(steps.map(({ state }) => state)).toEqual(Array(9).fill('pass'));
  expect([open.size, bindable(kernel)]).toEqual([0, true]);
});

describe('refused at', () => {
  it.each([
    [VFIO_DEVICE_BIND_IOMMUFD, 'trial.bind', Errno.EPERM],
    [IOMMU_IOAS_ALLOC, 'trial.ioas', Errno.ENOMEM],
    [IOMMU_HWPT_ALLOC, 'trial.paging-hwpt', Errno.EOPNOTSUPP],
    [VFIO_DEVICE_ATTACH_IOMMUFD_PT, 'trial.attach', Errno.ENODEV],
    [VFIO_DEVICE_DETACH_IOMMUFD_PT, 'trial.detach', Errno.EINVAL],
  ])('$name', (ioctl, id, errno) => {
    const { kernel, open } = watched(kernelOf(), (request) => (request === ioctl.nr ? -errno : null));
    const report = examine(kernel, READY, true);
    expect(report.firstFailed).toBe(id);
    expect(resultOf(report, id).seen).toContain(ioctl.name);
    expect(open.size).toBe(0);
  });

  it('the fault object of the trial, which is the second one', () => {
    let asked = 0;
    const { kernel, open } = watched(kernelOf(), (request) =>
      request === IOMMU_FAULT_QUEUE_ALLOC.nr && ++asked === 2 ? -Errno.EMFILE : null,
    );
    expect(examine(kernel, READY, true).firstFailed).toBe('trial.fault-object');
    expect([open.size, bindable(kernel)]).toEqual([0, true]);
  });

  it('a paging HWPT with a fault object, as before Linux 6.13; nested ones are taken', () => {
    const report = examine(kernelOf({}, { noPagingFault: true }), READY, true);
    expect(report.firstFailed).toBe('trial.paging-hwpt');
    expect(resultOf(report, 'trial.paging-hwpt').seen).toMatch(/EOPNOTSUPP/);
    expect(resultOf(report, 'trial.nested-hwpt')).toMatchObject({ state: 'pass', required: false });
    expect(resultOf(report, 'trial.attach')).toMatchObject({ state: 'skipped', because: 'trial.paging-hwpt' });
  });

  it('any ioctl: nothing is left open, and the device is free', () => {
    for (let at = 0; at < 30; at++) {
      const host = kernelOf();
      const { kernel, open } = watched(host, (_request, count) => (count === at ? -Errno.ENOMEM : null));
      examine(kernel, READY, true);
      expect([at, open.size, bindable(host)]).toEqual([at, 0, true]);
    }
  });
});

describe('is not made', () => {
  const bound = (address: string, trial: boolean): [boolean, string] => {
    let binds = false;
    const { kernel } = watched(kernelOf(), (request) => {
      binds ||= request === VFIO_DEVICE_BIND_IOMMUFD.nr;
      return null;
    });
    const { seen } = resultOf(examine(kernel, address, trial), 'trial.bind');
    return [binds, seen];
  };

  it.each([
    ['with --no-trial', READY, false, 'skipped: --no-trial'],
    ['where another driver has the device', '0000:17:01.0', true, 'not checked: device.driver failed'],
    ['where somebody has it open', '0000:17:02.0', true, 'not checked: device.in-use failed'],
    ['where the group is not viable', '0000:5e:00.0', true, 'not checked: device.group-viable failed'],
  ])('%s', (_what, address, trial, seen) => {
    expect(bound(address, trial)).toEqual([false, seen]);
  });
});
