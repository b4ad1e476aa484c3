// What `iopftop rescue` says: what is known, what it does and risks, and the result.

import { ownerText } from '../../headless/owner-table.ts';
import { table } from '../../headless/plain-table.ts';
import type { OwnerRow, RescuedQueue, RescueReport } from '../../protocol/messages.ts';
import { rescueRisks, rescueSteps } from '../../text/owner-risk.ts';
import { plural } from '../../text/plural.ts';
import { wrap } from '../../text/wrap.ts';
import type { RescuePlan } from './plan.ts';

const INDENT = '  ';

const paragraph = (text: string, width: number, first = INDENT): string =>
  wrap(text, width - INDENT.length)
    .map((line, i) => `${i === 0 ? first : INDENT}${line}\n`)
    .join('');

/** What is known, what it does, what it risks. `width` in cells. */
export function planText(plan: RescuePlan, owner: OwnerRow, width: number): string {
  const { dryRun } = plan;
  return [
    ownerText(owner),
    `${dryRun ? 'WHAT A RESCUE DOES' : 'WHAT IT DOES'}\n${paragraph(rescueSteps(plan), width)}`,
    `WHAT IT RISKS\n${rescueRisks(plan)
      .map((risk) => paragraph(risk, width, '- '))
      .join('')}`,
  ].join('\n');
}

const queueCells = ({ fd, drained, held, unseen, scanned, error }: RescuedQueue): (string | number)[] => [
  fd,
  drained,
  held,
  unseen,
  scanned,
  error ?? 'yes',
];

/** The result, a line for each queue. */
export function reportText({ pid, stopped, resumed, ended, code, queues }: RescueReport): string {
  const answered = answeredIn(queues);
  const then = ended ? 'and has ended' : resumed ? 'and then resumed' : 'and is still stopped';
  const stood = stopped ? `stopped ${then}` : `not stopped by iopftop${ended ? ', and has ended' : ''}`;
  const first =
    answered === 0
      ? `PID ${pid}: nothing to answer: no group was waiting or outstanding`
      : `PID ${pid}: ${plural(answered, 'group')} answered ${code.toUpperCase()}`;
  return [
    `${first}; it was ${stood}\n`,
    table('QUEUES', ['FD', 'WAITED', 'HELD', 'UNSEEN', 'TRIED UP TO', 'COMPLETE'], queues.map(queueCells)),
  ].join('\n');
}

export const answeredIn = (queues: readonly RescuedQueue[]): number =>
  queues.reduce((sum, { drained, held, unseen }) => sum + drained + held + unseen, 0);
