// --bind of devices that somebody uses, in every way that one can be used: none is taken from its driver.

import { describe, expect, it } from 'vitest';
import { findDevice } from '../../../src/host/find.ts';
import { verdictOf } from '../../../src/host/verdict.ts';
import { DEFAULT_MACHINE } from '../../../src/kernel/sim/machine/default.ts';
import type { MachineSpec, PciSpec, ProcessSpec } from '../../../src/kernel/sim/machine/spec.ts';
import type { UsesSpec } from '../../../src/kernel/sim/machine/uses-spec.ts';
import type { HostOptions } from '../../../src/sources/options.ts';
import { Refusal } from '../../../src/text/refusal.ts';
import { ofType, rig } from '../../engine/fixture.ts';
import { bindingOf, machine, openOn } from './host-fixture.ts';

const NVME = '0000:19:00.0';
const IDXD = '0000:17:01.0';
const NIC = '0000:1a:00.0';

/** The machine that comes with the program, where `address` is used so and nothing else is. */
function used(address: string, uses: UsesSpec, changes: Partial<MachineSpec> = {}) {
  const devices = DEFAULT_MACHINE.devices.map((spec) => {
    if (spec.bus !== 'pci') return spec;
    const { uses: _, ...rest } = spec;
    return spec.address === address ? ({ ...rest, uses } satisfies PciSpec) : rest;
  });
  const made = machine({ devices, processes: [], ...changes });
  const options: Partial<HostOptions> = { bind: true, devices: [address], withoutFaults: true };
  const driver = () => bindingOf(made.files, address)[0];
  const before = driver();
  return {
    ...made,
    driver,
    open: (more: Partial<HostOptions> = {}) => openOn(made.kernel, { ...options, ...more }),
    /** Why it is not taken, and it is not. */
    refused(more: Partial<HostOptions> = {}): { message: string; hint: string | null } {
      try {
        openOn(made.kernel, { ...options, ...more }).close();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        expect(bindingOf(made.files, address)).toEqual([before, '(null)']);
        expect(made.files.list('/run')).not.toContain('iopftop');
        return error;
      }
      throw new Error(`${address} was taken`);
    },
  };
}

const process = (fds: ProcessSpec['fds'], more: Partial<ProcessSpec> = {}): ProcessSpec => ({
  pid: 99,
  ppid: 1,
  uid: 0,
  comm: 'miner',
  cmdline: ['miner'],
  fds,
  ...more,
});

const DISK = { name: 'nvme7n1', numbers: '259:70' } as const;
const PART = { name: 'nvme7n1p1', numbers: '259:71' } as const;
const CLAIMED = (name: string): string =>
  `the kernel has ${name} claimed (mounted in another namespace, or part of a RAID, pool or file system of several disks)`;
const QUEUE = { name: 'wq0.0', type: 'user', clients: 0 } as const;
const CARD = { path: 'drm/card0', node: 'dri/card0', numbers: '226:0' } as const;

