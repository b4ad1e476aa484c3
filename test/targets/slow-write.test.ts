// Drivers that wait for their users where they are unbound: it is said what for, and what is to be undone stays written down.
import { expect, it } from 'vitest';
import { VirtualClock } from '../../src/kernel/sim/clock.ts';
import { DEFAULT_MACHINE } from '../../src/kernel/sim/machine/default.ts';
import type { UsesSpec } from '../../src/kernel/sim/machine/uses.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import { recoverAbandoned } from '../../src/targets/recover.ts';
import { standIn } from '../helpers/stand-in.ts';
import { bindingOf, machine, openOn, PLACE } from './host-fixture.ts';

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
  const target = openOn(kernel, { devices: [IDXD], bind: true }, { told: (text) => told.push(text) });
  expect(told).toEqual([
    `${IDXD}: the kernel has not returned from /sys/bus/pci/drivers/idxd/unbind for 2 s; it waits in idxd_wq_quiesce < unbind_store; nobody is seen to have the device open; Ctrl-C leaves: what is to be undone stays written down, and the next start undoes it`,
    null,
  ]);
  expect(clock.now()).toBeGreaterThanOrEqual(7_000_000_000n);
  expect(bindingOf(files, IDXD)[0]).toBe('vfio-pci');
  expect(target.close()).toEqual([]);
  expect(bindingOf(files, IDXD)[0]).toBe('idxd');
});

it('what it waits in is not the scheduler, which every wait is in', () => {
  const { kernel } = waiting({
    in: '__switch_to+0x1/0x2\n[<0>] schedule_timeout+0x1/0x2\n[<0>] idxd_wq_quiesce',
    ms: 7_000,
  });
  const told: (string | null)[] = [];
  openOn(kernel, { devices: [IDXD], bind: true }, { told: (text) => told.push(text) }).close();
  expect(told[0]).toContain('; it waits in idxd_wq_quiesce < unbind_store; ');
});

it('says nothing of what is done within two seconds', () => {
  const { kernel } = waiting({ in: 'idxd_wq_quiesce', ms: 1_500 });
  const told: unknown[] = [];
  openOn(kernel, { devices: [IDXD], bind: true }, { told: (text) => told.push(text) }).close();
  expect(told).toEqual([]);
});

class Left extends Error {}

it('whoever leaves has the record in place: the next start gives the device back', () => {
  const {
    files,
    kernel,
    machine: made,
  } = waiting({ in: 'idxd_wq_quiesce' }, { nodes: [{ path: 'late/node', node: 'late', numbers: '511:77' }] });
  // It opens the device after the last look, by a number that is known from before.
  const late = standIn(kernel, {
    writeBeside: (path: string, text: string) => {
      if (path.endsWith('/unbind')) {
        files.add('/proc/88/comm', 'latecomer\n');
        files.addLink('/proc/88/fd/3', '/dev/late', { kind: 'character', rdev: '511:77' });
      }
      return kernel.writeBeside(path, text);
    },
  });
  let record: string[] = [];
  const leave = (text: string | null): never => {
    record = files.list('/run/iopftop');
    throw new Left(text ?? '');
  };
  expect(() => openOn(late, { devices: [IDXD], bind: true }, { told: leave })).toThrow(
    /idxd_wq_quiesce < unbind_store; latecomer \(PID 88\) has \/dev\/late open; Ctrl-C leaves/,
  );
  expect(record).toHaveLength(1);
  expect(bindingOf(files, IDXD)).toEqual(['idxd', '(null)']);
  expect(recoverAbandoned(new SimKernel({ machine: made }), PLACE)).toEqual([]);
});
