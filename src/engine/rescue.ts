// Freeing the devices of another process that has stopped answering: its queues are taken over, it is stopped, what waits is
// read and answered, and so is what it had read and never answered. Those groups can be answered without having been seen,
// since a cookie is the lowest free integer (iommufd_fault_fops_read: xa_alloc() from 1): all that are outstanding lie below
// the most that ever were at once, and a response to a cookie that is not outstanding is refused with EINVAL, changing nothing.
import { RESPONSE_BYTES } from '../iommufd/fault-queue.ts';
import type { Answer, Cause, RescueCommand, RescuedQueue, RescueReport } from '../protocol/messages.ts';
import type { ProcessControl } from '../targets/target.ts';
import { iommuHwptPageResponse } from '../uapi/iommufd.ts';
import { CommandError, complaint } from './complaint.ts';
import { intake } from './intake.ts';
import { tellNotice } from './notice.ts';
import { answerGroups, CODE } from './responder.ts';
import type { EngineState } from './state.ts';

/** Far more than a device has outstanding: a page request group index has nine bits. */
const DEFAULT_SCAN = 65_536;
/** Responses in one write. */
const BATCH = 64;
/** A device that asks again at once whatever it is answered must not keep us for ever. */
const MAX_ROUNDS = 64;

/** What is done first is told in words, so that it is known what was risked also where the rest fails. */
export function rescue(
  state: EngineState,
  process: ProcessControl,
  command: RescueCommand,
  cause: Cause,
): RescueReport {
  const { stop = true, resume = true, code = 'invalid', unseenSuccess = false, scan = DEFAULT_SCAN } = command;
  if (code === 'success' && !unseenSuccess) {
    throw new CommandError(
      'refused',
      'rescue: SUCCESS would also go to groups that nobody has seen',
      'use invalid, or say so with unseenSuccess',
    );
  }
  takeOver(state, process, cause);
  const wasStopped = process.stopped;
  if (stop) stopOwner(state, process, cause);
  const ours = process.stopped && !wasStopped;
  let resumed = false;
  let queues: RescuedQueue[];
  try {
    queues = taken(state, process).map((queue) => rescueQueue(state, queue, code, cause, scan));
  } finally {
    if (ours && resume) resumed = resumeOwner(state, process, cause);
  }
  const report: RescueReport = { pid: process.pid, stopped: stop && (ours || wasStopped), resumed, code, queues };
  tellNotice(state, { what: 'rescued', text: words(report), pid: process.pid }, { cause, rescue: report });
  return report;
}

export function takeOver(state: EngineState, process: ProcessControl, cause: Cause): number {
  const queues = process.take();
  for (const { queue, fd } of queues) {
    const text = `queue ${queue} is descriptor ${fd} of PID ${process.pid}: what is read from it now, that process never sees`;
    tellNotice(state, { what: 'taken', text, pid: process.pid, queue }, { cause });
  }
  return queues.length;
}

export function stopOwner(state: EngineState, process: ProcessControl, cause: Cause): void {
  if (process.stopped) return;
  process.stop();
  tellNotice(state, { what: 'stopped', text: `PID ${process.pid} is stopped (SIGSTOP)`, pid: process.pid }, { cause });
}

/** False: it had ended by then, or was not stopped by us. */
export function resumeOwner(state: EngineState, process: ProcessControl, cause: Cause): boolean {
  if (!process.stopped) return false;
  try {
    process.resume();
  } catch (error) {
    state.emit(complaint(error, state.t(), null));
    return false;
  }
  tellNotice(state, { what: 'continued', text: `PID ${process.pid} goes on (SIGCONT)`, pid: process.pid }, { cause });
  return true;
}

const taken = (state: EngineState, process: ProcessControl): { fd: number; queue: number }[] =>
  process
    .report(state.target.kernel.now())
    .queues.flatMap(({ fd, queue }) => (queue === null || state.target.queues[queue]?.closed ? [] : [{ fd, queue }]));

function rescueQueue(
  state: EngineState,
  { fd, queue }: { fd: number; queue: number },
  code: Answer,
  cause: Cause,
  scan: number,
): RescuedQueue {
  const result = { fd, queue, drained: 0, unseen: 0, scanned: 0, error: null as string | null };
  try {
    drain(state, queue, result);
    answerUnseen(state, queue, code, scan, result);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const held = state.pending.where((group) => group.queue === queue);
      if (held.length === 0 && !state.target.queues[queue]?.readable()) return result;
      answerGroups(state, held, code, cause);
      // What it asks for once it has been answered.
      drain(state, queue, result);
    }
    result.error = 'the device goes on asking as fast as it is answered';
  } catch (error) {
    result.error = complaint(error, state.t(), null).message;
  }
  return result;
}

function drain(state: EngineState, queue: number, result: { drained: number }): void {
  const before = state.totals.groups;
  for (let round = 0; round < MAX_ROUNDS && intake(state, queue) > 0; round++);
  result.drained += state.totals.groups - before;
}

/** Answers what is outstanding in the queue and not ours. Nothing may be read meanwhile, or its cookie would be answered too. */
function answerUnseen(
  state: EngineState,
  queue: number,
  code: Answer,
  scan: number,
  result: { unseen: number; scanned: number },
): void {
  const fault = state.target.queues[queue];
  if (!fault) return;
  const ours = new Set<number>();
  let last = 0;
  for (const group of state.pending.values()) {
    if (group.queue !== queue) continue;
    ours.add(group.cookie);
    last = Math.max(last, group.cookie);
  }
  // Cookie 0 is never written: the refused response would free it for a group of its own (xa_erase of a reserved entry).
  for (let next = 1; next <= last + scan; ) {
    const cookies: number[] = [];
    for (; cookies.length < BATCH && next <= last + scan; next++) if (!ours.has(next)) cookies.push(next);
    const bytes = new Uint8Array(cookies.length * RESPONSE_BYTES);
    for (const [i, cookie] of cookies.entries()) {
      bytes.set(iommuHwptPageResponse.encode({ cookie, code: CODE[code] }), i * RESPONSE_BYTES);
    }
    for (let done = 0; done < cookies.length; done++) {
      const count = fault.respond(bytes.subarray(done * RESPONSE_BYTES), cookies.length - done);
      done += count;
      result.unseen += count;
      if (count > 0) last = Math.max(last, cookies[done - 1] as number);
    }
  }
  result.scanned = last + scan;
  state.totals.unseen += result.unseen;
  state.version++;
}

function words({ pid, code, queues }: RescueReport): string {
  const sum = (of: (queue: RescuedQueue) => number): number => queues.reduce((total, queue) => total + of(queue), 0);
  const failed = queues.filter(({ error }) => error !== null).length;
  const left = failed ? `; ${failed} of ${queues.length} queues not to the end` : '';
  return (
    `PID ${pid}: ${code.toUpperCase()} to ${sum((q) => q.drained)} groups that waited in its queues and to ` +
    `${sum((q) => q.unseen)} that it had read and never answered${left}`
  );
}
