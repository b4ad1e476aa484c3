// The journal panel: every answer and every change of an attachment, with its author and its result.

import type { ReactNode } from 'react';
import { nounOf } from '../../../text/plural.ts';
import type { Copied } from '../../model/copied.ts';
import { keyFor } from '../../model/key-words.ts';
import type { Rect } from '../../model/layout.ts';
import { bodyHeight } from '../../model/layout-of.ts';
import { inSight, newerEntries } from '../../model/places/journal.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { timeText } from '../../model/times.ts';
import { count } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import { type Fitted, fitColumns } from '../../text/table.ts';
import { type Line, type TableOf, tableRoom } from '../lines.ts';
import { Panel, type PanelProps } from '../panel.tsx';
import { Table } from '../table.tsx';
import { unfitWords } from '../unfit.ts';
import { ALL, copyEntry } from './copy.ts';
import { journalColumns, journalRow } from './rows.ts';

function fitted(state: UiState, width: number): Fitted {
  const room = tableRoom(width);
  return fitColumns(journalColumns(state.time, room), room);
}

/** The rows in sight. */
function journalLines(state: UiState, { width, height }: Pick<Rect, 'width' | 'height'>): Line[] {
  const view = shownView(state);
  if (!view?.journal) return [];
  const { from, to, cursor } = inSight(state, height);
  return view.journal.entries.slice(from, to).map((entry, i) => ({
    ...journalRow(entry, view.snapshot.devices, timeText(state, entry.t), tableRoom(width)),
    selected: from + i === cursor,
  }));
}

function words(state: UiState): string[] {
  const view = shownView(state);
  if (!view) return ['Waiting for the engine to start.'];
  if (!view.journal) return ['Fetching the journal…'];
  if (view.journal.seqs.length) return [];
  const filter = view.filters.journal;
  if (filter?.text && filter.total) return unfitWords(state, 'journal', filter.total, filter.text);
  return ['Nothing has been answered, attached or detached yet: each such action will be a line here.'];
}

/** The newest are kept in memory, whatever the file has. */
function held(state: UiState): string {
  const view = shownView(state)!;
  const { entries } = view.snapshot.journal;
  const { older, newer, seqs } = view.journal!;
  const here = older + newer + seqs.length;
  const total = `${count(entries)} ${nounOf(entries, 'entry', 'entries')}`;
  if (view.filters.journal?.text) return `${count(here)} that match the filter, of ${total}`;
  return here < entries ? `the newest ${count(here)} of ${total}` : total;
}

function note(state: UiState): string {
  const view = shownView(state);
  if (!view?.journal) return '';
  const { path, error } = view.snapshot.journal;
  const newer = newerEntries(state);
  const stopped = `stopped, ${count(newer)} newer; ${keyFor(state, 'end')} follows`;
  const place = state.frozen ? 'frozen' : state.journal.end === null ? 'following' : stopped;
  const where = error ? sanitise(error) : path === null ? 'in memory only' : sanitise(path);
  return [place, held(state), where].join('; ');
}

export function copyJournal(state: UiState): Copied | null {
  const height = bodyHeight(state, 'journal');
  return copyEntry(state, journalLines(state, { width: ALL, height }), height);
}

const TABLE: TableOf = { fitted, words, lines: journalLines };

export function JournalPanel(props: PanelProps): ReactNode {
  return (
    <Panel {...props} note={note}>
      <Table {...props} of={TABLE} />
    </Panel>
  );
}