describe('a device that is seen to be in use is not taken', () => {
  it.each<[string, string, UsesSpec, string, Partial<MachineSpec>?]>([
    ['a disk that is mounted', NVME, { disks: [{ ...DISK, claim: { mount: '/srv' } }] }, 'nvme7n1 is mounted at /srv'],
    [
      'a partition that is mounted',
      NVME,
      { disks: [{ ...DISK, partitions: [{ ...PART, claim: { mount: '/srv' } }] }] },
      'nvme7n1p1 is mounted at /srv',
    ],
    ['a disk under a volume', NVME, { disks: [{ ...DISK, claim: { holder: 'dm-0' } }] }, 'dm-0 stands on nvme7n1'],
    [
      'a swap area',
      NVME,
      { disks: [{ ...DISK, partitions: [{ ...PART, claim: 'swap' }] }] },
      'nvme7n1p1 is a swap area',
    ],
    [
      'a disk that is claimed, which nothing else shows',
      NVME,
      { disks: [{ ...DISK, claim: 'elsewhere' }] },
      CLAIMED(DISK.name),
    ],
    [
      'a partition that is claimed, which nothing else shows',
      NVME,
      {
        disks: [
          {
            ...DISK,
            partitions: [
              { ...PART, claim: 'elsewhere' },
              { name: 'nvme7n1p2', numbers: '259:72' },
            ],
          },
        ],
      },
      CLAIMED(PART.name),
    ],
    [
      'the same without a node in /dev',
      NVME,
      { disks: [{ ...DISK, node: false, partitions: [{ ...PART, node: false, claim: 'elsewhere' }] }] },
      CLAIMED(PART.name),
    ],
    [
      'a partition that a loop device stands on, which claims nothing',
      NVME,
      { disks: [{ ...DISK, partitions: [{ ...PART, unclaimed: 'loop' }] }] },
      'loop3 stands on nvme7n1p1',
    ],
    [
      'the same without a node of that name here',
      NVME,
      { disks: [{ ...DISK, node: false, unclaimed: 'loop' }] },
      'loop3 stands on nvme7n1',
    ],
    [
      'a disk that is exported over NVMe',
      NVME,
      { disks: [{ ...DISK, unclaimed: 'nvmet' }] },
      'nvme7n1 is exported over NVMe (/sys/kernel/config/nvmet/subsystems/nqn.test/namespaces/1)',
    ],
    [
      'a disk that the SCSI target has as a file',
      NVME,
      { disks: [{ ...DISK, unclaimed: 'scsi target' }] },
      'nvme7n1 is exported by the SCSI target (/sys/kernel/config/target/core/fileio_0/disk)',
    ],
    [
      'a disk with several paths, which sysfs has elsewhere',
      NVME,
      { disks: [{ ...DISK, multipath: 3, claim: { mount: '/srv' } }] },
      'nvme7n1 is mounted at /srv',
    ],
    [
      'the same, claimed by a partition',
      NVME,
      { disks: [{ ...DISK, multipath: 3, partitions: [{ ...PART, claim: 'elsewhere' }] }] },
      CLAIMED(PART.name),
    ],
    [
      'a disk that a process has open without having it claimed',
      NVME,
      { disks: [DISK] },
      'miner (PID 99) has /dev/nvme7n1 open',
      { processes: [process({ 7: '/dev/nvme7n1' })] },
    ],
    ['an interface that is up', NIC, { interfaces: [{ name: 'eth7', state: 'up' }] }, 'network interface eth7 is up'],
    [
      'a work queue with clients',
      IDXD,
      { queues: [{ ...QUEUE, clients: 2, pids: [99] }] },
      'work queue wq0.0 has 2 clients (and miner (PID 99) has opened work queue wq0.0)',
      { processes: [process({})] },
    ],
    [
      "a work queue of the kernel's",
      IDXD,
      { queues: [{ ...QUEUE, type: 'kernel' }] },
      "work queue wq0.0 is the kernel's (dmaengine)",
    ],
    [
      'a work queue that a process has open',
      IDXD,
      { queues: [QUEUE] },
      'miner (PID 99) has /dev/dsa/wq0.0 open',
      { processes: [process({ 5: '/dev/dsa/wq0.0' })] },
    ],
    [
      'the same, whose node has another name in a container',
      IDXD,
      { queues: [QUEUE] },
      'miner (PID 99) has /dev/accel open',
      { processes: [process({ 5: { path: '/dev/accel', rdev: '510:0' } })] },
    ],
    [
      'a node that is mapped and no longer open',
      IDXD,
      { nodes: [CARD] },
      'miner (PID 99) has /dev/dri/card0 mapped',
      { processes: [process({}, { mapped: ['/dev/dri/card0'] })] },
    ],
    [
      'a BAR that a process has mapped by its file in sysfs',
      IDXD,
      {},
      `miner (PID 99) has /sys/devices/pci0000:17/${IDXD}/resource0 mapped`,
      { processes: [process({}, { mapped: [`/sys/devices/pci0000:17/${IDXD}/resource0`] })] },
    ],
    [
      'a GPU whose node is open',
      '0000:a2:00.0',
      { nodes: [CARD] },
      'miner (PID 99) has /dev/dri/card0 open',
      { processes: [process({ 9: '/dev/dri/card0' })] },
    ],
    ['the display', '0000:a2:00.0', { display: true }, 'it is the display the machine booted with'],
    [
      'QAT that is up',
      IDXD,
      { qat: 'up' },
      `QAT is up, and the kernel's crypto may use it (\`echo down > /sys/devices/pci0000:17/${IDXD}/qat/state\` ends that)`,
    ],
    ['a PF with a VF', '0000:76:00.0', {}, 'it has 1 VF'],
    [
      'a PF with a VF that a VM has',
      '0000:76:00.0',
      {},
      'it has 1 VF (and VF 0000:76:01.0: miner (PID 99) has /dev/vfio/32 open)',
      { processes: [process({ 9: '/dev/vfio/32' })] },
    ],
  ])('%s', (_, address, uses, words, changes) => {
    const host = used(address, uses, changes);
    expect(host.refused()).toMatchObject({
      message: `${address} is in use: ${words}; nothing was changed`,
      hint: 'end that use first',
    });
    // Naming it with --force does not help, and `devices` says the same.
    expect(host.refused({ force: [address] }).message).toContain(' is in use: ');
    // No verdict has a command that would take it, nor names --bind.
    for (const { text, command } of verdictOf(findDevice(host.files, address)).findings) {
      expect([command ?? '', text].join()).not.toMatch(/unbind|--bind|--force/);
    }
    expect(host.refused({ bind: false }).hint).not.toMatch(/^--bind does/);
    expect(findDevice(host.files, address).uses.join(', ')).toBe(
      words.replace(' (and ', ', ').replace(/(?<=VF 0.*|wq0\.0)\)$/, ''),
    );
  });
});

