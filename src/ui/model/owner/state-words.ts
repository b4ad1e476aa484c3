// What a process does, from the letter of /proc/PID/stat (fs/proc/array.c: task_state_array), in words.

import type { OwnerRow } from '../../../protocol/messages.ts';
import { sanitise } from '../../text/sanitise.ts';
import type { Style } from '../../text/style.ts';

export interface StateWords {
  text: string;
  style: Style;
}

const DOES: Record<string, string> = {
  R: 'runs',
  S: 'sleeps',
  D: 'waits uninterruptibly',
  I: 'is idle',
};

/** "S sleeps in futex_do_wait (futex)". */
export function stateWords({ state, stopped, wchan, syscall }: OwnerRow): StateWords {
  if (state === null || state === 'X') return { text: 'has ended', style: 'bad' };
  if (state === 'Z') return { text: 'Z has ended, and its parent has not reaped it', style: 'bad' };
  if (stopped) return { text: `${sanitise(state)} stopped by iopftop (SIGSTOP)`, style: 'alarm' };
  if (state === 'T') return { text: 'T stopped, not by iopftop', style: 'alarm' };
  if (state === 't') return { text: 't held by a debugger (ptrace)', style: 'alarm' };
  const where = wchan === null ? '' : ` in ${sanitise(wchan)}`;
  const call = syscall === null ? '' : ` (${sanitise(syscall)})`;
  return { text: `${sanitise(state)} ${DOES[state] ?? 'is'}${where}${call}`, style: state === 'D' ? 'warn' : 'plain' };
}

/** It has ended: its descriptors are closed. */
export const hasEnded = ({ state }: OwnerRow): boolean => state === null || state === 'Z' || state === 'X';

/** It is stopped: none of its threads reads or answers. */
export const standsStill = (owner: OwnerRow): boolean =>
  !hasEnded(owner) && (owner.stopped || owner.state === 'T' || owner.state === 't');
