// The checks of the host, each on a machine that is otherwise in one thing.
import { describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/report.ts';
import { DEFAULT_MACHINE } from '../../src/kernel/sim/machine/default.ts';
import { commandsOf, hostCheck, kernelOf, resultOf } from './host-of.ts';

const { config, iommus, devices } = DEFAULT_MACHINE;
const NO_NODES = { iommu: false, cdev: false };
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(config).filter(([name]) => !names.includes(name)));
const only = (...kinds: string[]) => iommus.filter(({ kind }) => kinds.includes(kind));
const named = (...names: string[]) => iommus.filter(({ name }) => names.includes(name));
const NO_DEVICES = { devices: [] };
const seenOf = (changes: Parameters<typeof kernelOf>[0], id: string) => {
  const { state, seen } = hostCheck(kernelOf(changes), id);
  return [state, seen];
};

it('the machine that comes with the program passes', () => {
  const report = examine(kernelOf(), null, true);
  expect(report).toMatchObject({ result: 'pass', firstFailed: null, mock: true, kernel: '7.2.13', device: null });
  expect(report.checks.filter(({ state }) => state !== 'pass').map(({ id }) => id)).toEqual(['kernel.iommufd-test']);
});

describe('the kernel', () => {
  it('without CONFIG_IOMMUFD: one build mends all that is missing, and what stands on it is skipped', () => {
    const kernel = kernelOf({ config: without('CONFIG_IOMMUFD', 'CONFIG_VFIO_PCI'), modules: [], nodes: NO_NODES });
    const report = examine(kernel, null, true);
    expect([report.result, report.firstFailed]).toEqual(['fail', 'kernel.iommufd']);
    const failed = resultOf(report, 'kernel.iommufd');
    expect(commandsOf(failed)[0]).toMatch(
      /^scripts\/config --module IOMMUFD --module VFIO_PCI && make olddefconfig .*reboot$/,
    );
    for (const id of ['modules.iommufd', 'files.iommu', 'files.iommu-open', 'files.fault-queue']) {
      expect(resultOf(report, id)).toMatchObject({ state: 'skipped', because: 'kernel.iommufd' });
    }
  });

  it('whose configuration cannot be read: what is there shows some of it, the rest is unknown', () => {
    const report = examine(kernelOf({ configAt: 'nowhere' }), null, true);
    const state = (id: string) => resultOf(report, id).state;
    expect(['kernel.iommufd', 'kernel.vfio', 'kernel.vfio-device-cdev', 'kernel.vfio-pci'].map(state)).toEqual(
      Array(4).fill('pass'),
    );
    expect(['kernel.intel-iommu', 'kernel.iommu-iopf'].map(state)).toEqual(['unknown', 'unknown']);
    expect(report.result).toBe('unknown');
  });

  it('makes no character devices of VFIO devices: what it shows counts, not its configuration or the class', () => {
    const nodes = { iommu: true, cdev: false };
    const { state, seen } = hostCheck(kernelOf({ nodes }), 'kernel.vfio-device-cdev');
    expect([state, seen]).toEqual(['fail', 'VFIO is loaded, and /proc/devices has no vfio-dev']);
    const unknown = kernelOf({ nodes, configAt: 'nowhere' });
    expect(hostCheck(unknown, 'kernel.vfio-device-cdev').state).toBe('fail');
    const unloaded = kernelOf({ nodes: NO_NODES, modules: [], drivers: [], configAt: 'nowhere' });
    expect(hostCheck(unloaded, 'kernel.vfio-device-cdev').state).toBe('unknown');
    expect(seenOf({}, 'kernel.vfio-device-cdev')).toEqual(['pass', '/proc/devices has vfio-dev']);
  });

  it('asks nothing of drivers whose IOMMU is not here', () => {
    const report = examine(kernelOf({ iommus: only('amd'), ...NO_DEVICES }), null, true);
    for (const id of ['kernel.intel-iommu', 'kernel.arm-smmu-v3', 'iommu.scalable-mode']) {
      expect(resultOf(report, id)).toMatchObject({ state: 'skipped', because: null });
    }
  });

  it('without ARM_SMMU_V3_SVA SMMUv3 refuses fault objects', () => {
    const changes = { iommus: only('smmuv3'), config: without('CONFIG_ARM_SMMU_V3_SVA') };
    expect(hostCheck(kernelOf({ ...changes, ...NO_DEVICES }), 'kernel.arm-smmu-v3-sva').state).toBe('fail');
  });

  it('INTEL_IOMMU_SVM is not required', () => {
    const report = examine(kernelOf({ config: without('CONFIG_INTEL_IOMMU_SVM') }), null, true);
    expect(resultOf(report, 'kernel.intel-iommu-svm')).toMatchObject({ state: 'fail', required: false });
    expect(report.result).toBe('pass');
  });

  it('a module that is not loaded is loaded by modprobe', () => {
    const modules = DEFAULT_MACHINE.modules.filter((name) => !name.startsWith('vfio_pci'));
    const found = hostCheck(kernelOf({ modules }), 'modules.vfio-pci');
    expect([found.state, commandsOf(found)]).toEqual(['fail', ['sudo modprobe vfio-pci']]);
  });

  it.each([
    ['0000:17:00.0', 'a VFIO driver has the device already'],
    ['2b600000.dma-controller', 'the device is not a PCI device'],
  ])('%s needs no vfio-pci: %s', (device, seen) => {
    const report = examine(kernelOf({ config: without('CONFIG_VFIO_PCI') }), device, false);
    for (const id of ['kernel.vfio-pci', 'modules.vfio-pci']) {
      expect(resultOf(report, id)).toMatchObject({ state: 'skipped', because: null, seen });
    }
  });
});

