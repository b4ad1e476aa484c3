// Drivers that wait for their users where they are unbound: it is said what for, and what is to be undone stays written down.
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import type { Files } from '../../../src/kernel/files.ts';
import type { SlowWrite } from '../../../src/kernel/kernel.ts';
import { VirtualClock } from '../../../src/kernel/sim/clock.ts';
import { DEFAULT_MACHINE } from '../../../src/kernel/sim/machine/default.ts';
import type { SimFiles } from '../../../src/kernel/sim/machine/files.ts';
import type { UsesSpec } from '../../../src/kernel/sim/machine/uses-spec.ts';
import { SimKernel } from '../../../src/kernel/sim/sim.ts';
import { giveToVfio } from '../../../src/sources/undo/driver.ts';
import { recoverAbandoned } from '../../../src/sources/undo/recover.ts';
import { standIn } from '../../helpers/stand-in.ts';
import { bindingOf, machine, openOn, PLACE } from '../vfio/host-fixture.ts';

const IDXD = '0000:17:01.0';

function waiting(unbindWaits: NonNullable<UsesSpec['unbindWaits']>, uses: UsesSpec = {}) {
  const devices = DEFAULT_MACHINE.devices.map((spec) =>
    spec.address === IDXD && spec.bus === 'pci' ? { ...spec, uses: { ...uses, unbindWaits } } : spec,
  );
  const clock = new VirtualClock();
  const made = machine({ devices, processes: [] }, { clock });
  return { ...made, clock };
}

it('says after two seconds what it waits for, once, and goes on when that has ended', () => {
  const { files, kernel, clock } = waiting({ in: 'idxd_wq_quiesce', ms: 7_000 });
  const told: (string | null)[] = [];
  const source = openOn(kernel, { devices: [IDXD], bind: true }, { told: (text) => told.push(text) });
  expect(told).toEqual([
    `${IDXD}: the kernel has not returned from /sys/bus/pci/drivers/idxd/unbind for 2 s; it is waiting in idxd_wq_quiesce < unbind_store; no process is seen to have the device open; Ctrl-C exits: what must be undone stays recorded, and the next start undoes it`,
    null,
  ]);
  expect(clock.now()).toBeGreaterThanOrEqual(7_000_000_000n);
  expect(bindingOf(files, IDXD)[0]).toBe('vfio-pci');
  expect(source.close()).toEqual([]);
  expect(bindingOf(files, IDXD)[0]).toBe('idxd');
});

it('what it waits in is not the scheduler, which every wait is in', () => {
  const { kernel } = waiting({
    in: '__switch_to+0x1/0x2\n[<0>] schedule_timeout+0x1/0x2\n[<0>] idxd_wq_quiesce',
    ms: 7_000,
  });
  const told: (string | null)[] = [];
  openOn(kernel, { devices: [IDXD], bind: true }, { told: (text) => told.push(text) }).close();
  expect(told[0]).toContain('; it is waiting in idxd_wq_quiesce < unbind_store; ');
});

it('says nothing of what is done within two seconds', () => {
  const { kernel } = waiting({ in: 'idxd_wq_quiesce', ms: 1_500 });
  const told: unknown[] = [];
  openOn(kernel, { devices: [IDXD], bind: true }, { told: (text) => told.push(text) }).close();
  expect(told).toEqual([]);
});

const LATE = { path: 'late/node', node: 'late', numbers: '511:77' };

function openLate(files: SimFiles): void {
  files.add('/proc/88/comm', 'latecomer\n');
  files.addLink('/proc/88/fd/3', '/dev/late', { kind: 'character', rdev: LATE.numbers });
}

class Left extends Error {}

it('whoever leaves has the record in place: the next start gives the device back', () => {
  const { files, kernel, machine: made } = waiting({ in: 'idxd_wq_quiesce' }, { nodes: [LATE] });
  // It opens the device after the last look, by a number that is known from before.
  const late = standIn(kernel, {
    writeBeside: (path: string, text: string) => {
      const write = kernel.writeBeside(path, text);
      const go = (): void => {
        write.go();
        if (path.endsWith('/unbind')) openLate(files);
      };
      return { ...write, go };
    },
  });
  let record: string[] = [];
  const leave = (text: string | null): never => {
    record = files.list('/run/iopftop');
    throw new Left(text ?? '');
  };
  expect(() => openOn(late, { devices: [IDXD], bind: true }, { told: leave })).toThrow(
    /idxd_wq_quiesce < unbind_store; latecomer \(PID 88\) has \/dev\/late open; Ctrl-C exits/,
  );
  expect(record).toHaveLength(1);
  expect(bindingOf(files, IDXD)).toEqual(['idxd', '(null)']);
  expect(recoverAbandoned(new SimKernel({ machine: made }), PLACE)).toEqual([]);
});

/** The files that are asked for, and what becomes of each write, in their order. */
function watched(kernel: SimKernel) {
  const seen: string[] = [];
  const files = new Proxy(kernel.files, {
    get:
      (all, name: keyof Files) =>
      (path: string, ...rest: never[]) => {
        seen.push(path);
        return (all[name] as (...given: unknown[]) => unknown).call(all, path, ...rest);
      },
  });
  const writeBeside = (path: string, text: string): SlowWrite => {
    const write = kernel.writeBeside(path, text);
    let turns = 3;
    return {
      ...write,
      isReady: () => turns-- === 0,
      go: () => {
        seen.push(`${basename(path)}: ${turns < 0 ? 'go' : 'go before it is ready'}`);
        write.go();
      },
      cancel: () => seen.push(`${basename(path)}: called off`),
    };
  };
  return { all: standIn(kernel, { files, writeBeside }), seen };
}

it.each([
  ['idxd', 'unbind'],
  [null, 'drivers_probe'],
])('driver %s: between the last look at the use and %s lies nothing', (driver, write) => {
  const devices = DEFAULT_MACHINE.devices.map((spec) => (spec.address === IDXD ? { ...spec, driver } : spec));
  const { all, seen } = watched(machine({ devices, processes: [] }).kernel);
  const writing = { kernel: all, told: () => {} };
  giveToVfio(writing, { kind: 'driver', address: IDXD, driver, override: null }, () => seen.push('look'));
  const at = seen.indexOf('look');
  expect(seen.slice(at, at + 2)).toEqual(['look', `${write}: go`]);
  expect(seen.lastIndexOf('look')).toBe(at);
});

it('a use that comes while the unbind is being prepared calls it off', () => {
  const { files, kernel } = waiting({ in: 'idxd_wq_quiesce', ms: 0 }, { nodes: [LATE] });
  const { all, seen } = watched(kernel);
  const late = standIn(all, {
    writeBeside: (path: string, text: string) => {
      if (path.endsWith('/unbind')) openLate(files);
      return all.writeBeside(path, text);
    },
  });
  expect(() => openOn(late, { devices: [IDXD], bind: true })).toThrow(
    /in use: latecomer \(PID 88\) has \/dev\/late open/,
  );
  expect(seen.filter((what) => what.startsWith('unbind'))).toEqual(['unbind: called off']);
  expect(bindingOf(files, IDXD)).toEqual(['idxd', '(null)']);
});
