// All that the screen knows. Plain data, changed only by pure functions (`places/` and `../actions/`); time is handed in.

import type { Command, ExitPlan, FilteredList, Hello, Rule, View } from '../../protocol/messages.ts';
import type { ThemeName } from '../text/theme-names.ts';
import type { ScreenConfig, TimeMode } from './config.ts';
import type { AnswerCode, Dialog } from './dialogs/dialog.ts';
import type { KeyBinding } from './key-types.ts';
import type { Page, Panel } from './layout.ts';
import type { Palette, Prompt, Range, RuleForm } from './overlays.ts';

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

/** The state of the terminal itself, whichever session it shows. */
export interface TerminalState {
  config: ScreenConfig;
  columns: number;
  rows: number;
  /** Seconds of the screen's clock at the last change. */
  now: number;
  page: Page;
  /** The panel with the cursor. */
  focus: Panel;
  /** The one that has it on the overview. */
  overviewFocus: Panel;
  /** The key table, as the configuration has changed it. */
  keys: readonly KeyBinding[];
  theme: ThemeName;
  /** Whether the mouse is the screen's. */
  mouse: boolean;
  /** How times of arrival are written. */
  time: TimeMode;
  status: Status | null;
  help: { top: number } | null;
  /** A list to choose from by typing is open. */
  palette: Palette | null;
  /** A filter is being typed. */
  prompt: Prompt | null;
  /** A rule is being edited. */
  form: RuleForm | null;
  dialog: Dialog | null;
  /** What is typed until then, in seconds, is text for a field that did not open; see stray-text.ts. */
  strayUntil: number | null;
}

/** Names a session. Groups, devices and commands have numbers of their own in each. */
export type SessionId = string;

/** What is known about one engine and its faults, and where the cursors are in its lists. */
export interface SessionState {
  session: SessionId;
  hello: Hello;
  /** Newest view. */
  view: View | null;
  /** What the screen shows instead while it is frozen, since when, and the groups that were answered here since. */
  frozen: { view: View; at: number; newest: number; answered: ReadonlyMap<number, string> } | null;
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
  /** The group, record and field that the detail pane shows; null: it is closed. */
  detail: { group: number; record: number; field: number } | null;
  /** The selected rule by name, and its place; the list that was sent, until the engine has it. */
  rules: { name: string | null; at: number; top: number; draft: Rule[] | null };
  /** What the commands on their way were for, by id; for the words of their outcome. */
  asked: ReadonlyMap<number, Asked>;
  nextId: number;
  /** The engine has the command to quit. */
  leaving: boolean;
}

/** What a key or a message works on: the terminal, and the session that it is for. */
export interface UiState extends TerminalState, SessionState {}

/** Which part a field belongs to; the compiler makes sure that none is missing. */
const FIELDS: Record<keyof TerminalState, 'terminal'> & Record<keyof SessionState, 'session'> = {
  config: 'terminal',
  columns: 'terminal',
  rows: 'terminal',
  now: 'terminal',
  page: 'terminal',
  focus: 'terminal',
  overviewFocus: 'terminal',
  keys: 'terminal',
  theme: 'terminal',
  mouse: 'terminal',
  time: 'terminal',
  status: 'terminal',
  help: 'terminal',
  palette: 'terminal',
  prompt: 'terminal',
  form: 'terminal',
  dialog: 'terminal',
  strayUntil: 'terminal',
  session: 'session',
  hello: 'session',
  view: 'session',
  frozen: 'session',
  devices: 'session',
  pending: 'session',
  stream: 'session',
  journal: 'session',
  statistics: 'session',
  owner: 'session',
  marks: 'session',
  range: 'session',
  gathering: 'session',
  filters: 'session',
  filterPast: 'session',
  detail: 'session',
  rules: 'session',
  asked: 'session',
  nextId: 'session',
  leaving: 'session',
};
const ALL = Object.keys(FIELDS) as (keyof UiState)[];

function part<Part>(state: UiState, of: 'terminal' | 'session'): Part {
  return Object.fromEntries(ALL.filter((field) => FIELDS[field] === of).map((field) => [field, state[field]])) as Part;
}

export const splitState = (state: UiState): { terminal: TerminalState; session: SessionState } => ({
  terminal: part(state, 'terminal'),
  session: part(state, 'session'),
});

export interface Asked {
  what: string;
  cmd: Command['cmd'];
  /** The groups it answers: their rows say so until they are gone. */
  groups: readonly number[];
  /** What was answered; null: it was no answer. */
  code: AnswerCode | null;
  /** Whose groups they are: "gpu0 PASID 3"; '' is not shown. */
  of: string;
}

/** Effects: what a change asks the outside to do. */
export type Effect =
  | { do: 'send'; session: SessionId; command: Command }
  /** `what`: in words, for the status line. */
  | { do: 'copy'; text: string; what: string }
  | { do: 'quit'; session: SessionId; onExit: ExitPlan | null }
  | { do: 'leave now' }
  | { do: 'redraw' }
  | { do: 'suspend' };

export interface Outcome {
  state: UiState;
  effects: Effect[];
}

/** A change of state that asks nothing of the outside. */
export const only = (state: UiState): Outcome => ({ state, effects: [] });

/** The view that is on the screen: the frozen one, or the newest. */
export function shownView(state: UiState): View | null {
  return state.frozen?.view ?? state.view;
}
