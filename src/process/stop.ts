// Stopping another process, so that it neither reads nor answers meanwhile. SIGSTOP reaches each thread when it next leaves
// the kernel; one that waits uninterruptibly (D) does not stop before its wait ends (signal_wake_up_state, do_signal_stop).

import { type Kernel, Poll, type PollFd } from '../kernel/kernel.ts';
import { type Processes, Signal } from '../kernel/processes.ts';
import { joinLines } from '../text/one-line.ts';
import { Refusal } from '../text/refusal.ts';
import { Errno, errnoName } from '../uapi/errno.ts';
import type { Fd } from '../uapi/ids.ts';
import { hasEnded, ended as processEnded } from './open-process.ts';
import { threadStates, tryText } from './proc.ts';

/** T: stopped; t: held by a debugger, which may resume it at any time. */
const STANDS = new Set(['T', 't', 'Z', 'X']);

/** A running thread stops within a tick. */
const PATIENCE_MS = 1_000;
const TURN_MS = 2;

export interface Stoppable {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly pid: number;
  readonly pidfd: Fd;
}

const moving = ({ kernel, pid }: Stoppable): { tid: number; state: string }[] =>
  threadStates(kernel.files, pid).filter(({ state }) => !STANDS.has(state));

/** Whether all of its threads are stopped. */
export const standsStill = (owner: Stoppable): boolean =>
  !hasEnded(owner.kernel, owner.pidfd) && moving(owner).length === 0;

/** SIGSTOP. Throws Refusal: it has ended, or we may not stop it. */
export const stopProcess = (owner: Stoppable): void => signal(owner, Signal.STOP, 'stopped');

/**
 * After SIGSTOP: waits until every thread is stopped. Throws Refusal: it has ended, or a thread does not stop within a
 * second.
 */
export function awaitStop(owner: Stoppable): void {
  for (let turn = 0; turn < PATIENCE_MS / TURN_MS; turn++) {
    if (moving(owner).length === 0) break;
    waitATurn(owner);
  }
  if (hasEnded(owner.kernel, owner.pidfd)) throw processEnded(owner.pid);
  const [thread] = moving(owner);
  if (thread)
    throw new Refusal('refused', wordsOf(owner, thread), 'it was resumed; --no-stop rescues without stopping it');
}

/** SIGCONT. Throws Refusal. */
export const continueProcess = (owner: Stoppable): void => signal(owner, Signal.CONT, 'continued');

function wordsOf({ kernel, pid }: Stoppable, { tid, state }: { tid: number; state: string }): string {
  const where = joinLines(tryText(kernel.files, `/proc/${pid}/task/${tid}/wchan`) ?? '');
  const sleeps =
    state === 'D'
      ? `waits in the kernel and cannot be interrupted (D${where ? `, ${where}` : ''})`
      : `is in state ${state}`;
  return `process ${pid} could not be stopped: thread ${tid} ${sleeps} a second after SIGSTOP`;
}

/** Sleeps in poll(2) on the pidfd: the end of the process ends the wait. */
function waitATurn({ kernel, pidfd }: Stoppable): void {
  const fds: PollFd[] = [{ fd: pidfd, events: Poll.IN, revents: 0 }];
  kernel.poll(fds, TURN_MS);
}

function signal({ processes, pid, pidfd }: Stoppable, number: number, what: string): void {
  const errno = -processes.sendSignal(pidfd, number);
  if (errno <= 0) return;
  if (errno === Errno.ESRCH) throw processEnded(pid);
  const hint = errno === Errno.EPERM ? 'run iopftop as root, or as the user who owns the process (CAP_KILL)' : null;
  throw new Refusal('refused', `process ${pid} cannot be ${what}: ${errnoName(errno)}`, hint);
}
