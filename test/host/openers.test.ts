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

it('the name of a process is as it came: what shows it makes it visible', () => {
  const host = new SmallHost().process(7, '\u001b[2Jevil\u009b', { 3: '/dev/vfio/devices/vfio0' });
  expect(find(host).byPath.get('/dev/vfio/devices/vfio0')?.[0]?.comm).toBe('\u001b[2Jevil\u009b');
});
