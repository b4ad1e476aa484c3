// What a descriptor is, in words, for whoever gave the wrong one.
import { describe, expect, it } from 'vitest';
import type { Files } from '../../../src/kernel/files.ts';
import { KernelRefusal } from '../../../src/kernel/kernel.ts';
import { checkDescriptor, deviceName } from '../../../src/sources/handed/descriptor.ts';
import { Errno } from '../../../src/uapi/errno.ts';
import type { Fd } from '../../../src/uapi/ids.ts';

function filesWith(link: string | number, device: string | number = Errno.ENOENT): Files {
  const give = (what: string | number, operation: string): string => {
    if (typeof what === 'number') throw new KernelRefusal(operation, what);
    return what;
  };
  return { readLink: () => give(link, 'readlink'), realPath: () => give(device, 'realpath') } as unknown as Files;
}

const message = (fd: number, link: string | number): string => {
  try {
    checkDescriptor(filesWith(link), fd as Fd, 'fault queue', `--fault-fd ${fd}`);
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
};

describe('a fault queue, or what it is instead', () => {
  it.each([
    [5, 'anon_inode:[iommufd-pgfault]', 'taken'],
    [5, '/dev/iommu', '--fault-fd 5 is not a fault queue: descriptor 5 is an iommufd'],
    [5, '/dev/vfio/devices/vfio3', '--fault-fd 5 is not a fault queue: descriptor 5 is a VFIO device'],
    [5, 'anon_inode:[iommufd-viommu-event]', 'descriptor 5 is an event queue of a virtual IOMMU'],
    [5, 'anon_inode:[vfio-device]', 'descriptor 5 is a VFIO device opened through its group'],
    [5, 'anon_inode:[eventpoll]', 'descriptor 5 is an anonymous file (eventpoll)'],
    [5, 'anon_inode:inotify', 'descriptor 5 is an anonymous file (inotify)'],
    [0, 'pipe:[1234]', '--fault-fd 0 is not a fault queue: descriptor 0 is stdin, a pipe'],
    [1, 'socket:[99]', 'descriptor 1 is stdout, a socket'],
    [2, '/dev/pts/4', 'descriptor 2 is stderr, the terminal /dev/pts/4'],
    [7, '/home/me/\x1b]0;x\x07', 'descriptor 7 is the file /home/me/\x1b]0;x\x07'],
    [7, '/dev/iommu (deleted)', 'descriptor 7 is the file /dev/iommu (deleted)'],
    [7, Errno.ENOENT, '--fault-fd 7: descriptor 7 is not open'],
  ])('%i, %s', (fd, link, words) => expect(message(fd, link)).toContain(words));
});

it('a VMM may have its devices in a /dev of its own', () => {
  const check = (kind: 'iommufd' | 'VFIO device', link: string) =>
    checkDescriptor(filesWith(link), 5 as Fd, kind, 'it');
  expect(check('iommufd', '/run/vmm/dev/iommu')).toBe('/run/vmm/dev/iommu');
  expect(check('VFIO device', '/run/vmm/dev/vfio/devices/vfio0')).toContain('vfio0');
  expect(() => check('VFIO device', '/dev/vfio/12')).toThrow(
    'it is not a VFIO device: descriptor 5 is the file /dev/vfio/12',
  );
  expect(() => check('iommufd', '/tmp/iommufd')).toThrow('it is not an iommufd');
});

it('without /proc it cannot be told', () => {
  expect(() => checkDescriptor(filesWith(Errno.EACCES), 5 as Fd, 'iommufd', 'it')).toThrow(KernelRefusal);
});

it('a device is called by its name on its bus, else by its character device', () => {
  const files = filesWith('', '/sys/devices/pci0000:16/0000:17:00.0');
  expect(deviceName(files, '/dev/vfio/devices/vfio0')).toBe('0000:17:00.0');
  expect(deviceName(filesWith(''), '/dev/vfio/devices/vfio0')).toBe('vfio0');
});
