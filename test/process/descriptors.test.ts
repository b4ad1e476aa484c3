import { describe, expect, it } from 'vitest';
import { findDescriptors, describe as inWords } from '../../src/process/descriptors.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { PID, World } from './world.ts';

function world(links: Record<number, string>): World {
  const made = new World();
  for (const [fd, to] of Object.entries(links)) made.files.links.set(`/proc/${PID}/fd/${fd}`, to);
  return made;
}

describe('descriptors', () => {
  it('are told apart by where they lead, in the order of their numbers', () => {
    const { files } = world({
      0: '/dev/null',
      100: 'anon_inode:[iommufd-pgfault]',
      9: 'anon_inode:[iommufd-pgfault]',
      10: '/dev/iommu',
      11: '/dev/vfio/devices/vfio3',
      12: '/dev/vfio/devices/vfio4',
      13: '/tmp/dev/vfio/devices/vfio4',
      14: 'anon_inode:[iommufd-veventq]',
      15: '/dev/iommu (deleted)',
    });
    files.links.set('/sys/class/vfio-dev/vfio3/device', '/sys/devices/pci0000:16/0000:17:00.0');
    expect(findDescriptors(files, PID)).toEqual({
      faultQueues: [9, 100],
      iommufds: [10],
      devices: [
        { fd: 11, path: '/dev/vfio/devices/vfio3', address: '0000:17:00.0' },
        { fd: 12, path: '/dev/vfio/devices/vfio4', address: null },
      ],
      count: 9,
    });
  });

  it('that are closed while they are listed are left out', () => {
    const { files } = world({ 3: '/dev/iommu', 4: 'anon_inode:[iommufd-pgfault]' });
    files.denied.set(`/proc/${PID}/fd/4`, Errno.ENOENT);
    expect(findDescriptors(files, PID)).toMatchObject({ faultQueues: [], iommufds: [3], count: 1 });
  });

  it('that cannot be seen are refused with the errno', () => {
    const { files } = world({ 3: '/dev/iommu' });
    files.denied.set(`/proc/${PID}/fd`, Errno.EACCES);
    expect(() => findDescriptors(files, PID)).toThrow('its descriptors cannot be seen: EACCES');
    files.denied.clear();
    files.denied.set(`/proc/${PID}/fd/3`, Errno.EACCES);
    expect(() => findDescriptors(files, PID)).toThrow('EACCES');
  });

  it('are put in words', () => {
    const device = { fd: 8, path: '', address: null };
    expect(inWords({ count: 1, faultQueues: [], iommufds: [], devices: [] })).toBe(
      '1 descriptor, among them no iommufd and no VFIO device',
    );
    expect(inWords({ count: 9, faultQueues: [], iommufds: [3, 4], devices: [device] })).toBe(
      '9 descriptors, among them 2 iommufds (3, 4) and 1 VFIO device (8)',
    );
  });
});
