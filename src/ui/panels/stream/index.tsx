// The fault stream panel: the records as they arrived.

import type { ReactNode } from 'react';
import { deviceNames, nameWidth } from '../../model/columns.ts';
import type { Copied } from '../../model/copied.ts';
import { keyFor } from '../../model/key-words.ts';
import { bodyHeight } from '../../model/layout-of.ts';
import { inSight, streamRows } from '../../model/places/stream.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { decodeRow } from '../../model/stream-record.ts';
import { timeText } from '../../model/times.ts';
import { count } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import { type Fitted, fitColumns, withNames } from '../../text/table.ts';
import { type Line, type TableOf, tableRoom } from '../lines.ts';
import { marksText } from '../marks.ts';
import { Panel, type PanelProps } from '../panel.tsx';
import { Table } from '../table.tsx';
import { unfitWords } from '../unfit.ts';
import { waitingWords } from '../waiting.ts';
import { streamColumns } from './columns.ts';
import { copyStream } from './copy.ts';
import { STATE_STYLE, streamCells } from './rows.ts';

const fitted = (state: UiState, width: number): Fitted =>
  withNames(
    fitColumns(streamColumns(nameWidth(state), state.time, shownView(state)?.snapshot.counters), tableRoom(width)),
    'device',
    deviceNames(state),
  );

/** The rows in sight. */
export function streamLines(state: UiState, height: number): Line[] {
  const view = shownView(state);
  if (!view) return [];
  const names = new Map(view.snapshot.devices.map((d) => [d.devId, sanitise(d.name)]));
  const { seqs, cursor } = inSight(state, height);
  return seqs.map((seq) => {
    const row = decodeRow(view.stream, seq)!;
    return {
      cells: streamCells(row, names.get(row.devId) ?? `dev ${row.devId}`, timeText(state, row.t)),
      styles: { state: STATE_STYLE[row.state] },
      selected: seq === cursor,
      marked: state.marks.has(row.group),
    };
  });
}

function words(state: UiState): string[] {
  const view = shownView(state);
  if (!view) return ['Waiting for the engine to start.'];
  if (streamRows(state).newest) return [];
  const filter = view.filters.stream;
  if (filter?.text && filter.total) return unfitWords(state, 'stream', filter.total, filter.text);
  return waitingWords(state);
}

function note(state: UiState): string {
  const { newest } = streamRows(state);
  if (!newest) return '';
  const marks = marksText(state);
  if (state.frozen) return `${marks}frozen`;
  if (state.stream.end === null) return `${marks}following`;
  return `${marks}stopped, ${count(newer(state))} newer; ${keyFor(state, 'end')} follows`;
}

export const copySelectedStream = (state: UiState): Copied | null =>
  copyStream(state, streamLines(state, bodyHeight(state, 'stream')));

const TABLE: TableOf = { fitted, words, lines: (state, { height }) => streamLines(state, height) };

export function StreamPanel(props: PanelProps): ReactNode {
  return (
    <Panel {...props} note={note}>
      <Table {...props} of={TABLE} />
    </Panel>
  );
}

/** Records after the last one in sight. */
function newer(state: UiState): number {
  const { stream } = shownView(state)!;
  const end = state.stream.end ?? stream.newest;
  return stream.newer + stream.seqs.filter((seq) => seq > end).length;
}
