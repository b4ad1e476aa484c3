// Devices of a host on a kernel of any kind.
import type { Files } from '../../../src/kernel/files.ts';
import type { Kernel } from '../../../src/kernel/kernel.ts';
import { Machine } from '../../../src/kernel/sim/machine/machine.ts';
import type { MachineSpec } from '../../../src/kernel/sim/machine/spec.ts';
import { SimKernel, type SimOptions } from '../../../src/kernel/sim/sim.ts';
import type { HostOptions } from '../../../src/sources/options.ts';
import { UndoLog } from '../../../src/sources/undo/undo-log.ts';
import { type HostSetting, openHostDevices } from '../../../src/sources/vfio/host-devices.ts';

export const OPTIONS: HostOptions = {
  kind: 'host',
  mock: null,
  devices: ['vfio0'],
  bind: false,
  force: [],
  hwpt: 'paging',
  pasids: [],
  ranges: [],
  withoutFaults: false,
  recover: true,
};

export const PLACE = { directory: '/run/iopftop', uid: 0 } as const;
export const WRITER = { pid: 4321, startTime: 5_000, bootId: 'boot-1' } as const;

export function openOn(kernel: Kernel, options: Partial<HostOptions> = {}, setting: Partial<HostSetting> = {}) {
  const info = { kind: 'host', mock: false, scenario: null, seed: null } as const;
  const undo = new UndoLog(kernel.files, WRITER, PLACE);
  return openHostDevices({ kernel, info, undo, recovered: [], ...setting }, { ...OPTIONS, ...options });
}

/** A process of the simulated machine, as its /proc shows it. */
export function addProcess({ files }: Machine, { pid, startTime }: { pid: number; startTime: number }, state = 'S') {
  const fields = Array.from({ length: 50 }, (_, i) => (i === 0 ? state : i === 19 ? `${startTime}` : '0'));
  files.add(`/proc/${pid}/stat`, `${pid} (some (name) of it) ${fields.join(' ')}\n`);
}

/** A simulated machine of this boot, and a kernel over it. */
export function machine(changes: Partial<MachineSpec> = {}, options: SimOptions = {}) {
  const made = new Machine(changes);
  made.files.add('/proc/sys/kernel/random/boot_id', `${WRITER.bootId}\n`);
  return { machine: made, files: made.files, kernel: new SimKernel({ machine: made, ...options }) };
}

/** The driver that has a PCI device (null: none), and what its driver_override says. */
export function bindingOf(files: Files, address: string): [driver: string | null, override: string] {
  const directory = `/sys/bus/pci/devices/${address}`;
  const override = new TextDecoder().decode(files.read(`${directory}/driver_override`)).trim();
  if (!files.list(directory).includes('driver')) return [null, override];
  return [files.readLink(`${directory}/driver`).split('/').at(-1) ?? null, override];
}
