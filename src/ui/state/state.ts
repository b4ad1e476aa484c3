// All that the screen knows. Plain data, changed only by the functions of this folder; time is handed in.
import type {
  AttachmentRow,
  Command,
  DeviceRow,
  ExitPlan,
  Hello,
  View,
  WindowRequest,
} from '../../protocol/messages.ts';
import { type Layout, layoutFor, type Panel } from '../layout.ts';
import type { Dialog } from './dialog.ts';

export interface Status {
  kind: 'done' | 'error' | 'info';
  text: string;
  /** Seconds of the screen's clock. */
  until: number;
}

/** The selected pending group. It is remembered by its number, not by its row. */
export interface PendingPlace {
  group: number | null;
  /** Place of it in the list of all pending groups, the oldest is 0. */
  index: number;
  /** Place of the first row on the screen. */
  top: number;
  /** When the selection last moved because its group went, and which group that was. */
  movedAt: number;
  movedFrom: number | null;
}

export interface StreamPlace {
  /** Sequence number under the cursor; null: the newest. */
  cursor: number | null;
  /** Sequence number in the last row; null: following. */
  end: number | null;
}

export interface UiState {
  hello: Hello;
  columns: number;
  rows: number;
  /** Seconds of the screen's clock at the last change. */
  now: number;
  /** Newest view. */
  view: View | null;
  /** What the screen shows instead while it is frozen, and since when. */
  frozen: { view: View; at: number; newest: number } | null;
  focus: Panel;
  /** The selected device row (see deviceKey) and the first row on the screen. */
  devices: { key: string | null; top: number };
  pending: PendingPlace;
  stream: StreamPlace;
  dialog: Dialog | null;
  help: { top: number } | null;
  status: Status | null;
  /** What the commands on their way were for, by id; for the words of their outcome. */
  asked: ReadonlyMap<number, Asked>;
  nextId: number;
  /** The engine has been told to quit. */
  leaving: boolean;
}

export interface Asked {
  what: string;
  /** The group it answers: its row says so until it is gone. */
  group: number | null;
}

/** What a change asks the outside to do. */
export type Effect =
  | { do: 'send'; command: Command }
  | { do: 'quit'; onExit: ExitPlan | null }
  | { do: 'leave now' }
  | { do: 'redraw' }
  | { do: 'suspend' };

export interface Outcome {
  state: UiState;
  effects: Effect[];
}

export function initialState(hello: Hello, columns: number, rows: number, now: number): UiState {
  return {
    hello,
    columns,
    rows,
    now,
    view: null,
    frozen: null,
    focus: 'pending',
    devices: { key: null, top: 0 },
    pending: { group: null, index: 0, top: 0, movedAt: Number.NEGATIVE_INFINITY, movedFrom: null },
    stream: { cursor: null, end: null },
    dialog: null,
    help: null,
    status: null,
    asked: new Map(),
    nextId: 1,
    leaving: false,
  };
}

/** The view that is on the screen: the frozen one, or the newest. */
export function shownView(state: UiState): View | null {
  return state.frozen?.view ?? state.view;
}

/** Oldest and newest record that the stream panel may show; both 0 when there is none. */
export function streamBounds(state: UiState): { oldest: number; newest: number } {
  const stream = shownView(state)?.stream;
  if (!stream?.newest) return { oldest: 0, newest: 0 };
  return { oldest: stream.oldest, newest: state.frozen?.newest ?? stream.newest };
}

export interface DeviceLine {
  key: string;
  device: DeviceRow;
  /** null: a device that is attached to nothing itself. */
  attachment: AttachmentRow | null;
  /** Place in the tree: the device itself, or a PASID of it, the last one closing the branch. */
  branch: 'device' | 'pasid' | 'last pasid';
}

export function deviceKey(devId: number, pasid: number | null): string {
  return pasid === null ? `${devId}` : `${devId}:${pasid}`;
}

/** The rows of the devices panel: each device, and under it its PASIDs. */
export function deviceLines(state: UiState): DeviceLine[] {
  const lines: DeviceLine[] = [];
  for (const device of shownView(state)?.snapshot.devices ?? []) {
    const own = device.attachments.find((a) => a.pasid === null) ?? null;
    lines.push({ key: deviceKey(device.devId, null), device, attachment: own, branch: 'device' });
    const pasids = device.attachments.filter((a) => a.pasid !== null);
    pasids.forEach((attachment, i) => {
      const branch = i === pasids.length - 1 ? 'last pasid' : 'pasid';
      lines.push({ key: deviceKey(device.devId, attachment.pasid), device, attachment, branch });
    });
  }
  return lines;
}

export function layoutOf(state: UiState): Layout {
  return layoutFor(state.columns, state.rows, deviceLines(state).length);
}

/** Rows of data that a panel has now; 0 when the terminal is too small. */
export function bodyHeight(state: UiState, panel: Panel): number {
  return layoutOf(state).panels?.[panel].body.height ?? 0;
}

const PER_SECOND = 10;

/** What to ask the engine for: what is on the screen, and a page more in each direction, so that scrolling does not wait. */
export function windowFor(state: UiState): WindowRequest {
  const pendingRows = Math.max(1, bodyHeight(state, 'pending'));
  const streamRows = Math.max(1, bodyHeight(state, 'stream'));
  const { end } = state.stream;
  const first = Math.max(0, state.pending.top - pendingRows);
  return {
    control: 'window',
    streamRows: end === null ? 2 * streamRows : 3 * streamRows,
    streamEnd: end === null ? null : end + streamRows,
    pendingRows: state.pending.top - first + 2 * pendingRows,
    pendingFirst: first,
    perSecond: PER_SECOND,
  };
}
