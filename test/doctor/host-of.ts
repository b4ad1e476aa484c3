// Hosts to examine: the simulated machine, otherwise in one thing.
import type { DoctorReport } from '../../src/doctor/report.ts';
import { examine } from '../../src/doctor/report.ts';
import type { CheckResult } from '../../src/doctor/run.ts';
import { Machine } from '../../src/kernel/sim/machine/machine.ts';
import type { MachineSpec } from '../../src/kernel/sim/machine/spec.ts';
import { SimKernel, type SimOptions } from '../../src/kernel/sim/sim.ts';

export function kernelOf(
  changes: Partial<MachineSpec> = {},
  options: SimOptions = {},
): SimKernel & { machine: Machine } {
  const machine = new Machine(changes);
  return Object.assign(new SimKernel({ machine, ...options }), { machine });
}

export function resultOf(report: DoctorReport, id: string): CheckResult {
  const found = report.checks.find((check) => check.id === id);
  if (!found) throw new Error(`no check ${id}`);
  return found;
}

/** One check of the host. */
export const hostCheck = (kernel: SimKernel, id: string): CheckResult => resultOf(examine(kernel, null, true), id);

export const commandsOf = ({ remedies }: CheckResult): (string | null)[] => remedies.map(({ command }) => command);
