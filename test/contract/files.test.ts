// Files as the kernel gives them: sysfs, /dev and a directory of our own. On the real kernel this runs as root.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Files } from '../../src/kernel/files.ts';
import { KernelRefusal } from '../../src/kernel/kernel.ts';
import { SimFiles } from '../../src/kernel/sim/machine/files.ts';
import { errnoName } from '../../src/uapi/errno.ts';
import { kernelUnderTest } from './kernel-under-test.ts';

const { files } = await kernelUnderTest();
const VFIO_0 = '/sys/class/vfio-dev/vfio0';
const text = (path: string) => new TextDecoder().decode(files.read(path));

/** The name of the errno that a call is refused with, after what it was; or what it gave. */
function refusal(call: (files: Files) => unknown): unknown {
  try {
    return call(files);
  } catch (error) {
    if (!(error instanceof KernelRefusal)) throw error;
    return `${error.operation} ${errnoName(error.errno)}`;
  }
}

describe('a VFIO device in sysfs', () => {
  test('is found by its class, leads to its device, and says its numbers', () => {
    expect(files.list('/sys/class/vfio-dev')).toEqual(['vfio0', 'vfio1']);
    expect(files.readLink(VFIO_0)).toBe('../../devices/iommufd_mock0/vfio-dev/vfio0');
    expect(files.realPath(`${VFIO_0}/device`)).toBe('/sys/devices/iommufd_mock0');
    expect(text(`${VFIO_0}/dev`)).toMatch(/^\d+:0\n$/);
    expect(text(`${VFIO_0}/uevent`)).toMatch(/^MAJOR=\d+\nMINOR=0\nDEVNAME=vfio\/devices\/vfio0\n$/);
  });

  test('is in a group, behind an IOMMU', () => {
    const device = '/sys/devices/iommufd_mock0';
    expect(files.readLink(`${device}/iommu_group`)).toBe('../../kernel/iommu_groups/0');
    expect(files.list('/sys/kernel/iommu_groups/0')).toEqual(['devices', 'reserved_regions', 'type']);
    expect(files.readLink('/sys/kernel/iommu_groups/0/devices/iommufd_mock0')).toBe(
      '../../../../devices/iommufd_mock0',
    );
    expect(files.list('/sys/class/iommu')).toEqual(['iommufd_selftest_iommu.0']);
    expect(files.realPath(`${device}/iommu`)).toBe(files.realPath('/sys/class/iommu/iommufd_selftest_iommu.0'));
    expect(files.list(`${device}/iommu/devices`)).toEqual(['iommufd_mock0', 'iommufd_mock1']);
    expect(text('/sys/kernel/iommu_groups/0/reserved_regions')).toBe('');
  });

  test('has character devices', () => {
    const kinds = ['/dev/iommu', '/dev/vfio/vfio', '/dev/vfio/0', '/dev/vfio/devices/vfio1'].map((path) => {
      const { kind, mode } = files.status(path);
      return [kind, mode.toString(8)];
    });
    expect(kinds).toEqual([
      ['character', '660'],
      ['character', '666'],
      ['character', '600'],
      ['character', '600'],
    ]);
  });
});

describe('status', () => {
  test('of an attribute, a directory, a link', () => {
    expect(files.status(`${VFIO_0}/dev`)).toMatchObject({ kind: 'file', mode: 0o444, uid: 0, gid: 0, size: 4096 });
    expect(files.status(VFIO_0).kind).toBe('link');
    expect(files.status(`${VFIO_0}/`).kind).toBe('directory');
    expect(files.status('/sys/kernel/iommu_groups/0/type').mode).toBe(0o644);
  });
});

describe('device nodes', () => {
  test('say their numbers as sysfs does, and links are followed to them only where that is asked for', () => {
    const node = files.status('/dev/vfio/devices/vfio0');
    expect(`${node.rdev}\n`).toBe(text(`${VFIO_0}/dev`));
    expect(files.target('/dev/vfio/devices/vfio0')).toEqual(node);
    expect([files.status(VFIO_0).kind, files.target(VFIO_0).kind]).toEqual(['link', 'directory']);
    expect([files.status(VFIO_0).rdev, files.target(`${VFIO_0}/dev`).rdev]).toEqual([null, null]);
    expect(refusal((f) => f.target('/sys/nothing'))).toBe('stat ENOENT');
  });

  test('of block devices are made, and open to nobody else where the kernel has claimed one', async () => {
    const { rdev } = files.status('/dev/loop0');
    expect(rdev).toBe('7:0');
    const node = '/dev/.iopftop-contract';
    files.makeBlockNode(node, '7:0');
    onTestFinished(() => void refusal((f) => f.remove(node)));
    expect(files.status(node)).toMatchObject({ kind: 'block', mode: 0o600, uid: 0, rdev: '7:0' });
    expect(refusal((f) => f.makeBlockNode(node, '7:0'))).toBe('mknod EEXIST');
    expect(refusal((f) => f.openExclusive(node))).toBeUndefined();
    const release = await claim();
    expect(refusal((f) => f.openExclusive(node))).toBe('open EBUSY');
    await release();
    expect(refusal((f) => f.openExclusive(node))).toBeUndefined();
    files.remove(node);
    files.makeBlockNode(node, '259:1048575');
    expect(files.status(node).rdev).toBe('259:1048575');
    expect(refusal((f) => f.openExclusive(node))).toBe('open ENXIO');
  });

  test('of characters open for all', () => {
    expect(refusal((f) => f.openExclusive('/dev/vfio/devices/vfio0'))).toBeUndefined();
    expect(refusal((f) => f.openExclusive('/dev/no-such-node'))).toBe('open ENOENT');
  });
});