describe('what cannot be seen counts as in use', () => {
  const AWAY =
    "it has no network interface in this network namespace, but may have one in another, such as a container's";
  it.each<[string, string, UsesSpec, string, Partial<MachineSpec>?]>([
    ['an interface that is in another namespace', NIC, { interfaces: [{ name: 'eth7', state: 'away' }] }, AWAY],
    ['a network device without an interface', NIC, {}, AWAY],
    [
      'processes outside a container',
      IDXD,
      { queues: [QUEUE] },
      'whether a process has it open: processes outside this PID namespace are not shown',
      { ownPidNamespace: true },
    ],
  ])('%s', (_, address, uses, words, changes) => {
    const host = used(address, uses, changes);
    const { message, hint } = host.refused();
    expect(message).toBe(`${address} may be in use, which cannot be seen from here: ${words}; nothing was changed`);
    expect(hint).toBe(`check where it can be seen; \`--force ${address}\` takes the device anyway`);
    const device = findDevice(host.files, address);
    expect(device).toMatchObject({ uses: [], unseenUses: [words] });
    expect(verdictOf(device).findings.map(({ id }) => id)).toContain('host-use-unseen');
    const r = rig({ on: host.open({ force: [address.replace('0000:', '')] }) });
    expect(host.driver()).toBe('vfio-pci');
    r.session.step(0);
    expect(ofType(r.events, 'notice')[0]?.text).toMatch(/ for vfio-pci \(--force; not seen: .+\)$/);
    r.session.close();
    expect(host.driver()).not.toBe('vfio-pci');
  });

  it('a disk whose node cannot be opened', () => {
    const host = used(NVME, { disks: [{ ...DISK, node: false }] });
    host.files.blockDevices.delete(DISK.numbers);
    expect(host.refused().message).toContain('whether nvme7n1 (259:70) is claimed: ENXIO');
  });

  it('a path to a disk that is not there', () => {
    const host = used(NVME, { disks: [{ ...DISK, multipath: 3 }] });
    host.files.delete('/sys/class/block/nvme7n1');
    expect(host.refused().message).toContain('the disk behind the NVMe path nvme7c3n1 is not there');
  });

  it('--force of a device that --device does not name is refused', () => {
    const host = used(NIC, {});
    expect(host.refused({ force: [IDXD] }).message).toBe(`--force ${IDXD}: no --device names it`);
  });
});

