// Which process a run of iopftop was, written down so that a later one can tell whether it still runs. A PID means something
// only beside the start time, the boot and the PID namespace that it was seen in.

import type { Files } from '../kernel/files.ts';
import { ifRefused, refusalOf } from '../kernel/kernel.ts';
import { type ProcessIdentity, processIdentity } from './identity.ts';
import { pidNamespace } from './namespace.ts';

export interface RunProcess extends ProcessIdentity {
  /** As pidNamespace() has it. */
  readonly pidNamespace: string;
}

/**
 * Of a process that was written down, seen from here. `other-boot`: this machine was started again since, or it was another
 * machine (or kernel, as the lab's is). `other-namespace`: a container, of whose PIDs nothing can be seen. `unknown`: nothing
 * was written down, or /proc does not show it (hidepid).
 */
export type RunState = 'running' | 'gone' | 'other-boot' | 'other-namespace' | 'unknown';

/** What a run knows of itself and of other processes. */
export interface RunWorld {
  /** null: not to be written down, as in simulated time, where the same seed gives the same bytes. */
  readonly process: RunProcess | null;
  stateOf(run: RunProcess): RunState;
}

/** Nothing can be seen: every other run may still be there. */
export const NO_WORLD: RunWorld = { process: null, stateOf: () => 'unknown' };

/** null: /proc does not say, or its numbers are of another PID namespace. */
export function ownProcess(files: Files, pid: number): RunProcess | null {
  const identity = ifRefused(
    () => processIdentity(files, pid),
    () => null,
  );
  const namespace = ifRefused(
    () => pidNamespace(files, pid),
    () => null,
  );
  return identity && namespace !== null ? { ...identity, pidNamespace: namespace } : null;
}

/** `exists`: kill(2) with signal 0 finds the PID, also where it refuses (EPERM). */
export function stateOf(
  files: Files,
  own: RunProcess | null,
  run: RunProcess,
  exists: (pid: number) => boolean,
): RunState {
  if (own === null) return 'unknown';
  if (run.bootId !== own.bootId) return 'other-boot';
  if (run.pidNamespace !== own.pidNamespace) return 'other-namespace';
  const now = processIdentity(files, run.pid);
  if (now !== null) return now.startTime === run.startTime ? 'running' : 'gone';
  return exists(run.pid) && !isShown(files, run.pid) ? 'unknown' : 'gone';
}

/** A zombie is shown, and counts as gone; with hidepid a process that runs is not. */
const isShown = (files: Files, pid: number): boolean => refusalOf(() => files.read(`/proc/${pid}/stat`)) === null;

/** kill(2): EPERM is of a process that is there. */
export function pidExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Of this machine's processes. `writesItself`: whether the run's own process is to be written down. */
export function worldOf(files: Files, pid: number, writesItself: boolean): RunWorld {
  const own = ownProcess(files, pid);
  return { process: writesItself ? own : null, stateOf: (other) => stateOf(files, own, other, pidExists) };
}
