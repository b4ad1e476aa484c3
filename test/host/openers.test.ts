import { expect, it } from 'vitest';
import { findOpeners } from '../../src/host/openers.ts';
import { Reading } from '../../src/host/reading.ts';
import { standIn } from '../helpers/stand-in.ts';
import { SmallHost } from './small-host.ts';

const find = (host: SmallHost) => findOpeners(new Reading(host.files));

it('finds who has VFIO character devices and groups open, and nobody else', () => {
  const host = new SmallHost()
    .process(7, 'qemu', { 0: '/dev/null', 14: '/dev/vfio/devices/vfio0', 15: '/dev/iommu' })
    .process(8, 'dpdk', { 3: '/dev/vfio/12', 4: '/dev/vfio/vfio', 5: '/dev/vfio/noiommu-0' })
    .process(9, 'box', { 3: '/containers/1/dev/vfio/devices/vfio0' })
    .process(10, 'cat', { 3: '/dev/vfio/devices/vfio0 (deleted)', 4: 'anon_inode:[vfio-device]' });
  const { byPath, hidden, hiddenProcesses } = find(host);
  expect([hidden, hiddenProcesses]).toEqual([null, 0]);
  expect(Object.fromEntries(byPath)).toEqual({
    '/dev/vfio/devices/vfio0': [
      { pid: 7, comm: 'qemu', fd: 14, path: '/dev/vfio/devices/vfio0' },
      { pid: 9, comm: 'box', fd: 3, path: '/dev/vfio/devices/vfio0' },
    ],
    '/dev/vfio/12': [{ pid: 8, comm: 'dpdk', fd: 3, path: '/dev/vfio/12' }],
    '/dev/vfio/noiommu-0': [{ pid: 8, comm: 'dpdk', fd: 5, path: '/dev/vfio/noiommu-0' }],
  });
});

it('leaves ourselves out', () => {
  const host = new SmallHost().process(7, 'iopftop', { 3: '/dev/vfio/devices/vfio0' });
  host.files.addLink('/proc/self', '7');
  expect(find(host).byPath.size).toBe(0);
});

it('counts processes of others, whose descriptors cannot be seen', () => {
  const host = new SmallHost(1000).process(7, 'mine', { 3: '/dev/vfio/devices/vfio0' }).hidden(1).hidden(2);
  const { byPath, hidden, hiddenProcesses } = find(host);
  expect([hidden, hiddenProcesses]).toEqual([
    'whether a process has it open: ? (PID 1), ? (PID 2) do not show what is open there',
    2,
  ]);
  expect(byPath.get('/dev/vfio/devices/vfio0')).toHaveLength(1);
});

it('a process may end meanwhile', () => {
  const host = new SmallHost();
  host.files.makeDirectories('/proc/77');
  const { byPath, hidden } = find(host);
  expect([byPath.size, hidden]).toEqual([0, null]);
});

it('looks at the descriptors of every thread that has a table of its own, whatever its number', () => {
  // as strings: 1000, 999
  const host = new SmallHost().process(999, 'worker', { 0: '/dev/null' });
  host.files.makeDirectories('/proc/999/task/999');
  host.files.addLink('/proc/999/task/1000/fd/5', '/dev/vfio/devices/vfio0');
  expect(find(host).byPath.get('/dev/vfio/devices/vfio0')).toEqual([
    { pid: 999, comm: 'worker', fd: 5, path: '/dev/vfio/devices/vfio0' },
  ]);
});

it('a table of its own may have the same numbers as that of its process', () => {
  const host = new SmallHost().process(999, 'worker', { 5: '/dev/null' });
  host.files.addLink('/proc/self', String(process.pid));
  host.files.makeDirectories('/proc/999/task/999');
  host.files.addLink('/proc/999/task/1000/fd/5', '/dev/vfio/devices/vfio0');
  const seen = (shares: boolean | null) => {
    const files = standIn(host.files, { sharesDescriptors: () => shares });
    return findOpeners(new Reading(files)).byPath.size;
  };
  expect([seen(false), seen(true)]).toEqual([1, 0]);
});

it('a private mapping of a device counts as a shared one does, one of a library does not', () => {
  const host = new SmallHost().process(7, 'poker', {});
  const bar = '/sys/devices/pci0000:17/0000:17:00.0/resource0';
  host.files.add(bar, '');
  const line = (from: string, to: string, perms: string, path: string) =>
    `${from}-${to} ${perms} 00000000 00:06 4    ${path}\n`;
  host.files.add(
    '/proc/7/maps',
    line('7f0000000000', '7f0000001000', 'r--p', bar) +
      line('7f0000002000', '7f0000003000', 'r-xp', '/usr/lib/libc.so.6') +
      line('7f0000004000', '7f0000005000', 'rw-p', '[heap]'),
  );
  expect(find(host).mappedFiles(() => true)).toEqual([`poker (PID 7) has ${bar} mapped`]);
});

it.each(['nfs4', 'cifs', 'fuse.sshfs', 'fuse', 'virtiofs', 'ceph', 'lustre'])(
  'files on %s are not asked what they are: that may wait for ever',
  (type) => {
    // The first process is in a chroot, from which the mount is not seen.
    const host = new SmallHost()
      .process(6, 'jailed', {})
      .process(7, 'editor', { 3: '/mnt/far/file', 4: '/file', 5: '/dev/vfio/devices/vfio0' });
    const { files } = host;
    const mountinfo = (more: string) => `22 1 8:1 / / rw - ext4 /dev/sda1 rw\n${more}`;
    const far = `77 22 0:53 / /mnt/far\\040away rw,nosuid shared:5 - ${type} host:/far rw,fd=3\n`;
    for (const [pid, root, mounts] of [
      [6, '/jail', mountinfo('')],
      [7, '/', mountinfo(far)],
    ] as const) {
      files.addLink(`/proc/${pid}/ns/mnt`, 'mnt:[4026531841]');
      files.addLink(`/proc/${pid}/root`, root);
      files.add(`/proc/${pid}/mountinfo`, mounts);
    }
    // 4 is of the same mount, under a name that says nothing of it; 5 is not.
    for (const [fd, mount] of [
      [3, 77],
      [4, 77],
      [5, 22],
    ]) {
      files.add(`/proc/7/fdinfo/${fd}`, `pos:\t0\nflags:\t0100000\nmnt_id:\t${mount}\nino:\t12\n`);
    }
    const line = (start: string, device: string, path: string) =>
      `${start}000-${start}fff rw-s 00000000 ${device} 4    ${path}\n`;
    files.add('/proc/7/maps', line('7f1', '00:35', '/mnt/far/mapped') + line('7f2', '00:06', '/dev/near'));
    const asked: string[] = [];
    const watching = standIn(files, {
      target: (path: string) => {
        asked.push(path);
        return files.target(path);
      },
    });
    const { byPath, hidden } = findOpeners(new Reading(watching));
    expect(byPath.get('/dev/vfio/devices/vfio0')).toHaveLength(1);
    expect([asked, hidden]).toEqual([['/proc/7/fd/5', '/proc/7/map_files/7f2000-7f2fff', '/dev/near'], null]);
  },
);

it('the name of a process is as it came: what shows it makes it visible', () => {
  const host = new SmallHost().process(7, '\u001b[2Jevil\u009b', { 3: '/dev/vfio/devices/vfio0' });
  expect(find(host).byPath.get('/dev/vfio/devices/vfio0')?.[0]?.comm).toBe('\u001b[2Jevil\u009b');
});
