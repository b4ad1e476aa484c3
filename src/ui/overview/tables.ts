// What the overview's tables show: cells as text, from the view. Pure; the JSON has the same numbers.
import type { AttachmentRow, DeviceRow, PendingRow } from '../../protocol/messages.ts';
import { PANELS, type Panel, type PanelLayout } from '../layout.ts';
import { type DeviceLine, deviceLines, shownView, streamBounds, type UiState } from '../state/state.ts';
import { decodeRow, type StreamRow } from '../state/stream-row.ts';
import { clock, count, duration, hex, permBits, permNames, rate } from '../text/format.ts';
import { sanitise } from '../text/sanitise.ts';
import { type Fitted, fitColumns } from '../text/table.ts';
import type { Style } from '../text/theme.ts';
import { deviceColumns, pendingColumns, streamColumns } from './columns.ts';

export type Cells = Record<string, string>;

export interface Line {
  cells: Cells;
  /** Looks of some of the cells. */
  styles: Partial<Record<string, Style>>;
  selected: boolean;
}

const NS_PER_S = 1e9;
/** An age is worth a colour from here on. */
export const OLD_NS = 1 * NS_PER_S;
export const VERY_OLD_NS = 10 * NS_PER_S;

export function ageStyle(ns: number | null): Style {
  if (ns === null || ns < OLD_NS) return 'plain';
  return ns < VERY_OLD_NS ? 'warn' : 'bad';
}

/** Room for the cursor mark at the left of each row. */
export const GUTTER = 2;
const MIN_NAME = 6;
const MAX_NAME = 24;

/** The columns of each panel at its width. */
export function fittedFor(state: UiState, panels: Record<Panel, PanelLayout>): Record<Panel, Fitted> {
  const names = (shownView(state)?.snapshot.devices ?? []).map((d) => d.name.length);
  const nameWidth = Math.min(MAX_NAME, Math.max(MIN_NAME, ...names));
  const room = (panel: Panel) => panels[panel].body.width - GUTTER - 1;
  const columns = {
    devices: deviceColumns(nameWidth, state.hello.target.scenario !== null, room('devices')),
    pending: pendingColumns(nameWidth),
    stream: streamColumns(nameWidth),
  };
  const fitted = PANELS.map((panel) => [panel, fitColumns(columns[panel], room(panel))]);
  return Object.fromEntries(fitted) as Record<Panel, Fitted>;
}

/** The lines of a panel that are in sight, `height` of them at most. */
export function linesFor(state: UiState, panel: Panel, height: number): Line[] {
  if (panel === 'devices') return deviceTable(state, height);
  return panel === 'pending' ? pendingTable(state, height) : streamTable(state, height);
}

function deviceTable(state: UiState, height: number): Line[] {
  return deviceLines(state)
    .slice(state.devices.top, state.devices.top + height)
    .map((line) => ({ ...deviceRow(line), selected: line.key === state.devices.key }));
}

/** Whether a played device says that it has stopped for want of an answer. */
export const isHung = (device: DeviceRow): boolean => device.note?.startsWith('hung') === true;

const HANDLED: Record<AttachmentRow['handler'], string> = {
  us: 'us',
  kernel: 'kernel SVA',
  nobody: 'nobody',
};

