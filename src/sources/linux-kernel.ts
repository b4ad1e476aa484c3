import type { Kernel } from '../kernel/kernel.ts';

/** The running kernel. Loaded where it is asked for, and only here: it is the one thing that is native. */
export const linuxKernel = async (): Promise<Kernel> => new (await import('../kernel/linux/linux.ts')).LinuxKernel();
