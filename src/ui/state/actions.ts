// What each action does.
import type { ActionId } from '../keys.ts';
import type { Page } from '../layout.ts';
import type { Move } from '../panels/panel.ts';
import { nextTimeMode } from '../text/time.ts';
import { attach, detach, type Highlighted, replace, respond, trigger } from './act.ts';
import { askToQuit } from './leave.ts';
import { back, goTo, moveCursor, nextPage, nextPanel, open } from './navigate.ts';
import type { Outcome, UiState } from './state.ts';
import { settle } from './take.ts';

type Action = (state: UiState, highlighted: Highlighted) => Outcome;

const only = (state: UiState): Outcome => ({ state, effects: [] });
const move =
  (how: Move): Action =>
  (state) =>
    moveCursor(state, how);

const to =
  (page: Page): Action =>
  (state) =>
    goTo(state, page);

export const ACTIONS: Record<ActionId, Action> = {
  overview: to('overview'),
  devices: to('devices'),
  pending: to('pending'),
  stream: to('stream'),
  statistics: to('statistics'),
  journal: to('journal'),
  rules: to('rules'),
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
  success: (state, highlighted) => respond(state, 'success', highlighted),
  invalid: (state, highlighted) => respond(state, 'invalid', highlighted),
  map: (state, highlighted) => respond(state, 'map', highlighted),
  replace,
  attach,
  detach,
  trigger,
  freeze,
  open,
  back,
  time: (state) => only({ ...state, time: nextTimeMode(state.time) }),
  redraw: (state) => ({ state, effects: [{ do: 'redraw' }] }),
  suspend: (state) => ({ state, effects: [{ do: 'suspend' }] }),
  help: (state) => only({ ...state, help: { top: 0 } }),
  quit: askToQuit,
  // of overlays, which take their keys themselves
  cancel: only,
  confirm: only,
  close: only,
};

function freeze(state: UiState): Outcome {
  if (state.frozen) return only(settle({ ...state, frozen: null, stream: { cursor: null, end: null } }));
  if (!state.view) return only(state);
  const newest = state.view.stream.newest;
  const end = state.stream.end ?? (newest || null);
  return only({ ...state, frozen: { view: state.view, at: state.now, newest }, stream: { ...state.stream, end } });
}
