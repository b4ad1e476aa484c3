// Which groups the engine is asked about: those of the dialog, those that are marked, the one under the stream's cursor.

import type { GroupChoice, GroupChoiceReport, View, WindowRequest } from '../../protocol/messages.ts';
import { plural } from '../text/format.ts';
import type { Choice, Dialog } from './dialogs/dialog.ts';
import { detailNow } from './places/detail.ts';
import { streamRow } from './places/stream.ts';
import type { UiState } from './state.ts';

/** Reports on marks have this id, those on dialogs the dialog's, those on one group its number below 0. */
const MARKS_ID = 0;

export function wantedChoice(state: UiState): WindowRequest['chosen'] {
  const { dialog, marks, focus } = state;
  if (dialog?.groups) return { id: dialog.id, ...dialog.groups, ...(latches(dialog) ? { numbers: true } : {}) };
  // The group in the detail is answered alone, marks or not
  if (marks.size && focus !== 'detail') return { id: MARKS_ID, groups: [...marks], pages: false };
  const group = answerable(state);
  return group === null ? undefined : { id: -group, groups: [group] };
}

/** The one group that would be answered, if the rows of the pending panel may not have it; null: none. */
function answerable(state: UiState): number | null {
  if (state.focus === 'pending') {
    const { group } = state.pending;
    return state.view?.snapshot.pending.some((row) => row.group === group) ? null : group;
  }
  if (state.focus === 'detail') {
    const detail = detailNow(state);
    return detail?.state === 'pending' ? detail.group : null;
  }
  if (state.focus !== 'stream' || state.stream.end === null) return null;
  const row = streamRow(state);
  return row?.state === 'pending' ? row.group : null;
}

/** A dialog for all groups of a device or PASID, whose numbers are still to be fixed. */
const latches = ({ target, groups }: Dialog): boolean => target !== null && groups?.groups === undefined;

/** The first report fixes which groups an answer is for: what arrives later is left alone. */
export function latchGroups(state: UiState, view: View): UiState {
  const { dialog } = state;
  if (!dialog || !latches(dialog)) return state;
  const groups = reportOf(view, dialog.id)?.numbers;
  if (!groups?.length) return state;
  const choices = dialog.choices.map((choice): Choice => {
    if (!choice.does || !('command' in choice.does) || choice.does.command.cmd !== 'respond') return choice;
    const { code } = choice.does.command;
    const label = choice.label.replace(/all of them$/, plural(groups.length, 'group'));
    return { ...choice, label, does: { command: { cmd: 'respond', groups, code } } };
  });
  return { ...state, dialog: { ...dialog, choices, groups: { groups } } };
}

/** The report with that id, if the view has it. */
export const reportOf = (view: View, id: number): GroupChoiceReport | null =>
  view.chosen?.id === id ? view.chosen : null;

/** What is known about the marked groups, their pages left out. */
export const reportOfMarks = (view: View): GroupChoiceReport | null => reportOf(view, MARKS_ID);

/** What is known about the one group, from a view that was asked for it. */
export const reportOfGroup = (view: View, group: number): GroupChoiceReport | null => reportOf(view, -group);

/** Without those that are no longer pending: the engine refuses a command that names one. */
export function stillThere(choice: GroupChoice, report: GroupChoiceReport | null): GroupChoice {
  if (!choice.groups || !report?.gone.length) return choice;
  const gone = new Set(report.gone);
  return { ...choice, groups: choice.groups.filter((group) => !gone.has(group)) };
}
