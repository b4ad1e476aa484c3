// Hosts whose devices are in use in every way that one can be, and files that refuse to say so: no device in use is ever taken from
// its driver. IOPFTOP_USE_SEEDS says how many seeds.
import { expect, test } from 'vitest';
import { isExpected } from '../../src/engine/complaint.ts';
import type { Files } from '../../src/kernel/files.ts';
import { KernelRefusal } from '../../src/kernel/kernel.ts';
import { DEFAULT_MACHINE } from '../../src/kernel/sim/machine/default.ts';
import type { DeviceSpec, PciSpec, ProcessSpec } from '../../src/kernel/sim/machine/spec.ts';
import type { UsesSpec } from '../../src/kernel/sim/machine/uses.ts';
import { Random } from '../../src/scenario/random.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { standIn } from '../helpers/stand-in.ts';
import { bindingOf, machine, openOn } from '../targets/host-fixture.ts';

const SEEDS = Number(process.env.IOPFTOP_USE_SEEDS || 100);
const ERRNOS = [Errno.EIO, Errno.EACCES, Errno.EMFILE] as const;

interface Way {
  readonly name: string;
  readonly uses: UsesSpec;
  /** What is open or mapped in a process. */
  readonly open?: string;
  readonly mapped?: string;
  readonly state: 'used' | 'unseen' | 'free';
}

/** `n` makes names and numbers of a device its own. */
function ways(n: number): Way[] {
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

interface Host {
  readonly devices: readonly DeviceSpec[];
  readonly processes: readonly ProcessSpec[];
  readonly chosen: ReadonlyMap<string, Way>;
}

function hostOf(random: Random): Host {
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

/** Files that refuse to be looked at, now and then. Writes, and the record of what is to be undone, go through. */
function refusing(files: Files, random: Random, share: number, count: () => void): Files {
  const LOOKS: readonly (keyof Files)[] = ['read', 'list', 'readLink', 'realPath', 'status', 'target', 'openExclusive'];
  const parts = LOOKS.map((name) => [
    name,
    (path: string, ...rest: never[]) => {
      if (!path.startsWith('/run') && random.unit() < share) {
        count();
        throw new KernelRefusal(name, random.pick(ERRNOS));
      }
      return (files[name] as (...all: unknown[]) => unknown)(path, ...rest);
    },
  ]);
  return standIn(files, Object.fromEntries(parts));
}

test(`${SEEDS} hosts whose devices are in use: none in use is taken from its driver`, { timeout: 3_600_000 }, () => {
  const sum = { devices: 0, used: 0, unseen: 0, taken: 0, forced: 0, refusals: 0 };
  const tried = new Set<string>();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new Random(seed, 7);
    const { chosen, ...spec } = hostOf(random);
    const { files, kernel } = machine({ ...spec, disableDenylist: true });
    const share = random.pick([0, 0, 0.001, 0.01]);
    const asked = refusing(files, random, share, () => sum.refusals++);
    const before = new Map([...chosen.keys()].map((address) => [address, bindingOf(files, address)[0]]));
    for (const [address, way] of chosen) {
      sum.devices++;
      tried.add(way.name);
      // Who forces says that he knows, also of what was refused: that is told apart below.
      const force = share === 0 && random.unit() < 0.5;
      let target: ReturnType<typeof openOn> | null = null;
      let taken = false;
      // Whatever becomes of it afterwards: this is the moment.
      const watched = standIn(kernel, {
        files: asked,
        writeBeside: (path: string, text: string) => {
          if (path.endsWith(`/${before.get(address)}/unbind`)) taken = true;
          return kernel.writeBeside(path, text);
        },
      });
      try {
        const options = { devices: [address], bind: true, withoutFaults: true, force: force ? [address] : [] };
        target = openOn(watched, options);
      } catch (error) {
        if (!isExpected(error) && !(error instanceof KernelRefusal)) throw error;
      }
      if (way.state === 'used') expect([seed, address, way.name, taken]).toEqual([seed, address, way.name, false]);
      if (way.state === 'unseen')
        expect([seed, address, way.name, taken && !force]).toEqual([seed, address, way.name, false]);
      if (way.state !== 'used' && share === 0 && (way.state === 'free' || force) && target === null) {
        expect([seed, address, way.name, 'not taken']).toEqual([seed, address, way.name, 'taken']);
      }
      sum.used += way.state === 'used' ? 1 : 0;
      sum.unseen += way.state === 'unseen' ? 1 : 0;
      sum.taken += taken ? 1 : 0;
      sum.forced += taken && way.state === 'unseen' ? 1 : 0;
      target?.close();
    }
  }
  expect(tried.size).toBe(ways(1).length);
  expect(sum.taken).toBeGreaterThan(0);
  tellFigure({
    topic: 'The whole program, simulated',
    what: 'devices of hosts that are in use in 14 ways: none that is in use was taken from its driver',
    value: `${thousands(sum.devices)} asked for on ${thousands(SEEDS)} hosts: ${thousands(sum.used)} in use, all refused; ${thousands(sum.unseen)} of which it could not be seen, taken only with --force (${thousands(sum.forced)}); ${thousands(sum.taken - sum.forced)} free ones taken; ${thousands(sum.refusals)} looks refused by the kernel on the way`,
    repeat: 'npm test -- test/simulation/in-use.test.ts',
  });
});
