// The filter in force, in the title of its panel.

import { FILTERED_LISTS } from '../../protocol/messages.ts';
import type { Panel } from '../model/layout.ts';
import { shownView, type UiState } from '../model/state.ts';
import { brokenText, matched } from '../model/verdict.ts';
import { sanitise } from '../text/sanitise.ts';
import type { Style } from '../text/style.ts';

export interface FilterTitle {
  text: string;
  /** Its short form, for little room. */
  short: string;
  style: Style;
}

/** Null: everything is shown. */
export function filterTitle(state: UiState, panel: Panel): FilterTitle | null {
  const list = FILTERED_LISTS.find((name) => name === panel);
  const report = list && (shownView(state)?.filters[list] ?? null);
  if (!report) return null;
  // The previous filter stays in force while the new one is wrong; while that is typed the prompt says so
  const wrong = report.error !== null && state.prompt?.list !== list;
  if (wrong && !report.text) return { text: 'filter is wrong', short: 'filter!', style: 'bad' };
  if (!report.text) return null;
  const held = `${matched(report)}${brokenText(report)}`;
  const how = wrong ? `${held}; the new one is wrong` : held;
  return {
    text: `filter ${sanitise(report.text)} — ${how}`,
    short: `filter ${matched(report)}${report.broken ? '!' : ''}`,
    style: wrong || report.broken ? 'bad' : 'accent',
  };
}
