// Undoes what a dead iopftop left behind: drivers that were not given back, processes that are still stopped.

import type { Kernel } from '../../kernel/kernel.ts';
import { Signal } from '../../kernel/processes.ts';
import { processIdentity } from '../../process/identity.ts';
import { foreignProc } from '../../process/namespace.ts';
import { joinLines } from '../../text/one-line.ts';
import { isExpected, Refusal } from '../../text/refusal.ts';
import { errnoName } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/ids.ts';
import type { NoticeAction } from '../source.ts';
import { giveBack, type Writing } from './driver.ts';
import {
  type AbandonedRecord,
  abandonedRecords,
  foreignRecords,
  keepEntries,
  type UndoEntry,
  type UndoPlace,
} from './undo-log.ts';

export type Notice = NoticeAction;

const after = ({ writer }: AbandonedRecord): string => `; left behind by an iopftop that died (PID ${writer.pid})`;

/** SIGCONT, if it is still the process that was stopped. Returns a text about what was done; null: nothing. */
function letGoOn(kernel: Kernel, { pid, startTime }: Extract<UndoEntry, { kind: 'stopped' }>): string | null {
  const { processes } = kernel;
  const foreign = foreignProc(kernel.files, process.pid);
  if (foreign) throw new Refusal('refused', `cannot resume process ${pid}: ${foreign.why}`, foreign.hint);
  if (processes === null || processIdentity(kernel.files, pid)?.startTime !== startTime) return null;
  const pidfd = processes.pidfdOpen(pid);
  if (pidfd < 0) return null;
  try {
    // The PID may have been reused between the two.
    if (processIdentity(kernel.files, pid)?.startTime !== startTime) return null;
    const done = processes.sendSignal(pidfd as Fd, Signal.CONT);
    if (done >= 0) return `process ${pid} resumed`;
    throw new Refusal('refused', `cannot resume process ${pid}: ${errnoName(-done)}`, `run \`kill -CONT ${pid}\``);
  } finally {
    kernel.close(pidfd);
  }
}

function undo(writing: Writing, entry: UndoEntry): Notice | null {
  if (entry.kind === 'driver') {
    const text = giveBack(writing, entry);
    return text === null ? null : { action: 'notice', what: 'recovered', text, device: entry.address };
  }
  const text = letGoOn(writing.kernel, entry);
  return text === null ? null : { action: 'notice', what: 'recovered', text, pid: entry.pid };
}

/**
 * At every start that may change something: undoes what each dead iopftop left behind, and reports it. What cannot be undone
 * is reported too, and stays recorded. Throws Refusal for a file that is torn or not ours.
 */
export function recoverAbandoned(kernel: Kernel, place: UndoPlace, told: Writing['told'] = () => {}): Notice[] {
  const strange = foreignRecords(kernel.files, place).map(
    ({ path }): Notice => ({ action: 'notice', what: 'recovered', text: joinLines(`not undone: ${elsewhere(path)}`) }),
  );
  const undone = abandonedRecords(kernel.files, place).flatMap((record) => {
    const notices: Notice[] = [];
    const left: UndoEntry[] = [];
    // Last one first, as it would have been undone.
    for (const entry of [...record.entries].reverse()) {
      try {
        const notice = undo({ kernel, told }, entry);
        if (notice) notices.push({ ...notice, text: joinLines(`${notice.text}${after(record)}`) });
      } catch (error) {
        if (!isExpected(error)) throw error;
        left.unshift(entry);
        const text = joinLines(`not undone: ${error.message}${after(record)}`);
        notices.push({ action: 'notice', what: 'recovered', text });
      }
    }
    keepEntries(kernel.files, record, left);
    return notices;
  });
  return [...strange, ...undone];
}

const elsewhere = (path: string): string =>
  `${path} was written in another PID namespace: whether that iopftop is still running can only be seen there`;

/** What recoverAbandoned would undo, one line each: for commands that change nothing. Throws as it does. */
export const describeAbandoned = (files: Kernel['files'], place: UndoPlace): string[] =>
  abandonedRecords(files, place).flatMap((record) =>
    record.entries.map((entry) =>
      entry.kind === 'driver'
        ? `${entry.address} may still be with vfio-pci: ${
            entry.driver === null ? 'it had no driver' : `its driver was ${entry.driver}`
          }${after(record)}`
        : `process ${entry.pid} may still be stopped${after(record)}`,
    ),
  );
