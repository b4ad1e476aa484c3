// The detail pane: one record of a group field by field, beside its bytes; the field under the cursor lights its bytes up.

import type { ReactNode } from 'react';
import { iommuHwptPgfault } from '../../../uapi/iommufd.ts';
import { useScreen, useTheme } from '../../hooks/use-screen.ts';
import type { Rect } from '../../model/layout.ts';
import { detailNow, detailSource } from '../../model/places/detail.ts';
import { scrollTo } from '../../model/places/move.ts';
import type { UiState } from '../../model/state.ts';
import { Lines } from '../../paint/lines.tsx';
import { count } from '../../text/format.ts';
import { fitPieces } from '../../text/pieces.ts';
import { cutCells } from '../../text/sanitise.ts';
import type { Style } from '../../text/style.ts';
import { cell } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';
import { paintWords } from '../lines.ts';
import { Panel, type PanelProps } from '../panel.tsx';
import { groupFacts } from './facts.ts';
import { type FieldLine, faultFields, responseBytes, responseFields } from './fields.ts';

type Piece = [text: string, style: Style];
type Row = Piece[];

const FACT_ROWS = 2;
const HEX_COLUMNS = 8;
/** Where the words of the fields would have no room beside so many bytes. */
const NARROW_HEX_COLUMNS = 4;
const NARROW_BELOW = 70;

function words(state: UiState): string[] {
  if (!state.detail) return ['No group is selected.'];
  const detail = detailNow(state);
  if (!detail) return [`Fetching group ${state.detail.group}…`];
  if (detail.found === 'held' && detail.records.length) return [];
  if (detail.found === 'evicted')
    return [
      `Group ${detail.group} was evicted from the history: its records are no longer held. --history keeps more.`,
    ];
  return detail.found === 'held' ? [`Fetching group ${detail.group}…`] : [`Group ${detail.group} was never read.`];
}

/** The bytes `at` … `end` - 1, those of the field lit. */
function hexRow(bytes: Uint8Array, [at, end]: [number, number], lit: FieldLine | null, focused: boolean): Row {
  const style: Style = focused ? 'cursor' : 'lit';
  const row: Row = [];
  for (let i = at; i < Math.min(end, bytes.length); i++) {
    const on = lit !== null && i >= lit.field.offset && i < lit.field.offset + lit.field.width;
    // The gap before a byte is lit with it when the byte before is lit too
    const joined = on && i > lit.field.offset && i > at;
    row.push(
      [i > at ? ' ' : '', joined ? style : 'plain'],
      [bytes[i]!.toString(16).padStart(2, '0'), on ? style : 'plain'],
    );
  }
  return row;
}

function fieldRow({ field, value, meaning }: FieldLine, width: number, on: boolean, focused: boolean): Row {
  const head = `${on ? (focused ? '▶' : '·') : ' '} ${String(field.offset).padStart(3)}  ${field.kernelName.padEnd(10)} `;
  const text = cell(`${head}${value.padEnd(10)} ${meaning}`, width);
  return [[text, on ? (focused ? 'cursor' : 'lit') : 'plain']];
}

const SEPARATOR = '  ';

interface ShownStruct {
  readonly title: string;
  readonly fields: readonly FieldLine[];
  readonly bytes: Uint8Array;
}

/** Its fields at the left, its bytes at the right. */
function structRows({ title, fields, bytes }: ShownStruct, at: number, width: number, focused: boolean): Row[] {
  const columns = width < NARROW_BELOW ? NARROW_HEX_COLUMNS : HEX_COLUMNS;
  const hexWidth = 3 * columns - 1;
  const left = width - hexWidth - SEPARATOR.length;
  const lit = fields[at] ?? null;
  const rows: Row[] = [
    [
      [cell(`  OFF  ${title}`, left), 'heading'],
      [SEPARATOR, 'plain'],
      [cell('BYTES', hexWidth), 'heading'],
    ],
  ];
  const hex = Math.ceil(bytes.length / columns);
  for (let i = 0; i < Math.max(fields.length, hex); i++) {
    const field = fields[i];
    const row: Row = field ? fieldRow(field, left, i === at, focused) : [[' '.repeat(left), 'plain']];
    const span: [number, number] = [i * columns, (i + 1) * columns];
    rows.push([...row, [SEPARATOR, 'plain'], ...(i < hex ? hexRow(bytes, span, lit, focused) : [])]);
  }
  return rows;
}

/** All lines below the facts, and which of them has the cursor. */
function body(state: UiState, width: number, focused: boolean): { rows: Row[]; cursor: number } {
  const detail = detailNow(state)!;
  const record = detail.records.subarray(0, iommuHwptPgfault.size);
  const fields = faultFields(record, detail);
  const answer = responseBytes(record, detail.state);
  const response = responseFields(answer, detail.state);
  const at = state.detail!.field;
  const title = detail.state === 'pending' ? 'iommu_hwpt_page_response, to be written' : 'iommu_hwpt_page_response';
  const first = structRows({ title: 'iommu_hwpt_pgfault', fields, bytes: record }, at, width, focused);
  const second = structRows({ title, fields: response, bytes: answer }, at - fields.length, width, focused);
  const cursor = 1 + (at < fields.length ? at : first.length + at - fields.length);
  return { rows: [...first, ...second], cursor };
}

function paintRow(row: Row, width: number, theme: Theme): string {
  let room = width;
  let line = '';
  for (const [text, style] of row) {
    const shown = cutCells(text, room);
    room -= shown.length;
    line += theme.paint(style, theme.glyphs(shown));
  }
  return line + ' '.repeat(room);
}

function factRows(state: UiState, width: number): Row[] {
  const detail = detailNow(state)!;
  const { devId, pasid } = detailSource(state)!;
  const facts = groupFacts(state, detail, devId, pasid);
  const rows: Row[] = [];
  let left = facts.map(({ text, style }, i) => ({ text, style, priority: i }));
  while (left.length && rows.length < FACT_ROWS) {
    const fit = fitPieces(left, width - 2, 3);
    rows.push(
      fit.flatMap(
        ({ text, style }, i): Row => [
          [i === 0 ? '  ' : '   ', 'plain'],
          [text, style],
        ],
      ),
    );
    left = left.slice(fit.length).map((piece, i) => ({ ...piece, priority: i }));
  }
  return rows;
}

function paint(state: UiState, rect: Rect, focused: boolean, theme: Theme): string[] {
  const empty = words(state);
  if (empty.length) return paintWords(empty, rect, theme);
  const facts = factRows(state, rect.width);
  const { rows, cursor } = body(state, rect.width - 1, focused);
  const height = rect.height - facts.length;
  const top = scrollTo(cursor, 0, height, rows.length);
  const shown = [...facts, ...rows.slice(top, top + height)];
  return shown.map((row) => paintRow(row, rect.width, theme));
}

function note(state: UiState): string {
  const detail = detailNow(state);
  if (detail?.found !== 'held') return '';
  const more = detail.faults > 1 ? ', PgUp PgDn for the others' : '';
  return `group ${detail.group}, fault ${detail.from + 1} of ${count(detail.faults)}${more}`;
}

export function DetailPanel(props: PanelProps): ReactNode {
  const theme = useTheme();
  const { place, focused } = props;
  const rows = useScreen((state) => paint(state, place.body, focused, theme));
  return (
    <Panel {...props} note={note}>
      <Lines lines={rows} />
    </Panel>
  );
}
