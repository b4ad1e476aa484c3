// Freeing the devices of another process that has stopped answering: its queues are taken over, it is stopped, waiting groups
// are read and answered, and so are those that it had read and never answered. In slices between two steps, so that it can be
// interrupted; whatever happens, the owner is resumed and gets its queues back.

import type { Answer, Cause, RescueCommand, RescuedQueue, RescueReport } from '../../protocol/messages.ts';
import type { OwnerControl } from '../../sources/source.ts';
import { plural } from '../../text/plural.ts';
import { Refusal } from '../../text/refusal.ts';
import { answerGroups } from '../answers/responder.ts';
import { complaint } from '../complaint.ts';
import { tellNotice } from '../notice.ts';
import type { EngineState } from '../state.ts';
import { resumeOwner, stopOwner, takeOver } from './owner.ts';
import { emptyResult, rescueQueue } from './rescue-queue.ts';

/** Far more than a device has outstanding: a page request group index has nine bits. */
const DEFAULT_SCAN = 65_536;

interface Order {
  readonly state: EngineState;
  readonly owner: OwnerControl;
  readonly cause: Cause;
  readonly code: Answer;
}

/** Yields between slices. Throws what complaint() can report, with the owner as it was before. */
export function* rescue(
  state: EngineState,
  owner: OwnerControl,
  command: RescueCommand,
  cause: Cause,
): Generator<void, RescueReport> {
  const { stop = true, resume = true, code = 'invalid', unseenSuccess = false, scan = DEFAULT_SCAN } = command;
  if (code === 'success' && !unseenSuccess) {
    throw new Refusal(
      'refused',
      'rescue: SUCCESS would also go to groups that iopftop has never seen',
      'use invalid, or set unseenSuccess',
    );
  }
  const order: Order = { state, owner, cause, code };
  const report: RescueReport = { pid: owner.pid, stopped: false, resumed: false, ended: false, code, queues: [] };
  const fresh = takeOver(state, owner, cause);
  let done = false;
  state.rescuing = true;
  try {
    if (stop) report.stopped = stopOwner(state, owner, cause);
    report.queues = takenQueues(order).map(emptyResult);
    for (const result of report.queues) yield* rescueQueue(state, result, { code, cause, scan });
    done = true;
  } finally {
    state.rescuing = false;
    giveBack(order, fresh);
    if (report.stopped) report.resumed = letGo(order, resume || !done);
    report.ended = owner.ended;
    const text = words(report, done);
    if (report.queues.length > 0)
      tellNotice(state, { what: 'rescued', text, pid: owner.pid }, { cause, rescue: report });
  }
  return report;
}

const takenQueues = ({ state, owner }: Order): { fd: number; queue: number }[] =>
  owner
    .report(state.source.kernel.now())
    .queues.flatMap(({ fd, queue }) => (queue === null || state.source.queues[queue]?.closed ? [] : [{ fd, queue }]));

/** Resumes the owner, or leaves it stopped. Returns whether it runs. */
function letGo({ state, owner, cause }: Order, resume: boolean): boolean {
  if (resume) return resumeOwner(state, owner, cause);
  try {
    owner.leaveStopped();
  } catch (error) {
    state.emit(complaint(error, state.t(), null));
  }
  return false;
}

/** The queues taken only for this rescue: reading on would steal groups from an owner that works again. */
function giveBack({ state, owner, cause, code }: Order, queues: readonly number[]): void {
  for (const queue of queues) {
    if (state.source.queues[queue]?.closed) continue;
    try {
      const held = state.ledger.pending.where((group) => group.queue === queue);
      answerGroups(state, held, code, cause);
      owner.giveBack([queue]);
    } catch (error) {
      state.emit(complaint(error, state.t(), null));
      continue;
    }
    const text = `queue ${queue} given back to PID ${owner.pid}`;
    tellNotice(state, { what: 'queue-closed', text, pid: owner.pid, queue }, { cause });
  }
}

function words({ pid, code, queues }: RescueReport, done: boolean): string {
  const sum = (of: (queue: RescuedQueue) => number): number => queues.reduce((total, queue) => total + of(queue), 0);
  const failed = queues.filter(({ error }) => error !== null).length;
  const left = !done ? '; interrupted' : failed ? `; ${failed} of ${plural(queues.length, 'queue')} not completed` : '';
  const held = sum((q) => q.held);
  return (
    `PID ${pid}: ${code.toUpperCase()} to ${plural(
      sum((q) => q.drained),
      'group',
    )} that waited in its queues and to ` +
    `${sum((q) => q.unseen)} that it had read and never answered${held ? `, and to ${held} held here` : ''}${left}`
  );
}
