// Devices of a host on the simulated machine, which has what the lab has not.

import { describe, expect, it } from 'vitest';
import { walkExtended } from '../../../src/host/config-space.ts';
import { type Kernel, KernelRefusal } from '../../../src/kernel/kernel.ts';
import { VirtualClock } from '../../../src/kernel/sim/clock.ts';
import { Machine } from '../../../src/kernel/sim/machine/machine.ts';
import { SimKernel } from '../../../src/kernel/sim/sim.ts';
import type { HostOptions } from '../../../src/sources/options.ts';
import { openHost } from '../../../src/sources/vfio/open.ts';
import { Refusal } from '../../../src/text/refusal.ts';
import { Errno } from '../../../src/uapi/errno.ts';
import { ofType, rig } from '../../engine/fixture.ts';
import { machine, OPTIONS, openOn } from './host-fixture.ts';

const DSA = '0000:17:00.0';
const IDXD = '0000:17:01.0';
const PLAY = { scenario: 'stuck', seed: 1, rate: 1, virtualTime: true, pauseAtMs: null };

function refusal(run: () => unknown): { message: string; hint: string | null } {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return { message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error('it did not fail');
}

describe('--backend mock --device', () => {
  const open = (options: Partial<HostOptions>) => openHost({ ...OPTIONS, mock: PLAY, ...options });

  it.each(['paging', 'nested'] as const)('%s: the scenario plays behind the device', async (hwpt) => {
    const source = await open({ devices: [DSA], hwpt });
    expect(source.info).toMatchObject({ kind: 'mock', mock: true, label: DSA, scenario: 'stuck' });
    const r = rig({ on: source });
    for (let i = 0; i < 50; i++) r.session.step(i * 1e8);
    expect(r.session.snapshot().counters.faults).toBeGreaterThan(0);
    expect(r.session.snapshot().devices).toMatchObject([{ name: DSA, attachments: [{ hwptKind: hwpt }] }]);
    expect(r.session.hello.abilities).toEqual({
      answer: true,
      attach: true,
      map: true,
      trigger: false,
      owner: false,
      hold: true,
    });
    r.session.command({ cmd: 'trigger', devId: r.devId() }, 'key');
    expect(ofType(r.events, 'error')).toMatchObject([
      {
        kind: 'refused',
        message: `${DSA} cannot be made to fault: only mock devices of a kernel with CONFIG_IOMMUFD_TEST can`,
      },
    ]);
    expect(r.session.hello.handles?.devices).toMatchObject([{ address: DSA }]);
    r.session.close();
  });

  it('a PASID of a device without PASIDs is refused: the kernel would attach it and do nothing', async () => {
    await expect(open({ devices: ['0000:19:00.0'], bind: true, withoutFaults: true, pasids: [5] })).rejects.toThrow(
      '0000:19:00.0 has no PASIDs: it lacks the capability',
    );
  });

  it('devices that the scenario has none for are quiet', async () => {
    const source = await open({ devices: [DSA, IDXD], bind: true, mock: { ...PLAY, scenario: 'stuck' } });
    expect(source.info.label).toBe('2 devices');
    expect(source.close()).toEqual([]);
  });

  it('a scenario that does not exist', async () => {
    await expect(open({ devices: [DSA], mock: { ...PLAY, scenario: 'nothing' } })).rejects.toThrow(/nothing/);
  });
});

describe('devices that cannot fault', () => {
  it.each([
    ['a VF', '0000:76:01.0', 'EINVAL', /^a VF of 0000:76:00\.0/],
    ['whose PRI the kernel leaves off', '0000:17:04.0', 'ENODEV', /^PASIDs are on, but it takes no PASID/],
    ['an IOMMU without page requests', '0000:81:00.0', 'ENODEV', /^its IOMMU lacks page requests/],
  ])('%s: the kernel refuses it, and what its files say is the hint', (_, address, errno, reason) => {
    const { kernel } = machine();
    const refused = refusal(() => openOn(kernel, { devices: [address], bind: true }));
    expect(refused.message).toMatch(
      new RegExp(`^${address} cannot fault: VFIO_DEVICE_ATTACH_IOMMUFD_PT \\(${address}\\): ${errno}, `),
    );
    expect(refused.hint).toMatch(reason);
    expect(refused.hint).toMatch(/; --without-faults attaches it anyway, without a fault object$/);
  });

  it.each([
    ['AMD', '0000:a1:00.0', /the AMD IOMMU driver/],
    ['SMMUv3', '0004:76:00.0', /the SMMUv3 driver/],
  ])('%s: the kernel attaches it, and it is said that nothing may arrive', (_, address, reason) => {
    const { kernel } = machine();
    const r = rig({ on: openOn(kernel, { devices: [address], withoutFaults: true }) });
    r.session.step(0);
    const [told] = ofType(r.events, 'notice');
    expect(told).toMatchObject({ what: 'faultless', device: address });
    expect(told?.text).toMatch(reason);
    const [device] = r.session.snapshot().devices;
    expect(device).toMatchObject({ name: address, attachments: [{ hwptKind: 'paging' }] });
    expect(device?.note).toMatch(/^its faults may never arrive: /);
    expect(device?.note).toMatch(reason);
    r.session.close();
    expect(ofType(r.events, 'error')).toEqual([]);
  });

  it.each(['0000:76:01.0', '0000:81:00.0'])('%s is attached without a fault object', (address) => {
    const { kernel } = machine();
    const r = rig({ on: openOn(kernel, { devices: [address], withoutFaults: true }) });
    r.session.step(0);
    expect(ofType(r.events, 'notice')).toMatchObject([{ what: 'faultless', device: address }]);
    const [device] = r.session.snapshot().devices;
    expect(device).toMatchObject({ name: address, attachments: [{ faultId: null, handler: 'nobody' }] });
    expect(device?.note).toMatch(/^cannot fault: /);
    r.session.close();
    expect(ofType(r.events, 'error')).toEqual([]);
  });

  it('what the kernel refuses counts too, where nothing was known before (6.12)', () => {
    const { machine: made } = machine();
    const kernel = new SimKernel({ machine: made, noPagingFault: true });
    expect(refusal(() => openOn(kernel, { devices: [DSA] })).message).toMatch(
      /^0000:17:00\.0 cannot fault: IOMMU_HWPT_ALLOC .*EOPNOTSUPP/,
    );
    const source = openOn(kernel, { devices: [DSA], withoutFaults: true });
    expect(source.attachments).toMatchObject([{ hwpt: { kind: 'auto', faultId: null } }]);
    expect(source.close()).toEqual([]);
  });
});

describe('devices that cannot be opened', () => {
  it.each<[string, Partial<HostOptions>, RegExp, RegExp]>([
    ['a bridge', { devices: ['0000:3a:00.0'], bind: true }, /^0000:3a:00\.0 cannot be opened: .*bridge/, /others/],
    [
      'a group that is not viable',
      { devices: ['0000:6e:00.0'] },
      /0000:6e:00\.1, of the same IOMMU group/,
      /^name it too: --device 0000:6e:00\.1 --bind$/,
    ],
    [
      'a group whose other member is not named',
      { devices: ['0000:6e:00.0'], bind: true },
      /0000:6e:00\.1, of the same IOMMU group, must be unbound from its driver idxd/,
      /^name it too: --device 0000:6e:00\.1 --bind$/,
    ],
    [
      'another process has it',
      { devices: ['0000:17:02.0'] },
      /^0000:17:02\.0 is in use: qemu\S* \(PID 4242\)/,
      /--pid 4242/,
    ],
    [
      'no VFIO driver on another bus',
      { devices: ['2b600000.dma-controller'], bind: true },
      /--bind is for PCI devices/,
      /yourself/,
    ],
    ['a name that is near', { devices: ['17:06.0'] }, /^there is no device "17:06\.0"$/, /did you mean/],
  ])('%s', (_, options, message, hint) => {
    const { kernel } = machine();
    const refused = refusal(() => openOn(kernel, options));
    expect(refused.message).toMatch(message);
    expect(refused.hint).toMatch(hint);
  });

  it('no interrupt isolation', () => {
    const { machine: made, kernel } = machine();
    const iommus = made.spec.iommus.map((iommu) =>
      iommu.kind === 'intel' ? { ...iommu, ecap: iommu.ecap & ~8n } : iommu,
    );
    const bare = machine({ iommus });
    expect(() => openOn(bare.kernel, { devices: [DSA] })).toThrow(/VFIO_DEVICE_BIND_IOMMUFD \(0000:17:00\.0\): EPERM/);
    openOn(kernel, { devices: [DSA] }).close();
  });
});

describe('the note of a device', () => {
  const CONFIG = `/sys/bus/pci/devices/${DSA}/config`;
  const PRI = 0x13;

  it('is what its PRI says, read once a second', () => {
    const clock = new VirtualClock();
    const { kernel, files } = machine({}, { clock });
    const source = openOn(kernel, { devices: [DSA] });
    const { devId } = source.devices[0]!;
    const config = files.read(CONFIG, 4096);
    const pri = walkExtended(config).offsets.get(PRI)!;
    let reads = 0;
    const say = (control: number, status: number) => {
      config.set([control, 0, status & 0xff, status >> 8], pri + 4);
      reads = 0;
    };
    files.add(files.realPath(CONFIG), {
      read: () => {
        reads++;
        return config;
      },
    });
    const noteAfter = (ns: bigint): string | null => {
      clock.advance(ns);
      return source.note(devId);
    };
    say(1, 0x8000);
    expect([noteAfter(0n), noteAfter(999_999_999n), reads]).toEqual([null, null, 1]);
    say(1, 0x0001);
    expect(noteAfter(1n)).toBe('PRI: response failure: no more page requests until PRI is reset');
    say(1, 0x0102);
    expect(noteAfter(1_000_000_000n)).toBe('PRI: it got a response for an unknown group');
    say(0, 0x0000);
    expect(noteAfter(1_000_000_000n)).toBe('PRI: off; requests are outstanding');
    config.fill(0xff);
    expect(noteAfter(1_000_000_000n)).toBe('gone: its configuration space reads as ones');
    files.delete(files.realPath(CONFIG));
    expect(noteAfter(1_000_000_000n)).toBe(null);
    source.close();
  });
});

/** The simulated kernel, whose `nth` open, ioctl or memory (from 1) is refused. */
class FailingKernel extends SimKernel {
  #left: number;

  constructor(nth: number, made: Machine) {
    super({ machine: made });
    this.#left = nth;
  }

  get #fails(): boolean {
    return --this.#left === 0;
  }

  get reached(): boolean {
    return this.#left <= 0;
  }

  override open(path: string, flags: number): number {
    return this.#fails ? -Errno.EMFILE : super.open(path, flags);
  }

  override ioctl(fd: number, request: number, arg: Uint8Array): number {
    return this.#fails ? -Errno.ENOMEM : super.ioctl(fd, request, arg);
  }

  override memory(length: number): ReturnType<Kernel['memory']> {
    if (this.#fails) throw new KernelRefusal('mmap', Errno.ENOMEM);
    return super.memory(length);
  }
}

it('a start whose nth system call is refused leaves the devices free and with their drivers, whatever n is', () => {
  const options: Partial<HostOptions> = {
    devices: [DSA, IDXD],
    bind: true,
    hwpt: 'nested',
    pasids: [3],
    ranges: [{ iova: 0x1000_0000n, length: 0x1000n }],
  };
  const driver = (made: Machine) => made.files.readLink(`/sys/bus/pci/devices/${IDXD}/driver`).split('/').at(-1);
  let nth = 1;
  for (; ; nth++) {
    const made = new Machine();
    const kernel = new FailingKernel(nth, made);
    let failed = false;
    try {
      const source = openOn(kernel, options);
      if (!kernel.reached) {
        expect(source.close()).toEqual([]);
        break;
      }
      source.close();
    } catch {
      failed = true;
    }
    expect([nth, driver(made)]).toEqual([nth, 'idxd']);
    expect(made.files.list('/run').includes('iopftop') ? made.files.list('/run/iopftop') : []).toEqual([]);
    // What cannot be asked of a device is no reason to give up; nothing else may be passed over.
    if (!failed) expect([nth, kernel.reached]).toEqual([nth, true]);
    const after = openOn(new SimKernel({ machine: made }), options);
    expect(after.close()).toEqual([]);
  }
  expect(nth).toBeGreaterThan(15);
});
