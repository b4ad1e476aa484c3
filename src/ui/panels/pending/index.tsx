// The pending groups panel: what was read and not answered, oldest first.

import type { ReactNode } from 'react';
import type { Counters, DeviceRow } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import { isHung, oldestNs } from '../../model/ages.ts';
import { deviceNames, nameWidth } from '../../model/columns.ts';
import type { Copied } from '../../model/copied.ts';
import { bodyHeight } from '../../model/layout-of.ts';
import { pendingTotal } from '../../model/places/pending.ts';
import { sinceFreeze } from '../../model/since-freeze.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { count, plural } from '../../text/format.ts';
import { type Fitted, fitColumns, withNames } from '../../text/table.ts';
import { type Line, type TableOf, tableRoom } from '../lines.ts';
import { marksText } from '../marks.ts';
import { Panel, type PanelProps } from '../panel.tsx';
import { Table } from '../table.tsx';
import { unfitWords } from '../unfit.ts';
import { lookingWords, waitingWords } from '../waiting.ts';
import { pendingColumns, type StateCells } from './columns.ts';
import { copyPending } from './copy.ts';
import { pendingRow } from './rows.ts';

const fitted = (state: UiState, width: number): Fitted =>
  withNames(
    fitColumns(
      pendingColumns(nameWidth(state), stateCells(state), shownView(state)?.snapshot.counters.groups),
      tableRoom(width),
    ),
    'device',
    deviceNames(state),
  );

/** Any rule that is on: the columns must not come and go with the rows. */
function stateCells(state: UiState): StateCells {
  const { readOnly, dryRun } = state.hello;
  if ((readOnly && !dryRun) || !shownView(state)?.snapshot.rules.some((rule) => rule.enabled)) return 9;
  return dryRun ? 24 : 20;
}

/** The rows in sight. */
export function pendingLines(state: UiState, height: number): Line[] {
  const snapshot = shownView(state)?.snapshot;
  if (!snapshot) return [];
  const from = Math.max(0, state.pending.top - snapshot.pendingFirst);
  const answering = new Set([...state.asked.values()].flatMap((asked) => asked.groups));
  const became = (group: number) => (answering.has(group) ? 'answering…' : sinceFreeze(state, group));
  const hung = new Set(snapshot.devices.filter(isHung).map((device) => device.devId));
  return snapshot.pending.slice(from, from + height).map((row) => ({
    ...pendingRow(row, became(row.group), hung.has(row.devId), state.hello.dryRun),
    selected: row.group === state.pending.group,
    marked: state.marks.has(row.group),
  }));
}

const unseenText = ({ unseen }: Counters): string => (unseen ? `; ${count(unseen)} unseen, by a rescue` : '');

/** A device that has faulted this recently needs no words about waiting. */
const LIVELY_NS = 3e9;
const isLively = ({ quietNs }: DeviceRow): boolean => quietNs !== null && quietNs < LIVELY_NS;

function words(state: UiState): string[] {
  const view = shownView(state);
  if (!view) return ['Waiting for the engine to start.'];
  const { pending, counters } = view.snapshot;
  if (pending.length) return [];
  const filter = view.filters.pending;
  if (filter?.text && counters.pending) return unfitWords(state, 'pending', counters.pending, filter.text);
  if (counters.pending) return ['Fetching the pending groups…'];
  const looking = lookingWords(state);
  if (looking.length) return looking;
  if (!counters.groups) return ['Nothing waits for an answer.', ...waitingWords(state)];
  return [
    `Nothing waits for an answer: all ${count(counters.groups)} groups that were read have been answered.`,
    `${count(counters.success)} SUCCESS, ${count(counters.invalid)} INVALID, ${count(counters.auto)} by the kernel${unseenText(counters)}.`,
    ...(view.snapshot.devices.some(isLively) ? [] : waitingWords(state)),
  ];
}

function note(state: UiState): string {
  const view = shownView(state);
  if (!view?.snapshot.counters.pending) return '';
  // The oldest of all groups, so not for a list that leaves some out
  const oldest = view.filters.pending?.text ? null : oldestNs(state);
  const place = state.pending.group === null ? '' : `${state.pending.index + 1} of `;
  const age = oldest === null ? '' : `, oldest ${duration(oldest)}`;
  // A frozen screen has only what had been fetched
  const here = pendingTotal(state);
  const all = view.filters.pending?.text ? here : view.snapshot.counters.pending;
  const fetched = here < all ? `, ${count(here)} of them fetched` : '';
  return `${marksText(state)}${place}${plural(all, 'group')}${fetched}${age}`;
}

export const copySelectedPending = (state: UiState): Copied | null =>
  copyPending(state, pendingLines(state, bodyHeight(state, 'pending')));

const TABLE: TableOf = { fitted, words, lines: (state, { height }) => pendingLines(state, height) };

export function PendingPanel(props: PanelProps): ReactNode {
  return (
    <Panel {...props} note={note}>
      <Table {...props} of={TABLE} />
    </Panel>
  );
}
