// The host that a command runs on: this machine, or a simulated one.
import type { Files } from '../kernel/files.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Given } from './given.ts';

export async function filesOf({ backend }: Given): Promise<Files> {
  if (backend === 'mock') return (await simulatedHost()).files;
  // The nodes of disks that /dev lacks are made by root alone, and with the native library.
  if (process.geteuid?.() === 0) return (await kernelOf({ backend })).files;
  const { LinuxFiles } = await import('../kernel/linux/files.ts');
  return new LinuxFiles();
}

/** With its system calls. */
export async function kernelOf({ backend }: Given): Promise<Kernel> {
  if (backend === 'mock') return simulatedHost();
  return new (await import('../kernel/linux/linux.ts')).LinuxKernel();
}

async function simulatedHost(): Promise<Kernel> {
  const { SimKernel } = await import('../kernel/sim/sim.ts');
  const { Machine } = await import('../kernel/sim/machine/machine.ts');
  return new SimKernel({ machine: new Machine() });
}
