// All that the screen knows. Plain data, changed only by the functions of this folder and of the panels; time is handed in.
import type { Command, ExitPlan, FilteredList, Hello, View } from '../../protocol/messages.ts';
import { KEYS, type KeyBinding } from '../keys.ts';
import { type Layout, layoutFor, type Page, type Panel, placed } from '../layout.ts';
import { deviceLineCount } from '../panels/devices/tree.ts';
import type { TimeMode } from '../text/time.ts';
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
  page: Page;
  /** The panel with the cursor. */
  focus: Panel;
  /** The one that has it on the overview. */
  overviewFocus: Panel;
  /** The key table, as the configuration has changed it. */
  keys: readonly KeyBinding[];
  /** The selected device row (see deviceKey) and the first row on the screen. */
  devices: { key: string | null; top: number };
  pending: PendingPlace;
  stream: StreamPlace;
  /** Groups that are marked for an action on several. */
  marks: ReadonlySet<number>;
  /** CEL expressions by list; '' and absent let everything through. */
  filters: Partial<Record<FilteredList, string>>;
  /** The group, record and field that the detail pane shows; null: it is closed. */
  detail: { group: number; record: number; field: number } | null;
  /** How times of arrival are written. */
  time: TimeMode;
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
  /** The groups it answers: their rows say so until they are gone. */
  groups: readonly number[];
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
    page: 'overview',
    focus: 'pending',
    overviewFocus: 'pending',
    keys: KEYS,
    devices: { key: null, top: 0 },
    pending: { group: null, index: 0, top: 0, movedAt: Number.NEGATIVE_INFINITY, movedFrom: null },
    stream: { cursor: null, end: null },
    marks: new Set(),
    filters: {},
    detail: null,
    time: 'since-start',
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

export function layoutOf(state: UiState): Layout {
  const { columns, rows, page, detail } = state;
  return layoutFor({ columns, rows, page, detail: detail !== null, deviceRows: deviceLineCount(state) });
}

/** Rows that a panel which is not in sight is kept ready for. */
const UNSEEN_ROWS = 10;

/** Rows of data that a panel has now. */
export function bodyHeight(state: UiState, panel: Panel): number {
  return placed(layoutOf(state), panel)?.body.height ?? UNSEEN_ROWS;
}
