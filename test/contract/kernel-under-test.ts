// Which kernel the contract tests run on: IOPFTOP_KERNEL=linux inside the lab, the simulated one everywhere else.
import type { Kernel } from '../../src/kernel/kernel.ts';

export const kernelName = process.env.IOPFTOP_KERNEL === 'linux' ? 'linux' : 'sim';

/** A kernel of the kind under test. Each simulated one is a world of its own; there is only one real one. */
export async function kernelUnderTest(): Promise<Kernel> {
  if (kernelName === 'linux') {
    const { LinuxKernel } = await import('../../src/kernel/linux/linux.ts');
    return new LinuxKernel();
  }
  const { SimKernel } = await import('../../src/kernel/sim/sim.ts');
  return new SimKernel();
}
