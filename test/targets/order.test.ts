// --bind where something would fail only once the device has left its driver: it is found out before, and nothing is changed.
import { expect, it } from 'vitest';
import { DEFAULT_MACHINE } from '../../src/kernel/sim/machine/default.ts';
import type { MachineSpec } from '../../src/kernel/sim/machine/spec.ts';
import type { SimOptions } from '../../src/kernel/sim/sim.ts';
import type { HostOptions } from '../../src/targets/options.ts';
import { TargetRefusal } from '../../src/targets/target.ts';
import { standIn } from '../helpers/stand-in.ts';
import { bindingOf, machine, openOn } from './host-fixture.ts';

const IDXD = '0000:17:01.0';

interface Setting {
  readonly changes?: Partial<MachineSpec>;
  readonly sim?: SimOptions;
  readonly prepare?: (made: ReturnType<typeof machine>) => void;
  readonly options?: Partial<HostOptions>;
}

/** What refuses it; not a byte was written to disturb anything. */
function refusalOf({ changes = {}, sim = {}, prepare = () => {}, options = {} }: Setting): TargetRefusal {
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
    if (!(error instanceof TargetRefusal)) throw error;
    expect(written).toEqual([]);
    expect(devices.map((address) => bindingOf(files, address))).toEqual(before);
    expect(files.list('/run')).not.toContain('iopftop');
    expect(`${error.message} ${error.hint}`).toContain('nothing was changed');
    return error;
  }
  throw new Error('it was not refused');
}

const CASES: [string, string, Setting][] = [
  [
    'the kernel makes no character devices of VFIO devices',
    'no vfio-dev in /proc/devices',
    { changes: { nodes: { iommu: true, cdev: false } } },
  ],
  [
    'whether it does cannot be told',
    '/proc/devices cannot be read',
    { prepare: ({ files }) => files.delete('/proc/devices') },
  ],
];

it.each(CASES)('%s', (_, words, setting) => {
  expect(refusalOf(setting).message).toContain(words);
});

it('where none of it is so, it is taken', () => {
  const { kernel, files } = machine({ devices: DEFAULT_MACHINE.devices, processes: [] });
  const target = openOn(kernel, { bind: true, devices: [IDXD] });
  expect(bindingOf(files, IDXD)[0]).toBe('vfio-pci');
  expect(target.close()).toEqual([]);
});
