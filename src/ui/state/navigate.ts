// Getting about: between the pages, between the panels of a page, and in and out of a closer look.
import { PAGES, type Page, type Panel } from '../layout.ts';
import type { Move } from '../panels/panel.ts';
import { PANEL_MODULES } from '../panels/registry.ts';
import { layoutOf, type Outcome, type UiState } from './state.ts';
import { settle, settleFocus } from './take.ts';

const only = (state: UiState): Outcome => ({ state, effects: [] });

/** The page's list has the cursor; the overview remembers which of its panels had it. */
export function goTo(state: UiState, page: Page): Outcome {
  if (state.page === page) return only(state);
  const overviewFocus = state.page === 'overview' ? state.focus : state.overviewFocus;
  const focus: Panel = page === 'overview' ? overviewFocus : page;
  return only(settle(settleFocus({ ...state, page, focus, overviewFocus, detail: false })));
}

export function nextPage(state: UiState, step: number): Outcome {
  const at = (PAGES.indexOf(state.page) + step + PAGES.length) % PAGES.length;
  return goTo(state, PAGES[at]!);
}

/** Panels that only show have no cursor. */
const SHOWN_ONLY: readonly Panel[] = ['summary'];

export function nextPanel(state: UiState, step: number): Outcome {
  const panels = (layoutOf(state).panels ?? []).map((p) => p.panel).filter((panel) => !SHOWN_ONLY.includes(panel));
  if (!panels.length) return only(state);
  const at = (panels.indexOf(state.focus) + step + panels.length) % panels.length;
  return only({ ...state, focus: panels[at]! });
}

export function moveCursor(state: UiState, move: Move): Outcome {
  return only(PANEL_MODULES[state.focus].move(state, move));
}
