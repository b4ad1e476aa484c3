// --bind, and what the next start does after one that died: on the simulated machine, whose files live on.

import { describe, expect, it } from 'vitest';
import type { Files } from '../../../src/kernel/files.ts';
import { KernelRefusal } from '../../../src/kernel/kernel.ts';
import { SimKernel } from '../../../src/kernel/sim/sim.ts';
import { describeAbandoned, recoverAbandoned } from '../../../src/sources/undo/recover.ts';
import { Refusal } from '../../../src/text/refusal.ts';
import { Errno } from '../../../src/uapi/errno.ts';
import { ofType, rig } from '../../engine/fixture.ts';
import { standIn } from '../../helpers/stand-in.ts';
import { addProcess, bindingOf, machine, openOn, PLACE, WRITER } from '../vfio/host-fixture.ts';

/** With driver idxd on the machine that comes with the program. */
const IDXD = '0000:17:01.0';
const DRIVERLESS = '0000:17:05.0';
const BIND = { devices: [IDXD], bind: true };

const directory = (address: string): string => `/sys/bus/pci/devices/${address}`;

const state = (files: Files, address = IDXD): [string | null, string] => bindingOf(files, address);
const driver = (files: Files, address: string): string | null => bindingOf(files, address)[0];
const override = (files: Files, address: string): string => bindingOf(files, address)[1];

