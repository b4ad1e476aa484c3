// `iopftop doctor` on the real kernel: devices that can fault, one that cannot, one in use, and an ordinary user.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DoctorReport, examine } from '../../src/doctor/report.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { iopftop } from '../helpers/bin.ts';

const MTTY = '/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1';
const UUID = '83b8f4f2-509f-382f-3c1e-e6bfe0fa1003';
const NOBODY = 65_534;
const inLab = process.env.IOPFTOP_KERNEL === 'linux';

let kernel: Kernel;
beforeAll(async () => {
  if (!inLab) return;
  kernel = new (await import('../../src/kernel/linux/linux.ts')).LinuxKernel();
  await iopftop(['--version']);
});
beforeEach((ctx) => {
  if (!inLab) ctx.skip('this is for the lab: npm run test:kernel');
});

const resultOf = ({ checks }: DoctorReport, id: string) => checks.find((check) => check.id === id)!;
const statesOf = ({ checks }: DoctorReport, group: string) =>
  checks.filter((check) => check.group === group).map(({ state }) => state);

/** Descriptors of this process that have to do with VFIO or an iommufd. */
const openHere = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return /vfio|iommu/.test(path) ? [path] : [];
    } catch {
      // The descriptor of the directory itself.
      return [];
    }
  });

it('the host passes, without the kernel of PCI devices', () => {
  const report = examine(kernel, null, true);
  expect(report).toMatchObject({ result: 'pass', firstFailed: null, mock: false });
  expect(resultOf(report, 'kernel.vfio-pci')).toMatchObject({ state: 'skipped', because: null });
  expect(report.devices?.map(({ address }) => address)).toEqual(expect.arrayContaining(['iommufd_mock0']));
});

describe('a device that can fault', () => {
  it.each(['vfio0', 'vfio1', 'iommufd_mock1', '/dev/vfio/devices/vfio0'])(
    '%s: the trial passes, and is undone',
    (name) => {
      const report = examine(kernel, name, true);
      expect([report.result, report.firstFailed]).toEqual(['pass', null]);
      // The selftest driver says nothing of ATS (trial.ats).
      expect(statesOf(report, 'trial')).toEqual(['pass', 'skipped', ...Array(7).fill('pass')]);
      expect(openHere()).toEqual([]);
    },
  );

  it('stays as it is with --no-trial', () => {
    expect(statesOf(examine(kernel, 'vfio0', false), 'trial')).toEqual(Array(9).fill('skipped'));
  });

  it('in use is not tried', async () => {
    const holder = spawn('/bin/bash', ['-c', 'exec 9<>/dev/vfio/devices/vfio0; echo open; read'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const report = examine(kernel, 'vfio0', true);
    expect(report.firstFailed).toBe('device.in-use');
    expect(resultOf(report, 'device.in-use').seen).toContain(`PID ${holder.pid}`);
    expect(resultOf(report, 'trial.bind')).toMatchObject({ state: 'skipped', because: 'device.in-use' });
    holder.stdin.end('\n');
    await once(holder, 'exit');
    expect(examine(kernel, 'vfio0', true).result).toBe('pass');
  });
});

it('an mdev cannot fault: the kernel refuses the HWPT, and all before it is undone', (ctx) => {
  if (!existsSync(MTTY)) ctx.skip('this kernel has no mtty');
  writeFileSync(`${MTTY}/create`, UUID);
  try {
    const report = examine(kernel, UUID, true);
    expect(report.firstFailed).toBe('device.iommu');
    expect(resultOf(report, 'trial.bind').state).toBe('pass');
    expect(resultOf(report, 'trial.paging-hwpt')).toMatchObject({
      state: 'fail',
      seen: expect.stringMatching(/IOMMU_HWPT_ALLOC .*ENOENT.* no IOMMU/),
    });
    expect(resultOf(report, 'trial.undone').state).toBe('pass');
    expect(openHere()).toEqual([]);
  } finally {
    writeFileSync(`/sys/bus/mdev/devices/${UUID}/remove`, '1');
  }
});

/** With the rights of an ordinary user: the checkout may be where nobody else can start a program. */
function asNobody<T>(look: () => T): T {
  const groups = process.getgroups!();
  process.setgroups!([]);
  process.setegid!(NOBODY);
  process.seteuid!(NOBODY);
  try {
    return look();
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
    process.setgroups!(groups);
  }
}

it('an ordinary user is told what is not for them, and how to be let in', () => {
  const report = asNobody(() => examine(kernel, 'vfio0', true));
  expect([report.result, report.firstFailed]).toEqual(['fail', 'files.iommu-open']);
  expect(resultOf(report, 'files.iommu-open').remedies[0]!.command).toContain('setfacl');
  expect(resultOf(report, 'device.cdev-open').state).toBe('fail');
  expect(resultOf(report, 'device.in-use').state).toBe('unknown');
  expect(resultOf(report, 'privileges.sys-admin')).toMatchObject({ state: 'fail', required: false });
  expect(resultOf(report, 'trial.bind').state).toBe('skipped');
  expect(examine(kernel, 'vfio0', true).result).toBe('pass');
});

it('the program says the same, and its exit code with it', async () => {
  const good = await iopftop(['doctor', 'vfio1']);
  expect(good.code).toBe(0);
  expect(good.stdout).toMatch(/^Every link is there\.$/m);
  const bad = await iopftop(['doctor', 'vfio7']);
  expect(bad.code).toBe(1);
  expect(bad.stderr).toContain('there is no device ');
});
