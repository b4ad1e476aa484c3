// Which groups the engine is asked about: those of the dialog, those that are marked, the one under the stream's cursor.
import type { GroupChoice, GroupChoiceReport, View, WindowRequest } from '../../protocol/messages.ts';
import { streamRow } from '../panels/stream/record.ts';
import type { UiState } from './state.ts';

/** Reports on marks have this id, those on dialogs the dialog's, those on one group its number below 0. */
const MARKS_ID = 0;

export function wantedChoice(state: UiState): WindowRequest['chosen'] {
  const { dialog, marks } = state;
  if (dialog?.groups) return { id: dialog.id, ...dialog.groups };
  if (marks.size) return { id: MARKS_ID, groups: [...marks] };
  if (state.focus !== 'stream' || state.stream.end === null) return undefined;
  const row = streamRow(state);
  return row?.state === 'pending' ? { id: -row.group, groups: [row.group] } : undefined;
}

/** The report with that id, if the view has it. */
export const reportOf = (view: View, id: number): GroupChoiceReport | null =>
  view.chosen?.id === id ? view.chosen : null;

/** What is known of the one group, from a view that was asked for it. */
export const reportOfGroup = (view: View, group: number): GroupChoiceReport | null => reportOf(view, -group);

/** Without those that are pending no longer: the engine refuses a command that names one. */
export function stillThere(choice: GroupChoice, report: GroupChoiceReport | null): GroupChoice {
  if (!choice.groups || !report?.gone.length) return choice;
  const gone = new Set(report.gone);
  return { ...choice, groups: choice.groups.filter((group) => !gone.has(group)) };
}