describe('the IOMMU', () => {
  it('that the firmware does not tell of', () => {
    expect(seenOf({ iommus: [], ...NO_DEVICES }, 'iommu.firmware')).toEqual(['fail', expect.stringMatching(/DMAR/)]);
  });

  it.each([
    ['intel_iommu=off', 'says intel_iommu=off'],
    ['iommu=off quiet', 'says iommu=off'],
    ['quiet', 'there are no IOMMU groups'],
  ])('that is off: %s', (cmdline, said) => {
    const found = hostCheck(kernelOf({ iommus: only('intel'), cmdline, ...NO_DEVICES }), 'iommu.on');
    expect([found.state, found.seen]).toEqual(['fail', expect.stringContaining(said)]);
    expect(found.remedies[0]!.kind).toBe('mend');
  });

  it.each([
    ['intel_iommu=sm_off', 'fail'],
    ['intel_iommu=sm_off intel_iommu=on,sm_on', 'pass'],
    ['intel-iommu="on,sm_on"', 'pass'],
    ['intel_iommu=on,sm_on -- intel_iommu=sm_off', 'pass'],
    ['quiet', 'fail'],
  ])('scalable mode: %s', (cmdline, state) => {
    expect(seenOf({ cmdline }, 'iommu.scalable-mode')[0]).toBe(state);
  });

  it('scalable mode by default', () => {
    const on = { ...config, CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON: 'y' } as const;
    expect(seenOf({ cmdline: '', config: on }, 'iommu.scalable-mode')[0]).toBe('pass');
    expect(seenOf({ cmdline: '', configAt: 'nowhere' }, 'iommu.scalable-mode')[0]).toBe('unknown');
  });

  it('an IOMMU that has no scalable mode, and takes no page requests', () => {
    const changes = { iommus: named('dmar2'), devices: devices.filter(({ iommu }) => iommu === 'dmar2') };
    expect(seenOf(changes, 'iommu.scalable-mode')).toEqual(['fail', expect.stringContaining('dmar2')]);
    expect(seenOf(changes, 'iommu.page-requests')).toEqual(['fail', expect.stringContaining('PRS and PDS')]);
  });
});

it('without sysfs it is not known whether the IOMMU is on', () => {
  const kernel = kernelOf();
  kernel.machine.files.delete('/sys');
  expect(hostCheck(kernel, 'iommu.on')).toMatchObject({ state: 'unknown', seen: 'sysfs is not mounted at /sys' });
});

it('AMD: its driver hands page requests to nobody here, whatever the IOMMU can do', () => {
  const changes = { iommus: only('amd'), devices: devices.filter(({ iommu }) => iommu === 'ivhd0') };
  expect(seenOf(changes, 'iommu.page-requests')).toEqual(['fail', expect.stringMatching(/^ivhd0: .*SVA only/)]);
});

