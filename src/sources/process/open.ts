import type { ProcessOptions } from '../options.ts';
import type { Target } from '../target.ts';
import { recoverAbandoned } from '../undo/recover.ts';
import { openUndoLog, ownUndoPlace } from '../undo/undo-log.ts';
import { ProcessTarget } from './process-target.ts';

/** The fault queues of another process on the running kernel. Throws Refusal. */
export async function openProcess(
  { pid, take, recover }: ProcessOptions,
  told: (text: string | null) => void,
): Promise<Target> {
  // Loaded only here: it is the one thing that is native.
  const { LinuxKernel } = await import('../../kernel/linux/linux.ts');
  const kernel = new LinuxKernel();
  const place = ownUndoPlace();
  const recovered = recover ? recoverAbandoned(kernel, place, told) : [];
  const undo = openUndoLog(kernel.files, place);
  return new ProcessTarget(kernel, { pid, take, own: process.pid, undo, recovered });
}
