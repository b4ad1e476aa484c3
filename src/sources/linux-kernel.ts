import type { Kernel } from '../kernel/kernel.ts';

/** The running kernel. Loaded on demand, and only here: it is the only native code. */
export const linuxKernel = async (): Promise<Kernel> => new (await import('../kernel/linux/linux.ts')).LinuxKernel();
