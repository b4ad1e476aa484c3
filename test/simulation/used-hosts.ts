// Hosts whose devices are in use, in every way that one can be, and in none: made from a seed.
import type { Files } from '../../src/kernel/files.ts';
import { KernelRefusal } from '../../src/kernel/kernel.ts';
import { DEFAULT_MACHINE } from '../../src/kernel/sim/machine/default.ts';
import type { DeviceSpec, PciSpec, ProcessSpec } from '../../src/kernel/sim/machine/spec.ts';
import type { UsesSpec } from '../../src/kernel/sim/machine/uses-spec.ts';
import type { Random } from '../../src/scenario/random.ts';
import { standIn } from '../helpers/stand-in.ts';

export interface Way {
  readonly name: string;
  readonly uses: UsesSpec;
  /** What is open or mapped in a process. */
  readonly open?: string;
  readonly mapped?: string;
  readonly state: 'used' | 'unseen' | 'free';
}

/** `n` makes names and numbers of a device its own. */
export function ways(n: number): Way[] {
  const disk = { name: `nvme${n}n1`, numbers: `259:${n * 10}` };
  const part = { name: `nvme${n}n1p1`, numbers: `259:${n * 10 + 1}` };
  const node = { path: `drm/card${n}`, node: `dri/card${n}`, numbers: `226:${n}` };
  const up = [{ name: `eth${n}`, state: 'up' }] as const;
  const down = [{ name: `eth${n}`, state: 'down' }] as const;
  const queue = { name: `wq${n}.0`, type: 'user', clients: 0 } as const;
  const with_ = (uses: UsesSpec): UsesSpec => ({ interfaces: down, ...uses });
  return [
    { name: 'nothing', uses: with_({}), state: 'free' },
    { name: 'a disk', uses: with_({ disks: [{ ...disk, partitions: [part] }] }), state: 'free' },
    { name: 'a disk without a node', uses: with_({ disks: [{ ...disk, node: false }] }), state: 'free' },
    { name: 'a closed node', uses: with_({ nodes: [node] }), state: 'free' },
    { name: 'a work queue', uses: with_({ queues: [queue] }), state: 'free' },
    { name: 'a mount', uses: with_({ disks: [{ ...disk, claim: { mount: '/srv' } }] }), state: 'used' },
    { name: 'a claim', uses: with_({ disks: [{ ...disk, node: n % 2 === 0, claim: 'elsewhere' }] }), state: 'used' },
    {
      name: 'a claimed partition',
      uses: with_({ disks: [{ ...disk, partitions: [{ ...part, claim: 'elsewhere' }] }] }),
      state: 'used',
    },
    { name: 'a path', uses: with_({ disks: [{ ...disk, multipath: 7, claim: 'elsewhere' }] }), state: 'used' },
    { name: 'swap', uses: with_({ disks: [{ ...disk, claim: 'swap' }] }), state: 'used' },
    { name: 'a holder', uses: with_({ disks: [{ ...disk, claim: { holder: 'md0' } }] }), state: 'used' },
    { name: 'an open disk', uses: with_({ disks: [disk] }), open: `/dev/${disk.name}`, state: 'used' },
    { name: 'an interface', uses: { interfaces: up }, state: 'used' },
    { name: 'an open node', uses: with_({ nodes: [node] }), open: `/dev/${node.node}`, state: 'used' },
    { name: 'a mapped node', uses: with_({ nodes: [node] }), mapped: `/dev/${node.node}`, state: 'used' },
    { name: 'clients', uses: with_({ queues: [{ ...queue, clients: 1 }] }), state: 'used' },
    { name: "a kernel's queue", uses: with_({ queues: [{ ...queue, type: 'kernel' }] }), state: 'used' },
    { name: 'QAT', uses: with_({ qat: 'up' }), state: 'used' },
    { name: 'a display', uses: with_({ display: true }), state: 'used' },
    { name: 'an interface elsewhere', uses: { interfaces: [{ name: `eth${n}`, state: 'away' }] }, state: 'unseen' },
  ];
}

/** Devices that another driver has and that a run may ask for: those alone in their group, no bridges, without VFs. */
const CANDIDATES = DEFAULT_MACHINE.devices.filter(
  (spec): spec is PciSpec =>
    spec.bus === 'pci' &&
    spec.group !== null &&
    spec.driver !== null &&
    !/vfio|pcieport/.test(spec.driver) &&
    spec.physfn === undefined &&
    spec.address !== '0000:76:00.0' &&
    spec.address !== '0000:3b:00.0' &&
    DEFAULT_MACHINE.devices.filter((other) => other.group === spec.group).length === 1,
);

export interface UsedHost {
  readonly devices: readonly DeviceSpec[];
  readonly processes: readonly ProcessSpec[];
  readonly chosen: ReadonlyMap<string, Way>;
}

export function usedHost(random: Random): UsedHost {
  const chosen = new Map(CANDIDATES.map(({ address }, i) => [address, random.pick(ways(i + 1))]));
  const devices = DEFAULT_MACHINE.devices.map((spec): DeviceSpec => {
    const way = chosen.get(spec.address);
    return way && spec.bus === 'pci' ? { ...spec, uses: way.uses } : spec;
  });
  const holders = [...chosen.values()].filter(({ open, mapped }) => open ?? mapped);
  const processes = holders.map(
    ({ open, mapped }, i): ProcessSpec => ({
      pid: 500 + i,
      ppid: 1,
      uid: 0,
      comm: 'user',
      cmdline: ['user'],
      fds: open === undefined ? {} : { 5: open },
      ...(mapped === undefined ? {} : { mapped: [mapped] }),
    }),
  );
  return { devices, processes, chosen };
}

const LOOKS: readonly (keyof Files)[] = ['read', 'list', 'readLink', 'realPath', 'status', 'target', 'openExclusive'];

interface Refusing {
  readonly random: Random;
  /** Of the looks, that are refused. */
  readonly share: number;
  readonly errnos: readonly number[];
  readonly count: () => void;
}

/** Files that refuse to be looked at, now and then. Writes, and the record of what is to be undone, go through. */
export function refusing(files: Files, { random, share, errnos, count }: Refusing): Files {
  const parts = LOOKS.map((name) => [
    name,
    (path: string, ...rest: never[]) => {
      if (!path.startsWith('/run') && random.unit() < share) {
        count();
        throw new KernelRefusal(name, random.pick(errnos));
      }
      return (files[name] as (...all: unknown[]) => unknown)(path, ...rest);
    },
  ]);
  return standIn(files, Object.fromEntries(parts));
}
