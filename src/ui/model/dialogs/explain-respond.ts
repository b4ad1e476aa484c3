// What a dialog says of the groups that it answers: how far it reaches, which they are, what the answer does to the device.
import type { GroupChoiceReport, View } from '../../../protocol/messages.ts';
import { count, plural } from '../../text/format.ts';
import { reportOf } from '../choice.ts';
import { doubtsOf, doubtsOfMany, shareOf, sourcesText } from '../doubts.ts';
import { type AnswerCode, codesOf, type Dialog } from './dialog.ts';
import { type Explanation, gone, here, lookingLines } from './explanation.ts';
import { pendingOf } from './pending-of.ts';

/** How far an answer reaches, in the same words wherever several groups are answered. `numbers` null: not fixed yet. */
export const scopeText = (pending: number, numbers: number | null): string =>
  numbers === null
    ? `Applies to every group pending when you press Enter (${count(pending)} now).`
    : `Only ${numbers === 1 ? 'this group' : `these ${count(numbers)} groups`}; later arrivals are not affected.`;

/** What the answer does, for any target. */
const DOES: Record<AnswerCode, string> = {
  success: 'SUCCESS: the device retries.',
  invalid: 'INVALID: the device must not retry; the job or transfer that needs these pages fails.',
  map: 'Map: memory is mapped first, then SUCCESS; if that fails the group stays pending.',
};

export function explainRespond(dialog: Dialog, view: View): Explanation {
  const numbers = dialog.groups?.groups ?? null;
  const report = reportOf(view, dialog.id);
  const pending = report?.pending ?? numbers?.length ?? pendingOf(view.snapshot, dialog.target!);
  const lost = report?.gone.length ?? 0;
  if (!pending) return gone(numbers ? `${all(numbers.length)} answered meanwhile.` : 'Nothing is pending now.');
  const codes = codesOf(dialog);
  const lines = [
    scopeText(pending, numbers?.length ?? null),
    ...(lost ? [`${plural(lost, 'group')} of them already gone.`] : []),
    ...(report ? groupLines(report, dialog) : lookingLines(placesOf(dialog, codes))),
    ...codes.map((code) => DOES[code]),
  ];
  const said = here(lines, report ? doubtsOfAnswer(view, report, codes) : []);
  return { ...said, looking: !report };
}

/** Where they are, the oldest of them, a doubt of two lines. */
const placesOf = ({ target }: Dialog, codes: readonly AnswerCode[]): number =>
  1 + (target ? 0 : 1) + (codes.includes('success') ? 2 : 0);

const all = (n: number): string => (n === 1 ? 'The group has been' : `All ${count(n)} groups have been`);

/** INVALID needs no memory; an answer that maps brings it. */
function doubtsOfAnswer(view: View, report: GroupChoiceReport, codes: readonly AnswerCode[]): string[] {
  return codes.includes('success') ? doubtsOfMany(view, report) : [];
}

/** Which they are: where, the oldest of them by number and address, and whether they came before. */
function groupLines(report: GroupChoiceReport, dialog: Dialog): string[] {
  const where = dialog.target ? [] : [`${sourcesText(report)}.`];
  return [...where, ...oldestLine(report, dialog), ...againLine(report)];
}

/** "Groups 8 at 0x14000000, 10 at 0x11132000, and 2 more." */
function oldestLine({ oldest, pending }: GroupChoiceReport, { target }: Dialog): string[] {
  if (!oldest.length) return [];
  const several = target !== null && target.pasid === null;
  const texts = oldest.map(({ group, pasid, first }) =>
    several && pasid !== null ? `${group} at ${first} (PASID ${pasid})` : `${group} at ${first}`,
  );
  const rest = pending - oldest.length;
  return [`Group${pending === 1 ? '' : 's'} ${texts.join(', ')}${rest > 0 ? `, and ${count(rest)} more` : ''}.`];
}

function againLine(report: GroupChoiceReport): string[] {
  const { again, mostRepeats } = report;
  if (!again) return [];
  const asks = again === 1 ? 'asks for a page that has' : 'ask for pages that have';
  return [`${shareOf(again, report)} ${asks} faulted before, up to ${count(mostRepeats)}×.`];
}

/** A second look at one group. */
export function explainOne(dialog: Dialog, view: View): Explanation {
  const group = dialog.groups!.groups![0]!;
  const report = reportOf(view, dialog.id);
  if (report?.gone.length) return gone(`Group ${group} is no longer pending: it was answered meanwhile.`);
  const row = view.snapshot.pending.find((r) => r.group === group);
  if (!row && !report) return { ...here(lookingLines(1)), looking: true };
  const doubts = row ? doubtsOf(view, row) : doubtsOfMany(view, report!);
  return here(doubts.length ? [] : ['The reasons against it are gone.'], doubts);
}
