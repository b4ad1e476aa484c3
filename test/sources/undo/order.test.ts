// --bind where something would fail only once the device has left its driver: it is found out before, and nothing is changed.

import { expect, it } from 'vitest';
import { findDevice } from '../../../src/host/find.ts';
import { verdictOf } from '../../../src/host/verdict.ts';
import { DEFAULT_MACHINE } from '../../../src/kernel/sim/machine/default.ts';
import { EcapBit, type MachineSpec } from '../../../src/kernel/sim/machine/spec.ts';
import type { SimOptions } from '../../../src/kernel/sim/sim.ts';
import type { HostOptions } from '../../../src/sources/options.ts';
import { Refusal } from '../../../src/text/refusal.ts';
import { standIn } from '../../helpers/stand-in.ts';
import { bindingOf, machine, openOn } from '../vfio/host-fixture.ts';

const IDXD = '0000:17:01.0';

interface Setting {
  readonly changes?: Partial<MachineSpec>;
  readonly sim?: SimOptions;
  readonly prepare?: (made: ReturnType<typeof machine>) => void;
  readonly options?: Partial<HostOptions>;
}

/** What refuses it; not a byte was written to disturb anything. */
function refusalOf({ changes = {}, sim = {}, prepare = () => {}, options = {} }: Setting): Refusal {
  const made = machine({ processes: [], ...changes }, sim);
  prepare(made);
  const { kernel, files } = made;
  const written: string[] = [];
  const watched = standIn(kernel, {
    writeBeside: (path: string, text: string) => {
      written.push(path);
      return kernel.writeBeside(path, text);
    },
  });
  const { devices = [IDXD] } = options;
  const before = devices.map((address) => bindingOf(files, address));
  try {
    openOn(watched, { bind: true, ...options, devices }).close();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect(written).toEqual([]);
    expect(devices.map((address) => bindingOf(files, address))).toEqual(before);
    expect(files.list('/run')).not.toContain('iopftop');
    expect(`${error.message} ${error.hint}`).toContain('nothing was changed');
    return error;
  }
  throw new Error('it was not refused');
}

/** dmar0 with other bits of its extended capabilities. */
const iommus = (change: (bits: Record<string, bigint>) => Record<string, bigint>): MachineSpec['iommus'] => {
  const gone = Object.entries(EcapBit).filter(([name]) => !(name in change(EcapBit)));
  const mask = gone.reduce((sum, [, bit]) => sum | bit, 0n);
  return DEFAULT_MACHINE.iommus.map((unit) =>
    unit.kind === 'intel' && unit.name === 'dmar0' ? { ...unit, ecap: unit.ecap & ~mask } : unit,
  );
};

const firmware = (address: string): MachineSpec['devices'] =>
  DEFAULT_MACHINE.devices.map((spec) =>
    spec.bus === 'pci' && spec.address === address
      ? { ...spec, firmwareMemory: [0x7a00_0000n, 0x7a3f_ffffn] as const }
      : spec,
  );

const CASES: [string, string, Setting][] = [
  [
    'the kernel creates no character devices for VFIO devices',
    'no vfio-dev in /proc/devices',
    { changes: { nodes: { iommu: true, cdev: false } } },
  ],
  [
    'whether it does cannot be told',
    '/proc/devices cannot be read',
    { prepare: ({ files }) => files.delete('/proc/devices') },
  ],
  [
    'it can make no page requests',
    '0000:1a:00.0 cannot fault: it has no ATS and no PRI',
    { options: { devices: ['0000:1a:00.0'] } },
  ],
  [
    'the kernel does not use its ATS',
    '0000:17:01.0 cannot fault: the kernel does not use its ATS',
    { changes: { cmdline: `${DEFAULT_MACHINE.cmdline} pci=noats` } },
  ],
  ['its PASIDs are not that wide', 'cannot have PASID 1048576: ', { options: { pasids: [3, 1 << 20] } }],
  [
    'the AMD IOMMU attaches no PASIDs',
    'the AMD IOMMU attaches PASIDs only for SVA',
    { options: { devices: ['0000:a2:00.0'], pasids: [1], withoutFaults: true } },
  ],
  [
    'a nested HWPT of the AMD IOMMU',
    'only on a virtual IOMMU',
    { options: { devices: ['0000:a2:00.0'], hwpt: 'nested', withoutFaults: true } },
  ],
  [
    'an IOMMU that cannot nest',
    'dmar0 cannot nest',
    { changes: { iommus: iommus(({ NEST, ...bits }) => bits) }, options: { hwpt: 'nested' } },
  ],
  [
    'interrupts that are not isolated',
    'its interrupts are not isolated (dmar0 does not remap interrupts)',
    { changes: { iommus: iommus(({ INTERRUPT_REMAPPING, ...bits }) => bits) } },
  ],
  [
    'interrupt remapping that the command line switches off',
    "the kernel's command line says intremap=off",
    { changes: { cmdline: `${DEFAULT_MACHINE.cmdline} intremap=off` } },
  ],
  [
    'memory that firmware uses',
    'firmware uses memory through it or another of its IOMMU group (RMRR, 0x7a000000 to 0x7a3fffff)',
    { changes: { devices: firmware(IDXD) } },
  ],
  [
    'memory where the device can have none',
    '--iova 0xfee00000:0x1000 cannot be mapped for 0000:17:01.0: 0xfee00000 to 0xfeefffff is reserved (msi)',
    { options: { ranges: [{ iova: 0xfee0_0000n, length: 0x1000n }] } },
  ],
  ['too few descriptors', 'not enough file descriptors for 1 devices: EMFILE', { sim: { descriptors: 9 } }],
  [
    'a /dev of its own',
    'the kernel creates nodes in devtmpfs, but /dev/vfio/devices is on tmpfs (/dev)',
    {
      prepare: ({ files }) =>
        files.add(`/proc/${files.readLink('/proc/self')}/mountinfo`, '23 28 0:5 / /dev rw - tmpfs tmpfs rw\n'),
    },
  ],
];

it.each(CASES)('%s', (_, words, setting) => {
  expect(refusalOf(setting).message).toContain(words);
});

it('where none of it is so, it is taken', () => {
  const { kernel, files } = machine({ devices: DEFAULT_MACHINE.devices, processes: [] });
  const source = openOn(kernel, { bind: true, devices: [IDXD] });
  expect(bindingOf(files, IDXD)[0]).toBe('vfio-pci');
  expect(source.close()).toEqual([]);
});

it('allowed unsafe interrupts, and descriptors that suffice, are in nobody’s way', () => {
  const changes = { unsafeInterrupts: true, cmdline: `${DEFAULT_MACHINE.cmdline} intremap=off`, processes: [] };
  const { kernel, files } = machine(changes, { descriptors: 14 });
  openOn(kernel, { bind: true, devices: [IDXD] }).close();
  expect(bindingOf(files, IDXD)[0]).toBe('idxd');
});

it('a device that VFIO has, and whose firmware uses memory through it, is not called ready', () => {
  const { files } = machine({ devices: firmware('0000:17:00.0'), processes: [] });
  const verdict = verdictOf(findDevice(files, '17:00.0'));
  expect(verdict).toMatchObject({ outcome: 'cannot', findings: [{ id: 'firmware-mapping' }] });
});