it('while nobody uses it, it is taken, and given back with what its driver makes of it', () => {
  const host = used(NVME, { disks: [{ ...DISK, node: false, partitions: [PART] }] });
  const source = host.open();
  expect(host.driver()).toBe('vfio-pci');
  expect(host.files.list('/sys/class/block')).toEqual([]);
  expect(host.files.list('/dev').filter((name) => name.startsWith('.'))).toEqual([]);
  expect(source.close()).toEqual([]);
  expect(host.driver()).toBe('nvme');
  expect(host.files.list('/sys/class/block')).toEqual(['nvme7n1', 'nvme7n1p1']);
});

it('what begins while it is being taken is seen: the last look is just before the unbind', () => {
  const host = used(NVME, { disks: [DISK] });
  const override = `/sys/bus/pci/devices/${NVME}/driver_override`;
  const real = host.files.realPath(override);
  let value = '(null)\n';
  host.files.add(real, {
    read: () => value,
    write: (text) => {
      value = text === '\n' ? '(null)\n' : text;
      host.files.blockDevices.set(DISK.numbers, { claimed: () => true });
      return text.length;
    },
  });
  expect(() => host.open()).toThrow(`${NVME} is in use: ${CLAIMED('nvme7n1')}`);
  expect(bindingOf(host.files, NVME)).toEqual(['nvme', '(null)']);
  expect(host.files.list('/run/iopftop')).toEqual([]);
});

it('of several, none is taken where one is in use', () => {
  const host = used(NVME, { disks: [{ ...DISK, claim: 'elsewhere' }] });
  let written = 0;
  const path = host.files.realPath('/sys/bus/pci/drivers/idxd/unbind');
  host.files.add(path, { write: () => ++written });
  expect(host.refused({ devices: [IDXD, NVME] }).message).toContain('nvme7n1');
  expect(written).toBe(0);
});

it.each([
  [
    'there is no iommufd',
    { absent: true },
    /^there is no \/dev\/iommu: the kernel has no iommufd; nothing was changed$/,
  ],
  ['the iommufd is not for us', { noPermission: true }, /^open \/dev\/iommu: EACCES, .*; nothing was changed$/],
  ['the kernel has no fault objects', { noFaultQueue: true }, /ENOTTY.*; nothing was changed$/],
] as const)('%s: that is found out before anything is disturbed', (_, options, message) => {
  const { files, kernel } = machine({}, options);
  expect(() => openOn(kernel, { bind: true, devices: [IDXD] })).toThrow(message);
  expect(bindingOf(files, IDXD)).toEqual(['idxd', '(null)']);
  expect(files.list('/run')).not.toContain('iopftop');
});

it('a limit that is too low is found out before anything is disturbed', () => {
  const { files, kernel } = machine({ memlock: 0x1000, uid: 0 });
  const status = `/proc/${files.readLink('/proc/self')}/status`;
  files.add(status, 'CapEff:\t0000000000000000\n');
  const ranges = [{ iova: 0x1000_0000n, length: 0x10_0000n }];
  expect(() => openOn(kernel, { bind: true, devices: [IDXD], ranges })).toThrow(
    /^--iova needs 1048576 bytes of locked memory, but RLIMIT_MEMLOCK is 4096; nothing was changed$/,
  );
  expect(bindingOf(files, IDXD)).toEqual(['idxd', '(null)']);
});

it('is said of a device that is refused for something else, too: nobody ends a use for nothing', () => {
  const host = used(NVME, { disks: [{ ...DISK, claim: { mount: '/' } }] }, { nodes: { iommu: true, cdev: false } });
  const { message } = host.refused();
  expect(message).toContain('no vfio-dev in /proc/devices');
  expect(message).toContain('; it is also in use: nvme7n1 is mounted at /');
});
