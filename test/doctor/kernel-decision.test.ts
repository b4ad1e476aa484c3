// What the kernel has decided of a device, by the registers, the command line and a trial: `doctor` on the simulated machine.
import { describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/report.ts';
import { capabilityStates } from '../../src/host/capability-states.ts';
import { findDevice } from '../../src/host/find.ts';
import { verdictOf } from '../../src/host/verdict.ts';
import { DEFAULT_MACHINE } from '../../src/kernel/sim/machine/default.ts';
import { FAULTING } from '../../src/kernel/sim/machine/device-kinds.ts';
import type { MachineSpec, PciSpec } from '../../src/kernel/sim/machine/spec.ts';
import { kernelOf, resultOf } from './host-of.ts';

const READY = '0000:17:00.0';

/** The machine that comes with the program, with one device otherwise. */
const changed = (changes: Partial<PciSpec>): Partial<MachineSpec> => ({
  devices: DEFAULT_MACHINE.devices.map((device) =>
    device.bus === 'pci' && device.address === READY ? { ...device, ...changes } : device,
  ),
});

const NOATS = { cmdline: `${DEFAULT_MACHINE.cmdline} pci=nocrs,noats` };

describe('what the kernel does not use', () => {
  it.each([
    ['pci=noats', NOATS, 'noats', 'device.ats', ['kernel-off', 'kernel-off']],
    ['an untrusted port', changed({ untrusted: true }), 'pri-off', 'device.pri', ['off', 'kernel-off']],
    ['no extended space', changed({ unreached: true }), 'no-extended-space', 'device.ats', ['unknown', 'unknown']],
  ])('%s', (_, changes, id, check, states) => {
    const device = findDevice(kernelOf(changes).files, READY);
    expect(verdictOf(device).findings.map((finding) => finding.id)).toEqual([id]);
    const report = examine(kernelOf(changes), READY, true);
    expect([report.result, report.firstFailed]).toEqual(['fail', check]);
    // The kernel refuses as it was said, and says so of ATS by itself.
    expect(resultOf(report, 'trial.ats').state).toBe('fail');
    expect(resultOf(report, 'trial.attach').seen).toContain('ENODEV');
    expect(resultOf(report, 'trial.undone').state).toBe('pass');
    const { ats, pri } = capabilityStates(device)!;
    expect([ats.state, pri.state]).toEqual(states);
  });

  it('PRI without credits: the kernel attaches it all the same, and nothing ever comes', () => {
    const changes = changed({ capabilities: { ...FAULTING, pri: { capacity: 0 } } });
    const report = examine(kernelOf(changes), READY, true);
    expect([report.result, report.firstFailed]).toEqual(['fail', 'device.pri']);
    expect(resultOf(report, 'trial.attach').state).toBe('pass');
    expect(verdictOf(findDevice(kernelOf(changes).files, READY))).toMatchObject({
      outcome: 'cannot',
      findings: [{ id: 'pri-no-credits' }],
    });
  });

  it('pci=noats is told of the host, too', () => {
    const report = examine(kernelOf(NOATS), null, false);
    expect(resultOf(report, 'iommu.ats')).toMatchObject({ state: 'fail', seen: expect.stringContaining('pci=noats') });
    expect(resultOf(examine(kernelOf(), null, false), 'iommu.ats').state).toBe('pass');
  });

  it('a device that stalls needs no ATS', () => {
    expect(examine(kernelOf(NOATS), '0004:75:00.0', true).result).toBe('pass');
  });
});
