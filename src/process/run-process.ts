// Which process a run of iopftop was, written down so that a later one can tell whether it still runs. A PID is only
// meaningful with the start time, the boot and the PID namespace that it was seen in.

import type { Files } from '../kernel/files.ts';
import { ifRefused, refusalOf } from '../kernel/kernel.ts';
import { type ProcessIdentity, processIdentity } from './identity.ts';
import { pidNamespace } from './namespace.ts';

export interface RunProcess extends ProcessIdentity {
  /** As returned by pidNamespace(). */
  readonly pidNamespace: string;
}

/**
 * The state of a recorded process, seen from here. `other-boot`: this machine was rebooted since, or it was another machine
 * (or kernel, as in the lab). `other-namespace`: a container, whose PIDs cannot be seen. `unknown`: nothing was recorded,
 * or /proc does not show it (hidepid).
 */
export type RunState = 'running' | 'gone' | 'other-boot' | 'other-namespace' | 'unknown';

/** What a run knows about itself and other processes. */
export interface RunWorld {
  /** null: must not be recorded, as in simulated time, where the same seed gives the same bytes. */
  readonly process: RunProcess | null;
  stateOf(run: RunProcess): RunState;
}

/** Nothing can be seen: any other run may still exist. */
export const NO_WORLD: RunWorld = { process: null, stateOf: () => 'unknown' };

/** null: /proc does not say, or it belongs to another PID namespace. */
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

/** `exists`: kill(2) with signal 0 finds the PID, even if it refuses (EPERM). */
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

/** A zombie is shown, but counts as gone; with hidepid a running process is not shown. */
const isShown = (files: Files, pid: number): boolean => refusalOf(() => files.read(`/proc/${pid}/stat`)) === null;

/** kill(2): EPERM means that the process exists. */
export function pidExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** For this machine's processes. `writesItself`: whether to record the run's own process. */
export function worldOf(files: Files, pid: number, writesItself: boolean): RunWorld {
  const own = ownProcess(files, pid);
  return { process: writesItself ? own : null, stateOf: (other) => stateOf(files, own, other, pidExists) };
}