/** /dev/loop0 is mounted where nobody here sees it: in another mount namespace. Returns what ends that. */
async function claim(): Promise<() => Promise<void>> {
  if (files instanceof SimFiles) {
    files.blockDevices.set('7:0', { claimed: () => true });
    return async () => void files.blockDevices.set('7:0', { claimed: () => false });
  }
  const directory = mkdtempSync('/tmp/iopftop-contract-');
  const disk = `${directory}/disk`;
  execFileSync('truncate', ['-s', '8M', disk]);
  execFileSync('mkfs.ext4', ['-q', disk]);
  execFileSync('losetup', ['/dev/loop0', disk]);
  const script = 'mount /dev/loop0 "$0" && echo mounted && read _';
  const other = spawn('unshare', ['-m', 'sh', '-c', script, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(other, 'exit');
  await once(other.stdout, 'data');
  expect(text('/proc/self/mountinfo')).not.toContain(directory);
  return async () => {
    other.stdin.end('\n');
    await ended;
    execFileSync('losetup', ['-d', '/dev/loop0']);
    rmSync(directory, { recursive: true });
  };
}

describe('refusals', () => {
  test.each<[string, (files: Files) => unknown, string]>([
    ['reading what is not there', (f) => f.read('/sys/class/nothing'), 'read ENOENT'],
    ['reading a directory', (f) => f.read('/sys/class'), 'read EISDIR'],
    ['going through a file', (f) => f.read(`${VFIO_0}/dev/x`), 'read ENOTDIR'],
    ['listing a file', (f) => f.list(`${VFIO_0}/dev`), 'list ENOTDIR'],
    ['listing what is not there', (f) => f.list('/sys/nothing'), 'list ENOENT'],
    ['the target of what is no link', (f) => f.readLink('/sys/class'), 'readlink EINVAL'],
    ['the status of what is not there', (f) => f.status('/sys/nothing'), 'stat ENOENT'],
    ['the path of what is not there', (f) => f.realPath('/sys/nothing'), 'realpath ENOENT'],
    ['writing what may only be read, even for root', (f) => f.write(`${VFIO_0}/dev`, '1'), 'write EACCES'],
    ['writing a directory', (f) => f.write('/sys/class', '1'), 'write EISDIR'],
    ['writing what is not there', (f) => f.write('/sys/class/nothing', '1'), 'write ENOENT'],
    ['a new file in sysfs', (f) => f.replace('/sys/class/new', '1'), 'write EACCES'],
    ['a new directory in sysfs', (f) => f.makeDirectory('/sys/class/new', 0o700), 'mkdir EPERM'],
    ['a directory that is there', (f) => f.makeDirectory('/sys/class', 0o700), 'mkdir EEXIST'],
    ['a directory where there is none', (f) => f.makeDirectory('/tmp/no/such', 0o700), 'mkdir ENOENT'],
    ['removing an attribute', (f) => f.remove(`${VFIO_0}/dev`), 'unlink EPERM'],
    ['removing what is not there', (f) => f.remove('/tmp/no-such-file'), 'unlink ENOENT'],
    ['removing a directory', (f) => f.remove('/tmp'), 'unlink EISDIR'],
    ['a new file where there is no directory', (f) => f.replace('/tmp/no/such', '1'), 'write ENOENT'],
  ])('%s', (_, call, expected) => {
    expect(refusal(call)).toBe(expected);
  });
});

describe('a file of our own', () => {
  const directory = '/tmp/iopftop-contract';
  const file = `${directory}/state`;

  test('is put there whole, read, written over at its start, cut, and removed', () => {
    refusal((f) => f.makeDirectory(directory, 0o700));
    expect(files.status(directory)).toMatchObject({ kind: 'directory', mode: 0o700 });
    files.replace(file, 'first');
    expect(files.status(file)).toMatchObject({ kind: 'file', mode: 0o600, size: 5 });
    files.replace(file, 'again, longer');
    files.write(file, 'Again');
    expect([text(file), files.read(file, 5).byteLength]).toEqual(['Again, longer', 5]);
    expect(files.list(directory)).toEqual(['state']);
    files.remove(file);
    expect([files.list(directory), refusal((f) => f.read(file))]).toEqual([[], 'read ENOENT']);
  });
});