describe('files', () => {
  it('/dev/iommu that is not there', () => {
    const found = hostCheck(kernelOf({ nodes: { iommu: false, cdev: true } }, { absent: true }), 'files.iommu');
    expect([found.state, commandsOf(found)[0]]).toEqual(['fail', 'sudo modprobe iommufd']);
  });

  it('/dev/iommu that is not for this user', () => {
    const found = hostCheck(kernelOf({ uid: 1000 }), 'files.iommu-open');
    expect([found.state, found.seen, commandsOf(found)[0]]).toEqual([
      'fail',
      'EACCES: no permission',
      'sudo setfacl -m "u:$(id -un):rw" /dev/iommu',
    ]);
  });

  it('a kernel without fault queues', () => {
    const found = hostCheck(kernelOf({}, { noFaultQueue: true }), 'files.fault-queue');
    expect([found.state, found.seen]).toEqual(['fail', expect.stringMatching(/ENOTTY/)]);
  });

  it('no VFIO device yet is no failure where the kernel makes them', () => {
    const none = { devices: devices.filter(({ driver }) => driver !== 'vfio-pci') };
    expect(seenOf(none, 'files.vfio-devices')[0]).toBe('pass');
  });
});

describe('privileges', () => {
  it.each([
    [null, 'pass', 'no limit'],
    [0, 'fail', '0: no page'],
    [8 << 20, 'pass', '8 MiB'],
    [64 << 10, 'unknown', '64 KiB'],
  ])('RLIMIT_MEMLOCK %j', (memlock, state, seen) => {
    expect(seenOf({ memlock, uid: 1000 }, 'privileges.memlock')).toEqual([state, expect.stringContaining(seen)]);
    expect(seenOf({ memlock }, 'privileges.memlock')).toEqual(['pass', expect.stringContaining('CAP_IPC_LOCK')]);
  });

  it.each([
    [0, null, 'pass'],
    [0, 1, 'pass'],
    [0, 3, 'fail'],
    [1000, null, 'pass'],
    [1000, 0, 'pass'],
    [1000, 1, 'fail'],
    [1000, 2, 'fail'],
    [1000, 3, 'fail'],
  ])('uid %i, ptrace_scope %j: %s', (uid, ptraceScope, state) => {
    expect(hostCheck(kernelOf({ uid, ptraceScope }), 'privileges.yama')).toMatchObject({ state, required: false });
  });

  it('capabilities that are lacking are not required', () => {
    for (const id of ['privileges.sys-admin', 'privileges.sys-ptrace']) {
      expect(hostCheck(kernelOf({ uid: 1000 }), id)).toMatchObject({ state: 'fail', required: false });
    }
  });
});

describe('interrupts', () => {
  const OFF = 'intel_iommu=on,sm_on intremap=off';
  const unable = { iommus: named('dmar2'), devices: devices.filter(({ iommu }) => iommu === 'dmar2') };

  it.each([
    ['are isolated', {}, 'pass'],
    ['are not, by the command line', { cmdline: OFF }, 'fail'],
    ['are not, by a word that no later one takes back', { cmdline: 'nointremap intremap=nosid' }, 'fail'],
    ['are not, and need not be', { cmdline: OFF, unsafeInterrupts: true }, 'pass'],
    ['are not, as the IOMMU cannot', unable, 'fail'],
  ])('%s', (_what, changes, state) => {
    expect(hostCheck(kernelOf(changes), 'interrupts.isolated').state).toBe(state);
  });
});

describe('devices', () => {
  const driven = (driver: string) => ({ devices: devices.filter((device) => device.driver === driver) });

  it('none that is ready, one that could be', () => {
    const found = hostCheck(kernelOf(driven('idxd')), 'devices.ready');
    expect([found.state, commandsOf(found)]).toEqual(['fail', ['iopftop doctor 0000:17:01.0']]);
  });

  it('none that ever could', () => {
    expect(seenOf(driven('i40e'), 'devices.ready')).toEqual(['fail', 'none of 1']);
  });

  it('for an ordinary user it is not known', () => {
    const one = { devices: devices.filter(({ address }) => address === '0000:17:00.0') };
    expect(seenOf({ ...one, uid: 1000 }, 'devices.ready')[0]).toBe('unknown');
  });

  it('each has a line', () => {
    const lines = examine(kernelOf(driven('idxd')), null, true).devices;
    expect(lines).toContainEqual({
      address: '0000:17:01.0',
      name: 'Data Streaming Accelerator (DSA)',
      driver: 'idxd',
      outcome: 'needs',
      why: expect.stringContaining('vfio-pci'),
    });
  });
});
