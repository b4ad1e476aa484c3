import { linuxKernel } from '../linux-kernel.ts';
import type { ProcessOptions } from '../options.ts';
import type { FaultSource } from '../source.ts';
import { undoAtStart } from '../undo/at-start.ts';
import { ProcessSource } from './process-source.ts';

/** The fault queues of another process on the running kernel. Throws Refusal. */
export async function openProcess(
  { pid, take, recover }: ProcessOptions,
  told: (text: string | null) => void,
): Promise<FaultSource> {
  const kernel = await linuxKernel();
  return new ProcessSource(kernel, { pid, take, own: process.pid, ...undoAtStart(kernel, recover, told) });
}
