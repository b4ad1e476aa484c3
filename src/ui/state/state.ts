// All that the screen knows. Plain data, changed only by the functions of this folder and of the panels; time is handed in.

import type { Command, ExitPlan, FilteredList, Hello, Rule, View } from '../../protocol/messages.ts';
import type { ScreenConfig, TimeMode } from '../config.ts';
import { remap } from '../keymap.ts';
import { KEYS, type KeyBinding } from '../keys.ts';
import { type Layout, layoutFor, type Page, type Panel, placed, UNKNOWN_OWNER_ROWS } from '../layout.ts';
import { deviceLineCount } from '../panels/devices/tree.ts';
import { overviewRows } from '../panels/owner/overview.ts';
import type { ThemeName } from '../text/theme-names.ts';
import type { AnswerCode, Dialog } from './dialog.ts';
import { firstHint } from './hint.ts';
import type { Range } from './marks.ts';
import type { Palette } from './palette.ts';
import type { Prompt } from './prompt.ts';
import type { RuleForm } from './rule-form.ts';

export interface Status {
  /** `hint`: gone with the first key. */
  kind: 'done' | 'error' | 'info' | 'hint';
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
  config: ScreenConfig;
  columns: number;
  rows: number;
  /** Seconds of the screen's clock at the last change. */
  now: number;
  /** Newest view. */
  view: View | null;
  /** What the screen shows instead while it is frozen, since when, and the groups that were answered here since. */
  frozen: { view: View; at: number; newest: number; answered: ReadonlyMap<number, string> } | null;
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
  /** As in the stream, by the numbers of the journal's entries. */
  journal: StreamPlace;
  /** The first row in sight of what is longer than its place. */
  statistics: { top: number };
  owner: { top: number };
  /** Groups that are marked for an action on several. */
  marks: ReadonlySet<number>;
  /** While a range is being marked. */
  range: Range | null;
  /** Pending groups to be marked that the window does not hold: all of these numbers are asked for. */
  gathering: { from: number; to: number } | null;
  /** CEL expressions by list; '' and absent let everything through. */
  filters: Partial<Record<FilteredList, string>>;
  /** Filters that were kept in this session, by list, the newest last. */
  filterPast: Partial<Record<FilteredList, readonly string[]>>;
  /** A filter is being typed. */
  prompt: Prompt | null;
  /** What is typed until then, in seconds, is text for a place that did not open; see stray-text.ts. */
  strayUntil: number | null;
  /** A list to choose from by typing is open. */
  palette: Palette | null;
  theme: ThemeName;
  /** Whether the mouse is the screen's. */
  mouse: boolean;
  /** The group, record and field that the detail pane shows; null: it is closed. */
  detail: { group: number; record: number; field: number } | null;
  /** How times of arrival are written. */
  time: TimeMode;
  dialog: Dialog | null;
  /** A rule is being edited. */
  form: RuleForm | null;
  /** The selected rule by name, and its place; the list that was sent, until the engine has it. */
  rules: { name: string | null; at: number; top: number; draft: Rule[] | null };
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
  cmd: Command['cmd'];
  /** The groups it answers: their rows say so until they are gone. */
  groups: readonly number[];
  /** What was answered; null: it was no answer. */
  code: AnswerCode | null;
  /** Whose groups they are: "gpu0 PASID 3"; '' is not said. */
  of: string;
}

/** What a change asks the outside to do. */
export type Effect =
  | { do: 'send'; command: Command }
  /** `what`: in words, for the status line. */
  | { do: 'copy'; text: string; what: string }
  | { do: 'quit'; onExit: ExitPlan | null }
  | { do: 'leave now' }
  | { do: 'redraw' }
  | { do: 'suspend' };

export interface Outcome {
  state: UiState;
  effects: Effect[];
}

/** A change of state that asks nothing of the outside. */
export const only = (state: UiState): Outcome => ({ state, effects: [] });

export function initialState(
  hello: Hello,
  { columns, rows }: Pick<UiState, 'columns' | 'rows'>,
  now: number,
  config: ScreenConfig,
): UiState {
  const { keys } = remap(KEYS, config.keys);
  return {
    hello,
    config,
    columns,
    rows,
    now,
    view: null,
    frozen: null,
    page: 'overview',
    focus: 'pending',
    overviewFocus: 'pending',
    keys,
    devices: { key: null, top: 0 },
    pending: { group: null, index: 0, top: 0, movedAt: Number.NEGATIVE_INFINITY, movedFrom: null },
    stream: { cursor: null, end: null },
    journal: { cursor: null, end: null },
    statistics: { top: 0 },
    owner: { top: 0 },
    marks: new Set(),
    range: null,
    gathering: null,
    filters: {},
    filterPast: {},
    prompt: null,
    strayUntil: null,
    palette: null,
    theme: config.theme,
    mouse: config.mouse,
    detail: null,
    time: config.time,
    dialog: null,
    form: null,
    rules: { name: null, at: 0, top: 0, draft: null },
    help: null,
    status: firstHint(keys, hello, columns, now),
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
  const deviceRows = deviceLineCount(state);
  return layoutFor({ columns, rows, page, detail: detail !== null, deviceRows, ownerRows: ownerRows(state) });
}

function ownerRows(state: UiState): number {
  const view = shownView(state);
  if (view) return overviewRows(view.snapshot.owner);
  return state.hello.abilities.owner ? UNKNOWN_OWNER_ROWS : 0;
}

/** Rows that a panel which is not in sight is kept ready for. */
const UNSEEN_ROWS = 10;

/** Rows of data that a panel has now. */
export function bodyHeight(state: UiState, panel: Panel): number {
  return placed(layoutOf(state), panel)?.body.height ?? UNSEEN_ROWS;
}
