// `iopftop devices` on the real kernel: its selftest devices with VFIO, and an mdev.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { findDevice, listDevices } from '../../src/host/find.ts';
import { verdictOf } from '../../src/host/verdict.ts';
import { LinuxFiles } from '../../src/kernel/linux/files.ts';
import { iopftop } from '../helpers/bin.ts';

const files = new LinuxFiles();
const MTTY = '/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1';
const UUID = '83b8f4f2-509f-382f-3c1e-e6bfe0fa1002';

beforeAll(() => iopftop(['--version']));
beforeEach((ctx) => {
  if (process.env.IOPFTOP_KERNEL !== 'linux') ctx.skip('this is for the lab: npm run test:kernel');
});

it('finds the devices of VFIO by each of their names', () => {
  for (const name of ['iommufd_mock1', 'vfio1', '/dev/vfio/devices/vfio1']) {
    expect(findDevice(files, name)).toMatchObject({
      address: 'iommufd_mock1',
      bus: 'iommufd_mock',
      group: { members: [], viable: true },
      iommu: { kind: 'selftest' },
      vfio: { name: 'vfio1', path: '/dev/vfio/devices/vfio1' },
      unread: [],
    });
  }
  expect(verdictOf(findDevice(files, 'vfio0')).outcome).toBe('ready');
});

it('an mdev cannot fault', (ctx) => {
  if (!existsSync(MTTY)) ctx.skip('this kernel has no mtty');
  writeFileSync(`${MTTY}/create`, UUID);
  try {
    const mdev = listDevices(files).find(({ address }) => address === UUID)!;
    expect(mdev).toMatchObject({ bus: 'mdev', driver: 'mtty', iommu: null, vfio: { name: expect.any(String) } });
    expect(verdictOf(mdev)).toMatchObject({ outcome: 'cannot', findings: [{ id: 'emulated' }] });
    expect(findDevice(files, UUID.toUpperCase())).toEqual(mdev);
  } finally {
    writeFileSync(`/sys/bus/mdev/devices/${UUID}/remove`, '1');
  }
});

it('says who has a device open, and no more once it is closed', async () => {
  const holder = spawn('/bin/bash', ['-c', 'exec 9<>/dev/vfio/devices/vfio0; echo open; read'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const held = findDevice(files, 'vfio0');
  expect(held.openers).toEqual([{ pid: holder.pid, comm: 'bash', fd: 9, path: '/dev/vfio/devices/vfio0' }]);
  expect(verdictOf(held)).toMatchObject({ outcome: 'needs', findings: [{ id: 'in-use' }] });
  holder.stdin.end('\n');
  await once(holder, 'exit');
  expect(verdictOf(findDevice(files, 'vfio0')).outcome).toBe('ready');
});

it('the program says the same', async () => {
  const { stdout, stderr, code } = await iopftop(['devices']);
  expect([stderr, code]).toEqual(['', 0]);
  expect(stdout).toMatch(/^iommufd_mock0 .* selftest .* vfio0 +ready$/m);
});