function deviceRow(line: DeviceLine): Omit<Line, 'selected'> {
  const { device, attachment, branch } = line;
  const own = branch === 'device';
  const oldest = own ? device.oldestNs : (attachment?.oldestNs ?? null);
  const pending = own ? device.pending : (attachment?.pending ?? 0);
  const name = own ? sanitise(device.name) : `${branch === 'pasid' ? '├' : '└'} PASID ${attachment?.pasid}`;
  const cells: Cells = {
    name,
    dev: own ? String(device.devId) : '',
    hwpt: attachment ? `${attachment.hwptKind} ${attachment.hwptId}` : 'not attached',
    ioas: attachment ? String(attachment.ioasId) : '-',
    queue: attachment?.faultId == null ? '-' : String(attachment.faultId),
    handler: attachment ? HANDLED[attachment.handler] : 'nobody',
    rate: own ? rate(device.rate) : '',
    pending: count(pending),
    oldest: oldest === null ? '-' : duration(oldest),
    faults: own ? count(device.faults) : '',
    note: own ? sanitise(device.note ?? '') : '',
  };
  const handled = attachment?.handler === 'us' ? 'good' : attachment?.handler === 'kernel' ? 'plain' : 'warn';
  return {
    cells,
    styles: {
      name: own && isHung(device) ? 'bad' : 'plain',
      oldest: ageStyle(oldest),
      handler: handled,
      pending: pending ? 'title' : 'dim',
      note: isHung(device) ? 'bad' : 'warn',
    },
  };
}

function pendingTable(state: UiState, height: number): Line[] {
  const snapshot = shownView(state)?.snapshot;
  if (!snapshot) return [];
  const from = Math.max(0, state.pending.top - snapshot.pendingFirst);
  const answering = new Set([...state.asked.values()].map((asked) => asked.group));
  const hung = new Set(snapshot.devices.filter(isHung).map((device) => device.devId));
  return snapshot.pending.slice(from, from + height).map((row) => ({
    ...pendingRow(row, answering.has(row.group), hung.has(row.devId)),
    selected: row.group === state.pending.group,
  }));
}

function pendingRow(row: PendingRow, answering: boolean, hung: boolean): Omit<Line, 'selected'> {
  const cells: Cells = {
    age: duration(row.ageNs),
    group: String(row.group),
    device: sanitise(row.device),
    pasid: row.pasid === null ? '-' : String(row.pasid),
    grpid: String(row.grpid),
    cookie: String(row.cookie),
    faults: count(row.faults),
    perm: permNames(row.perm),
    first: row.first,
    last: row.last === row.first ? '' : row.last,
    repeats: row.repeats ? `${count(row.repeats)}×` : '-',
    state: answering ? 'answering…' : 'P pending',
  };
  return {
    cells,
    styles: {
      age: ageStyle(row.ageNs),
      device: hung ? 'bad' : 'plain',
      repeats: row.repeats ? 'warn' : 'dim',
      state: 'warn',
    },
  };
}

const LETTER: Record<StreamRow['state'], string> = { pending: 'P', success: 'S', invalid: 'I', auto: 'A' };
const STATE_STYLE: Record<StreamRow['state'], Style> = {
  pending: 'warn',
  success: 'good',
  invalid: 'bad',
  auto: 'auto',
};

function streamTable(state: UiState, height: number): Line[] {
  const window = shownView(state)?.stream;
  const { oldest, newest } = streamBounds(state);
  if (!window || !newest) return [];
  const names = new Map(shownView(state)?.snapshot.devices.map((d) => [d.devId, sanitise(d.name)]));
  const end = Math.min(state.stream.end ?? newest, newest);
  const first = Math.max(oldest, end - height + 1);
  const cursor = state.stream.cursor ?? end;
  const lines: Line[] = [];
  for (let seq = first; seq <= end; seq++) {
    const row = decodeRow(window, seq);
    const cells = row ? streamCells(row, names.get(row.devId) ?? `dev ${row.devId}`) : { seq: String(seq) };
    const styles: Line['styles'] = row ? { state: STATE_STYLE[row.state] } : {};
    lines.push({ cells, styles, selected: seq === cursor });
  }
  return lines;
}

function streamCells(row: StreamRow, device: string): Cells {
  return {
    state: LETTER[row.state],
    time: clock(row.t),
    seq: String(row.seq),
    group: String(row.group),
    device,
    pasid: row.pasid === null ? '-' : String(row.pasid),
    grpid: String(row.grpid),
    perm: permBits(row.perm),
    addr: hex(row.addr),
    last: row.lastPage ? 'L' : '',
    cookie: String(row.cookie),
  };
}
