// Dialogs for the other process (--pid): taking its queues over, rescuing, stopping. What is done is confirmed by typing.
import type { RescueReport } from '../../protocol/messages.ts';
import type { RescuePlan } from '../../text/owner-risk.ts';
import { CANCEL, type Choice, type Dialog, PLAIN, type Typed } from '../model/dialogs/dialog.ts';
import { count, plural } from '../text/format.ts';
import { sanitise } from '../text/sanitise.ts';

/** Typed before SUCCESS to groups that nobody has seen; the command line asks for the same word. */
const SUCCESS = 'success';

const pidTyped = (pid: number): Typed => ({ label: `Type the PID, ${pid}`, word: String(pid), value: '' });

export function takeDialog(pid: number, queues: number): Dialog {
  return {
    ...PLAIN,
    kind: 'take',
    title: `Take over — PID ${pid}`,
    choices: [CANCEL, { label: `Take ${plural(queues, 'queue')} over`, does: { command: { cmd: 'take' } } }],
    pid,
    typed: [pidTyped(pid)],
  };
}

export function stopDialog(pid: number): Dialog {
  return {
    ...PLAIN,
    kind: 'stop',
    title: `Stop — PID ${pid}`,
    choices: [CANCEL, { label: `Stop PID ${pid} (SIGSTOP)`, does: { command: { cmd: 'stop' } } }],
    pid,
  };
}

export function rescueDialog(pid: number): Dialog {
  const plan: RescuePlan = { pid, stop: true, resume: true, code: 'invalid' };
  return planned(
    { ...PLAIN, kind: 'rescue', title: `Rescue — PID ${pid}`, choices: [], pid, typed: [pidTyped(pid)] },
    plan,
  );
}

const STOP_NOTE = 'While stopped, it cannot read or answer, and no cookie is reused.';
const CODE_NOTE =
  'INVALID: the page request failed. SUCCESS: the device faults again, unless its page has been mapped.';

/** The dialog with another plan: its choices, and what has to be typed for it. */
function planned(dialog: Dialog, plan: RescuePlan): Dialog {
  const { pid, stop, resume, code } = plan;
  const turns: Choice[] = [
    { label: `Stop it first:  ${stop ? 'yes' : 'no'}`, does: { turn: 'stop' }, note: STOP_NOTE },
    ...(stop
      ? [
          {
            label: `Afterwards:     ${resume ? 'it is resumed' : 'it stays stopped'}`,
            does: { turn: 'resume' },
          } as const,
        ]
      : []),
    { label: `Answer:         ${code.toUpperCase()}`, does: { turn: 'code' }, note: CODE_NOTE },
  ];
  const command = {
    cmd: 'rescue',
    stop,
    resume,
    code,
    ...(code === 'success' ? { unseenSuccess: true } : {}),
  } as const;
  const pidLine = dialog.typed.filter(({ word }) => word !== SUCCESS);
  const word: Typed = { label: `SUCCESS to groups nobody has seen: type ${SUCCESS}`, word: SUCCESS, value: '' };
  return {
    ...dialog,
    plan,
    typed: code === 'success' ? [...pidLine, word] : pidLine,
    choices: [CANCEL, ...turns, { label: `Rescue the devices of PID ${pid}`, does: { command } }],
  };
}

/** The selected one of the ways to rescue, turned; the cursor stays on it. */
export function turned(dialog: Dialog, what: 'stop' | 'resume' | 'code'): Dialog {
  const plan = dialog.plan!;
  if (what === 'code') return planned(dialog, { ...plan, code: plan.code === 'invalid' ? 'success' : 'invalid' });
  if (what === 'resume') return planned(dialog, { ...plan, resume: !plan.resume });
  return planned(dialog, { ...plan, stop: !plan.stop, resume: true });
}

/** The result of a rescue; it stays until it is closed. */
export function reportDialog(report: RescueReport, reportedAt: number): Dialog {
  return {
    ...PLAIN,
    kind: 'report',
    title: `Rescued — PID ${report.pid}`,
    choices: [{ label: 'Close', does: null }],
    pid: report.pid,
    said: reportLines(report),
    reportedAt,
  };
}

const sum = ({ queues }: RescueReport, of: 'drained' | 'unseen' | 'held'): number =>
  queues.reduce((n, queue) => n + queue[of], 0);

function whatBecameOf({ stopped, resumed, ended }: RescueReport): string {
  if (ended) return 'has ended meanwhile';
  if (!stopped) return 'was not stopped by iopftop';
  return resumed ? 'was stopped, and then resumed' : 'is still stopped';
}

function reportLines(report: RescueReport): string[] {
  const { pid, queues } = report;
  const code = report.code.toUpperCase();
  const [drained, unseen, held] = [sum(report, 'drained'), sum(report, 'unseen'), sum(report, 'held')];
  const lines = [
    `${code} to ${plural(drained, 'group')} that waited in its queues, and to ${count(unseen)} that it had read and never answered.`,
    ...(held ? [`${code} to ${plural(held, 'group')} that had been read here before and were held.`] : []),
    ...queues.map((queue) => {
      const done = `fd ${queue.fd}: ${count(queue.drained)} read and answered, ${count(queue.unseen)} unseen; cookies tried up to ${count(queue.scanned)}.`;
      return queue.error === null ? done : `${done} NOT COMPLETED: ${sanitise(queue.error)}.`;
    }),
    `PID ${pid} ${whatBecameOf(report)}.`,
  ];
  return unseen && !report.ended
    ? [
        ...lines,
        'If it answers one of the unseen groups now, the kernel refuses it (EINVAL), or takes it for another group.',
      ]
    : lines;
}
