// Every device of the simulated machine: the first link that fails is the one that keeps it from its faults.
import { describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/report.ts';
import { listDevices } from '../../src/host/find.ts';
import { verdictOf } from '../../src/host/verdict.ts';
import { DEFAULT_MACHINE } from '../../src/kernel/sim/machine/default.ts';
import { commandsOf, kernelOf, resultOf } from './host-of.ts';

/** null: none. The second is what the trial ends with: a step, or null where it is not made. */
const EXPECTED: Record<string, readonly [first: string | null, trial: string | null]> = {
  '0000:17:00.0': [null, 'trial.undone'],
  '0000:17:01.0': ['device.driver', null],
  '0000:17:02.0': ['device.in-use', null],
  '0000:17:03.0': [null, 'trial.undone'],
  '0000:17:04.0': ['device.pri', 'trial.attach'],
  '0000:17:05.0': ['device.driver', null],
  '0000:18:02.0': ['device.function', null],
  '0000:18:03.0': ['device.function', null],
  '0000:19:00.0': ['device.pri', null],
  '0000:1a:00.0': ['device.ats', null],
  '0000:3a:00.0': ['device.function', null],
  '0000:3b:00.0': ['device.pri', null],
  '0000:3b:01.0': ['device.function', 'trial.attach'],
  '0000:3b:01.1': ['device.function', null],
  '0000:5d:00.0': ['device.function', null],
  '0000:5e:00.0': ['device.group-pri', null],
  '0000:5e:00.1': ['device.ats', null],
  '0000:6a:01.0': ['device.driver-takes', null],
  '0000:6e:00.0': ['device.group-viable', null],
  '0000:6e:00.1': ['device.driver', null],
  '0000:76:00.0': ['device.host-use', null],
  '0000:76:01.0': ['device.function', 'trial.attach'],
  '0000:81:00.0': ['device.iommu-ability', 'trial.attach'],
  '0000:a1:00.0': ['device.iommu', 'trial.undone'],
  '0000:a2:00.0': ['device.iommu', null],
  '0000:c1:00.0': ['device.iommu-ability', null],
  '0004:75:00.0': [null, 'trial.undone'],
  '0004:76:00.0': ['device.iommu', 'trial.undone'],
  '2b600000.dma-controller': ['device.driver', null],
};

const RESULTS = { ready: 'pass', needs: 'fail', cannot: 'fail', unknown: 'unknown' } as const;

describe('the simulated machine', () => {
  const devices = listDevices(kernelOf().files);

  it('has no other devices', () => {
    expect(devices.map(({ address }) => address).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(devices.map((device) => [device.address, device] as const))('%s', (address, device) => {
    const report = examine(kernelOf(), address, true);
    const [first, trial] = EXPECTED[address]!;
    expect(report.firstFailed).toBe(first);
    expect(report.result).toBe(RESULTS[verdictOf(device).outcome]);
    const tried = report.checks.filter(({ group, state }) => group === 'trial' && state !== 'skipped');
    const refused = tried.find(({ state }) => state === 'fail');
    expect(refused?.id ?? tried.at(-1)?.id ?? null).toBe(trial);
    // Whatever the kernel refused, what came before it was undone.
    expect(tried.length === 0 || resultOf(report, 'trial.undone').state === 'pass').toBe(true);
  });
});

it('a device that does not exist: a guess, and all that stands on it is skipped', () => {
  const report = examine(kernelOf(), '0000:17:00.1', true);
  expect([report.result, report.firstFailed]).toEqual(['fail', 'device.exists']);
  expect(resultOf(report, 'device.exists').seen).toMatch(/did you mean 0000:17:0/);
  expect(resultOf(report, 'device.driver')).toMatchObject({ state: 'skipped', because: 'device.exists' });
});

it.each(['', '..', '../../etc/passwd', 'vfio99', 'a\u001b[31mb', 'x'.repeat(5000)])(
  'a name that is none: %j',
  (name) => {
    expect(examine(kernelOf(), name, true).firstFailed).toBe('device.exists');
  },
);

it('a group that is not viable: the member in the way, and nothing that takes it from whoever uses it', () => {
  const found = resultOf(examine(kernelOf(), '6e:00.0', true), 'device.group-viable');
  expect(found.seen).toContain('0000:6e:00.1');
  expect(found.seen).toContain('`iopftop devices 0000:6e:00.1` says who uses it');
  expect(commandsOf(found)).toEqual([]);
});

it('members without PRI are in the way, even where no driver has them: the kernel refuses the attach for them', () => {
  const kernel = kernelOf();
  kernel.machine.files.write('/sys/bus/pci/drivers/xhci_hcd/unbind', '0000:5e:00.1');
  const report = examine(kernel, '5e:00.0', true);
  const found = resultOf(report, 'device.group-pri');
  expect([found.state, found.seen]).toEqual(['fail', expect.stringContaining('0000:5d:00.0, 0000:5e:00.1')]);
  expect(resultOf(report, 'trial.attach').seen).toContain('ENODEV');
  expect(resultOf(examine(kernel, '6e:00.0', true), 'device.group-pri').state).toBe('pass');
});

it('another driver: the commands, and the one that does it for a while', () => {
  const found = resultOf(examine(kernelOf(), '17:01.0', true), 'device.driver');
  expect(commandsOf(found)[0]).toMatch(/^sudo sh -c 'modprobe vfio-pci && .*drivers_probe'$/);
  expect(commandsOf(found)[1]).toBe('iopftop --device 0000:17:01.0 --bind');
});

it('what the host uses it for comes before its driver', () => {
  const report = examine(kernelOf(), '76:00.0', true);
  expect(resultOf(report, 'device.host-use')).toMatchObject({ state: 'fail', seen: 'the host uses it: it has 1 VF' });
  expect(resultOf(report, 'device.driver-takes')).toMatchObject({
    state: 'fail',
    seen: expect.stringContaining('EBUSY'),
  });
  expect(resultOf(report, 'device.driver').state).toBe('skipped');
});

it('in use: who, and how to look at it', () => {
  const found = resultOf(examine(kernelOf(), '17:02.0', true), 'device.in-use');
  expect([found.seen, commandsOf(found)]).toEqual([expect.stringContaining('qemu-system-x86'), ['iopftop --pid 4242']]);
});

it('what happened to PRI before is told, and is not required', () => {
  const report = examine(kernelOf(), '17:03.0', true);
  const found = resultOf(report, 'device.pri-state');
  expect(found).toMatchObject({ state: 'fail', required: false });
  expect(commandsOf(found)[0]).toContain('/sys/bus/pci/devices/0000:17:03.0/reset');
});

it('without root what it can do is not known, and the trial is not made', () => {
  const report = examine(kernelOf({ uid: 1000 }), '17:00.0', true);
  const state = (id: string) => resultOf(report, id).state;
  expect(['device.ats', 'device.pri', 'device.pasid', 'trial.bind'].map(state)).toEqual([
    'unknown',
    'unknown',
    'unknown',
    'skipped',
  ]);
  expect(commandsOf(resultOf(report, 'device.ats'))).toEqual(['sudo iopftop doctor 17:00.0']);
});

it('what the trial shows need not be read: a user who may open the device, and no more', () => {
  const kernel = kernelOf({ uid: 1000 });
  const { machine } = kernel;
  for (const path of ['/dev/iommu', '/dev/vfio/devices/vfio0']) machine.files.add(path, { mode: 0o666 }, 'character');
  const report = examine(kernel, '17:00.0', true);
  expect(resultOf(report, 'device.pri').state).toBe('unknown');
  expect(resultOf(report, 'trial.attach').state).toBe('pass');
  expect(report.result).toBe('pass');
  expect(examine(kernel, '17:00.0', false).result).toBe('unknown');
});

it('a device that vfio-pci refuses: why, and nothing that must fail is advised', () => {
  const report = examine(kernelOf(), '6a:01.0', false);
  const check = resultOf(report, 'device.driver-takes');
  expect(check.state).toBe('fail');
  expect(check.seen).toContain('8086:0b25');
  expect(check.seen).toContain(
    '(qemu-system-x86 (PID 4242) has /dev/vfio/devices/vfio1 open, 1 reference to the module)',
  );
  expect(commandsOf(check)).toEqual([]);
  const alone = resultOf(examine(kernelOf({ processes: [] }), '6a:01.0', false), 'device.driver-takes');
  expect(commandsOf(alone)).toEqual(["sudo sh -c 'modprobe -r vfio-pci && modprobe vfio-pci disable_denylist=1'"]);
  expect(resultOf(report, 'device.driver')).toMatchObject({ state: 'skipped', because: 'device.driver-takes' });
  expect(resultOf(report, 'device.host-use').remedies).toEqual([]);
});

it('a device that vfio-pci takes with its denylist off', () => {
  const report = examine(kernelOf({ disableDenylist: true }), '6a:01.0', false);
  expect(resultOf(report, 'device.driver-takes').state).toBe('pass');
  expect(report.firstFailed).toBe('device.driver');
});

/** Every command that a report advises. */
const advised = (address: string, changes = {}): string[] =>
  examine(kernelOf(changes), address, true).checks.flatMap((check) => commandsOf(check).map(String));

it('nothing is advised that takes a device from whoever uses it, or that --bind refuses', () => {
  // a mounted disk; the display; a PF with VFs; one on the denylist; one of two in a group
  for (const address of ['19:00.0', 'a2:00.0', '76:00.0', '6a:01.0', '6e:00.0']) {
    const commands = advised(address).filter((command) => /unbind|--bind/.test(command));
    expect([address, commands]).toEqual([address, []]);
  }
});

it('a device that may be in use: --bind alone would be refused, so that only --force is named', () => {
  const bind = (changes = {}) => advised('17:01.0', changes).filter((command) => /unbind|--bind/.test(command));
  expect(bind()).toHaveLength(2);
  const queues = [{ name: 'wq0.0', type: 'user', clients: 0 }] as const;
  const devices = DEFAULT_MACHINE.devices.map((spec) =>
    spec.bus === 'pci' && spec.address === '0000:17:01.0' ? { ...spec, uses: { queues } } : spec,
  );
  expect(bind({ devices, processes: [], ownPidNamespace: true })).toEqual([
    'iopftop --device 0000:17:01.0 --bind --force 0000:17:01.0',
  ]);
});
