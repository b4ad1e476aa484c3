// What each action does.

import type { Page } from '../model/layout.ts';
import type { Move } from '../model/places/move.ts';
import { streamRow } from '../model/places/stream.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { nextTimeMode } from '../model/times.ts';
import { attach, detach, replace, trigger } from './attachments.ts';
import { copyRow } from './copy.ts';
import { freeze } from './freeze.ts';
import { jumpToAlarm } from './jump.ts';
import { askToQuit } from './leave.ts';
import { markAll, markOne, markRange, unmarkAll } from './marks.ts';
import { toggleMouse } from './mouse.ts';
import { back, goToPage, moveCursor, nextPage, nextPanel, openDetail } from './move.ts';
import type { OnScreen } from './on-screen.ts';
import { rescue, stopOwner, takeOver } from './owner-actions.ts';
import { type Actions, openPalette } from './palette.ts';
import { openPrompt, unfilter } from './prompt.ts';
import { respond } from './respond.ts';
import { deleteRule, editRule, moveRule, newRule, toggleRule } from './rule-actions.ts';

type Action = (state: UiState, onScreen: OnScreen) => Outcome;

const move =
  (how: Move): Action =>
  (state) =>
    moveCursor(state, how);

const to =
  (page: Page): Action =>
  (state) =>
    goToPage(state, page);

export const ACTIONS: Actions = {
  overview: to('overview'),
  devices: to('devices'),
  pending: to('pending'),
  stream: to('stream'),
  statistics: to('statistics'),
  journal: to('journal'),
  rules: to('rules'),
  owner: to('owner'),
  next: (state) => nextPage(state, 1),
  previous: (state) => nextPage(state, -1),
  nextPanel: (state) => nextPanel(state, 1),
  previousPanel: (state) => nextPanel(state, -1),
  up: move('up'),
  down: move('down'),
  pageUp: move('pageUp'),
  pageDown: move('pageDown'),
  home: move('home'),
  end: move('end'),
  success: (state, { highlighted }) => respond(state, 'success', highlighted),
  invalid: (state, { highlighted }) => respond(state, 'invalid', highlighted),
  map: (state, { highlighted }) => respond(state, 'map', highlighted),
  replace,
  attach,
  detach,
  trigger,
  mark,
  markRange,
  markAll,
  unmark: (state) => only(unmarkAll(state)),
  toggleRule,
  ruleUp: (state) => moveRule(state, -1),
  ruleDown: (state) => moveRule(state, 1),
  newRule,
  editRule,
  deleteRule,
  take: takeOver,
  rescue,
  stopOwner,
  freeze,
  open: openDetail,
  alarm: jumpToAlarm,
  back,
  time: (state) => only({ ...state, time: nextTimeMode(state.time) }),
  filter: openPrompt,
  unfilter,
  namedFilter: (state, onScreen) => openPalette(state, 'filters', onScreen),
  palette: (state, onScreen) => openPalette(state, 'commands', onScreen),
  copy: copyRow,
  copyChoice: (state, onScreen) => openPalette(state, 'copy', onScreen),
  mouse: toggleMouse,
  redraw: (state) => ({ state, effects: [{ do: 'redraw' }] }),
  suspend: (state) => ({ state, effects: [{ do: 'suspend' }] }),
  help: (state) => only({ ...state, help: { top: 0 } }),
  quit: askToQuit,
  // For overlays, which handle their keys themselves
  cancel: only,
  confirm: only,
  close: only,
};

/** Then moves to the next row, so that several are marked one after another. */
function mark(state: UiState): Outcome {
  const marked = markOne(state);
  if (marked.state.marks === state.marks) return marked;
  return { ...marked, state: nextGroup(marked.state) };
}

/** Skips the other records of the group, which follow one another in the stream. */
function nextGroup(state: UiState): UiState {
  const group = state.focus === 'stream' ? streamRow(state)?.group : undefined;
  const next = moveCursor(state, 'down').state;
  const same = group !== undefined && streamRow(next)?.group === group && next.stream.cursor !== state.stream.cursor;
  return same ? nextGroup(next) : next;
}