function refusal(run: () => unknown): Refusal {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('--bind', () => {
  it('gives the device to vfio-pci, says so, and gives it back at the end', () => {
    const { files, kernel } = machine();
    const r = rig({ on: openOn(kernel, BIND) });
    expect(state(files)).toEqual(['vfio-pci', 'vfio-pci']);
    r.session.step(0);
    expect(ofType(r.events, 'notice')).toMatchObject([
      { what: 'bound', text: `${IDXD} taken from idxd for vfio-pci`, device: IDXD },
    ]);
    r.session.close();
    expect(ofType(r.events, 'error')).toEqual([]);
    expect(ofType(r.events, 'notice').at(-1)).toMatchObject({
      what: 'restored',
      text: `${IDXD} given back to idxd`,
      device: IDXD,
    });
    expect(state(files)).toEqual(['idxd', '(null)']);
    expect(files.list('/run/iopftop')).toEqual([]);
  });

  it('puts back what driver_override said, and leaves one without a driver without', () => {
    const { files, kernel } = machine();
    files.write(`${directory(IDXD)}/driver_override`, 'idxd\n');
    openOn(kernel, { ...BIND, devices: [IDXD, DRIVERLESS] }).close();
    expect(state(files)).toEqual(['idxd', 'idxd']);
    expect(state(files, DRIVERLESS)).toEqual([null, '(null)']);
  });

  it('does nothing for one that VFIO has', () => {
    const { files, kernel } = machine();
    openOn(kernel, { ...BIND, devices: ['0000:17:00.0'] }).close();
    expect(state(files, '0000:17:00.0')[0]).toBe('vfio-pci');
    expect(() => files.list('/run/iopftop')).toThrow(KernelRefusal);
  });

  it.each([false, true])('leaves one alone that vfio-pci would not take (--bind: %s)', (bind) => {
    const { files, kernel } = machine();
    const refused = refusal(() => openOn(kernel, { devices: ['0000:6a:01.0'], bind }));
    expect(refused.message).toMatch(
      /^0000:6a:01.0: vfio-pci refuses this device \(DSA of Sapphire Rapids, 8086:0b25\)/,
    );
    expect(refused.message).toContain('qemu-system-x86 (PID 4242) has /dev/vfio/devices/vfio1 open');
    expect(refused.hint).toBe('nothing was changed');
    expect(state(files, '0000:6a:01.0')).toEqual(['idxd', '(null)']);
    expect(() => files.list('/run/iopftop')).toThrow(KernelRefusal);
  });

  it('takes it where the denylist is off', () => {
    const { files, kernel } = machine({ disableDenylist: true });
    const source = openOn(kernel, { devices: ['0000:6a:01.0'], bind: true });
    expect(state(files, '0000:6a:01.0')).toEqual(['vfio-pci', 'vfio-pci']);
    source.close();
    expect(state(files, '0000:6a:01.0')).toEqual(['idxd', '(null)']);
  });

  it('is undone where a later step fails', () => {
    const { files, kernel } = machine({}, { memlock: 0x1000 });
    const ranges = [{ iova: 0x1000_0000n, length: 0x10_0000n }];
    expect(() => openOn(kernel, { ...BIND, ranges })).toThrow(/ENOMEM/);
    expect(state(files)).toEqual(['idxd', '(null)']);
    expect(files.list('/run/iopftop')).toEqual([]);
  });

  it('of several, all are given back where the last cannot be taken', () => {
    const { files, kernel } = machine();
    // i40e's interface is up.
    files.addLink('/sys/class/net/eth7', `../..${files.realPath(directory('0000:1a:00.0')).slice(4)}/net/eth7`);
    files.add(`${files.realPath(directory('0000:1a:00.0'))}/net/eth7/flags`, '0x1003\n');
    const options = { bind: true, devices: [IDXD, '0000:1a:00.0'], withoutFaults: true };
    expect(refusal(() => openOn(kernel, options)).message).toBe(
      '0000:1a:00.0 is in use: network interface eth7 is up; nothing was changed',
    );
    expect(state(files)).toEqual(['idxd', '(null)']);
  });

  it('takes the members of one group that are named together', () => {
    const { files, kernel } = machine();
    const devices = ['0000:5e:00.0', '0000:5e:00.1'];
    const source = openOn(kernel, { bind: true, devices, withoutFaults: true });
    expect(devices.map((address) => driver(files, address))).toEqual(['vfio-pci', 'vfio-pci']);
    expect(source.close()).toEqual([]);
    expect(devices.map((address) => driver(files, address))).toEqual(['vfio-pci', 'xhci_hcd']);
  });

  it('of a device that is unplugged meanwhile: there is nothing to give back, and nothing fails', () => {
    const { files, kernel } = machine();
    const r = rig({ on: openOn(kernel, BIND) });
    const path = files.realPath(directory(IDXD));
    for (const gone of [directory(IDXD), path, '/dev/vfio/devices']) files.delete(gone);
    r.session.step(0);
    expect(r.session.snapshot().devices).toMatchObject([{ name: IDXD, attachments: [{ handler: 'us' }] }]);
    r.session.close();
    expect(ofType(r.events, 'error')).toEqual([]);
    expect(files.list('/run/iopftop')).toEqual([]);
  });

  it('is refused without being asked for, and says what it would be', () => {
    const { files, kernel } = machine();
    const { message, hint } = refusal(() => openOn(kernel, { devices: [IDXD] }));
    expect([message, hint]).toEqual([
      `${IDXD} is not with VFIO: its driver is idxd`,
      '--bind does that, and undoes it at the end',
    ]);
    expect(state(files)).toEqual(['idxd', '(null)']);
  });

  it('vfio-pci refuses: the old driver has it again', () => {
    const { files, kernel, machine: made } = machine({});
    made.files.add('/sys/bus/pci/drivers_probe', { write: (text) => text.length });
    expect(refusal(() => openOn(kernel, BIND)).message).toBe(`vfio-pci did not take ${IDXD}: it has no driver`);
    expect(state(files)).toEqual(['idxd', '(null)']);
  });
});

describe('after kill -9', () => {
  /** One that has bound a device and died; the machine goes on. */
  const killed = () => {
    const made = machine();
    openOn(made.kernel, BIND);
    made.kernel.closeAll();
    return { ...made, next: new SimKernel({ machine: made.machine }) };
  };

  it('the next start gives the device back, says so once, and can take it again', () => {
    const { files, next } = killed();
    expect(state(files)).toEqual(['vfio-pci', 'vfio-pci']);
    expect(describeAbandoned(files, PLACE)).toEqual([
      `${IDXD} may still be with vfio-pci: its driver was idxd; left behind by an iopftop that died (PID ${WRITER.pid})`,
    ]);
    const recovered = recoverAbandoned(next, PLACE);
    expect(recovered).toEqual([
      {
        action: 'notice',
        what: 'recovered',
        text: `${IDXD} given back to idxd; left behind by an iopftop that died (PID ${WRITER.pid})`,
        device: IDXD,
      },
    ]);
    expect(state(files)).toEqual(['idxd', '(null)']);
    expect(files.list('/run/iopftop')).toEqual([]);
    expect(recoverAbandoned(next, PLACE)).toEqual([]);
    const r = rig({ on: openOn(next, BIND, { recovered }) });
    r.session.step(0);
    expect(ofType(r.events, 'notice').map(({ what }) => what)).toEqual(['recovered', 'bound']);
    r.session.close();
    expect(state(files)).toEqual(['idxd', '(null)']);
  });

  it('nothing is done while its writer lives', () => {
    const { machine: made, files, next } = killed();
    addProcess(made, WRITER);
    expect([recoverAbandoned(next, PLACE), describeAbandoned(files, PLACE)]).toEqual([[], []]);
    expect(state(files)[0]).toBe('vfio-pci');
  });

  it('it had only written down what it was going to do: nothing is left to undo', () => {
    const { files, next } = killed();
    files.write('/sys/bus/pci/drivers/vfio-pci/unbind', IDXD);
    files.write(`${directory(IDXD)}/driver_override`, '\n');
    files.write('/sys/bus/pci/drivers/idxd/bind', IDXD);
    expect(recoverAbandoned(next, PLACE)).toEqual([]);
    expect(files.list('/run/iopftop')).toEqual([]);
  });

  it('somebody has given it to another driver meanwhile: that stays', () => {
    const { files, next } = killed();
    files.write('/sys/bus/pci/drivers/vfio-pci/unbind', IDXD);
    files.write(`${directory(IDXD)}/driver_override`, 'pci-stub\n');
    expect(recoverAbandoned(next, PLACE)).toEqual([]);
    expect(override(files, IDXD)).toBe('pci-stub');
  });

  it('somebody has it open: it is said, and stays written down for the next start', () => {
    const { machine: made, files, next } = killed();
    const [name] = files.list(`${directory(IDXD)}/vfio-dev`);
    made.files.makeDirectories('/proc/99/fd');
    made.files.addLink('/proc/99/fd/7', `/dev/vfio/devices/${name}`);
    made.files.add('/proc/99/comm', 'vmm\n');
    const path = `/run/iopftop/${WRITER.pid}-${WRITER.startTime}.json`;
    expect(recoverAbandoned(next, PLACE).map(({ text }) => text)).toEqual([
      `not undone: cannot give ${IDXD} back to its driver: vmm (PID 99) has it open; left behind by an iopftop that died (PID ${WRITER.pid})`,
    ]);
    expect(state(files)[0]).toBe('vfio-pci');
    expect(files.status(path).kind).toBe('file');
    made.files.delete('/proc/99');
    expect(recoverAbandoned(next, PLACE)).toHaveLength(1);
    expect(state(files)).toEqual(['idxd', '(null)']);
  });

  it('its old driver is gone: it is said', () => {
    const { files, next } = killed();
    files.add('/sys/bus/pci/drivers/idxd/bind', { write: () => -Errno.ENODEV });
    expect(recoverAbandoned(next, PLACE)[0]?.text).toMatch(/^not undone: cannot give .* back to idxd: ENODEV/);
    expect(files.list('/run/iopftop')).toHaveLength(1);
  });
});

it('a file that nobody is there to read yet (a FIFO) is no lack of rights: the write waits for it, and says so', () => {
  const { files, kernel } = machine();
  const write = (path: string, text: string): void => {
    if (text === '' && path.endsWith('/unbind')) throw new KernelRefusal('write', Errno.ENXIO);
    files.write(path, text);
  };
  const source = openOn(standIn(kernel, { files: standIn(files, { write }) }), BIND);
  expect(state(files)[0]).toBe('vfio-pci');
  expect(source.close()).toEqual([]);
});
