// `iopftop devices`: a line for each device.
import type { DeviceInfo } from '../../host/device-info.ts';
import type { Unread } from '../../host/reading.ts';
import { verdictOf } from '../../host/verdict.ts';
import { oneLine } from '../../text/one-line.ts';
import { cellsOf, firstCells, padCellsEnd } from '../../text/visible.ts';
import { wrap } from '../../text/wrap.ts';
import { functionText, iommuName, LEGEND, letters, shortName, summaryText, unreadTexts, verdictText } from './words.ts';

interface Column {
  readonly head: string;
  readonly text: (device: DeviceInfo) => string;
  /** Columns with a higher number are left out first if the space gets narrow; 0 stays. */
  readonly dispensable: number;
  /** It is cut rather than left out, down to so many columns. */
  readonly least?: number;
}

const COLUMNS: readonly Column[] = [
  { head: 'DEVICE', text: ({ address }) => address, dispensable: 0 },
  { head: 'NAME', text: shortName, dispensable: 4, least: 21 },
  { head: 'GROUP', text: ({ group }) => (group === null ? '-' : String(group.id)), dispensable: 3 },
  { head: 'IOMMU', text: iommuName, dispensable: 5 },
  { head: 'FUNCTION', text: functionText, dispensable: 7 },
  { head: 'PRI', text: letters, dispensable: 1 },
  { head: 'DRIVER', text: ({ driver }) => driver ?? '-', dispensable: 2 },
  { head: 'VFIO', text: ({ vfio }) => vfio?.name ?? '', dispensable: 6 },
  { head: 'VERDICT', text: (device) => verdictText(verdictOf(device)), dispensable: 0, least: 20 },
];

const GAP = 2;

interface Shown {
  readonly column: Column;
  readonly cells: readonly string[];
  width: number;
}

const widthOf = (shown: readonly Shown[]): number => shown.reduce((sum, { width }) => sum + width + GAP, -GAP);

/** Cuts what may be cut, and then leaves columns out, until the rest fits. */
function narrowed(all: readonly Shown[], width: number): Shown[] {
  let shown = [...all];
  for (;;) {
    const over = widthOf(shown) - width;
    if (over <= 0) return shown;
    const name = shown.find(({ column }) => column.least !== undefined && column.dispensable > 0);
    const room = name ? name.width - name.column.least! : 0;
    if (name && room >= over) {
      name.width -= over;
      return shown;
    }
    const most = Math.max(...shown.map(({ column }) => column.dispensable));
    if (most === 0) break;
    shown = shown.filter(({ column }) => column.dispensable < most);
  }
  const last = shown.at(-1)!;
  last.width = Math.max(last.column.least!, last.width - (widthOf(shown) - width));
  return shown;
}

const cut = (text: string, width: number): string =>
  padCellsEnd(cellsOf(text) <= width ? text : `${firstCells(text, Math.max(0, width - 3))}...`, width);

/** The table of all devices, at most `width` wide if possible, with the legend and what could not be read. */
export function devicesTable(devices: readonly DeviceInfo[], width: number, unread: readonly Unread[] = []): string {
  const all = COLUMNS.map((column): Shown => {
    const cells = [column.head, ...devices.map((device) => oneLine(column.text(device)))];
    return { column, cells, width: Math.max(...cells.map(cellsOf)) };
  }).filter(({ column, cells }) => column.dispensable === 0 || cells.slice(1).some((cell) => cell !== ''));
  const shown = narrowed(all, width);
  const lines = [-1, ...devices.keys()].map((row) =>
    shown
      .map(({ cells, width: columns }) => cut(cells[row + 1]!, columns))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
  const notes = [
    ...(shown.some(({ column }) => column.text === letters) ? [LEGEND] : []),
    summaryText(devices.map(verdictOf)),
    ...unreadTexts(devices, unread).map((text) => `Not read: ${text}`),
    '`iopftop devices DEVICE` shows everything known about one.',
  ].flatMap((text) => wrap(oneLine(text), width));
  return [...lines, '', ...notes].map((line) => `${line}\n`).join('');
}
