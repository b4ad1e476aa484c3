// Typing a filter: it applies as it is typed; the engine keeps the last valid one while it is wrong.

import { FILTER_VARIABLES } from '../../protocol/filter-variables.ts';
import type { FilteredList } from '../../protocol/messages.ts';
import type { KeyPress } from '../../terminal/key-press.ts';
import { complete } from '../model/complete.ts';
import { filteredList, LIST_NAMES } from '../model/filtered-list.ts';
import { actionFor } from '../model/keys.ts';
import type { Prompt } from '../model/overlays.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { verdictOn } from '../model/verdict.ts';
import { plural } from '../text/format.ts';
import { editLine, lineOf } from '../text/line-editor.ts';
import { resume } from './freeze.ts';
import { askToQuit } from './leave.ts';
import { say } from './say.ts';
import { settle } from './settle.ts';
import { refuseText } from './stray-text.ts';

const MAX_PAST = 50;

/** The state with another filter for a list. */
export function withFilter(state: UiState, list: FilteredList, text: string): UiState {
  return settle({ ...state, filters: { ...state.filters, [list]: text } });
}

/** The fault stream and the journal are also fetched while frozen; the other lists stay as they were. */
const fetchedStill = (list: FilteredList): boolean => list === 'stream' || list === 'journal';

/**
 * Another filter applies: its matches are known only for the present rows, so a frozen screen resumes. `text`: the message
 * about it.
 */
export function inForce(state: UiState, list: FilteredList, text: string): Outcome {
  if (!state.frozen || fetchedStill(list)) return say(state, 'done', text);
  return say(resume(state), 'done', `${text.replace(/\.$/, '')}; no longer frozen: it shows the present rows.`);
}

const NO_LIST =
  'There is nothing to filter here: devices, pending groups, the fault stream and the journal have filters.';

export function openPrompt(state: UiState): Outcome {
  const list = filteredList(state);
  if (!list) return refuseText(state, NO_LIST);
  const before = state.filters[list] ?? '';
  const prompt: Prompt = { list, line: lineOf(before), before, past: null, draft: before, completion: null };
  return only({ ...state, prompt, status: null });
}

/** Clears the filter of the list. */
export function unfilter(state: UiState): Outcome {
  const list = filteredList(state);
  if (!list) return say(state, 'info', NO_LIST);
  if (!state.filters[list]) return say(state, 'info', `There is no filter on ${LIST_NAMES[list]}.`);
  return inForce(withFilter(state, list, ''), list, `The filter on ${LIST_NAMES[list]} is cleared.`);
}

/** A key while the prompt is open. Editing keys are those of every line editor; Enter and Esc always work. */
export function onPromptKey(state: UiState, prompt: Prompt, key: KeyPress): Outcome {
  if (key.name === 'ctrl-c') return askToQuit(putBack(state, prompt));
  // A letter that closes dialogs is a letter here
  const action = key.text ? null : actionFor(state.keys, key.name, 'dialog');
  if (key.name === 'esc' || action === 'cancel') {
    if (prompt.completion) return only({ ...state, prompt: { ...prompt, completion: null } });
    return only(putBack(state, prompt));
  }
  if (key.name === 'enter' || action === 'confirm') return keep(state, prompt);
  if (key.name === 'tab') return tab(state, prompt, 1);
  if (key.name === 'shift-tab') return tab(state, prompt, -1);
  if (key.name === 'up') return past(state, prompt, 1);
  if (key.name === 'down') return past(state, prompt, -1);
  const line = editLine(prompt.line, key);
  if (!line) return only(state);
  const typed = type(state, { ...prompt, line, past: null, completion: null });
  return key.cut
    ? say(typed, 'error', `The paste is too long: ${plural(key.cut, 'character')} left out.`)
    : only(typed);
}

function type(state: UiState, prompt: Prompt): UiState {
  // An earlier message must not hide the verdict
  const next = { ...state, prompt, status: null };
  return prompt.line.text === (state.filters[prompt.list] ?? '')
    ? next
    : withFilter(next, prompt.list, prompt.line.text);
}

const putBack = (state: UiState, { list, before }: Prompt): UiState => ({
  ...withFilter(state, list, before),
  prompt: null,
});

/** A filter that is wrong is not kept: the last one that was valid is what the list shows. */
function keep(state: UiState, { list, line, before }: Prompt): Outcome {
  const text = line.text.trim();
  const report = state.view?.filters[list];
  const closed = { ...state, prompt: null, filterPast: remember(state, list, text) };
  if (report && report.asked === line.text && report.error && text !== before) {
    const { text: why } = verdictOn(list, line.text, report);
    return say(state, 'error', `Not a filter yet: ${why}. Esc restores the old one.`);
  }
  const kept = withFilter(closed, list, text);
  const name = LIST_NAMES[list];
  const words = text ? `Filter on ${name}.` : `No filter on ${name}.`;
  return state.frozen && !fetchedStill(list) && text !== before ? inForce(kept, list, words) : only(kept);
}

function remember(state: UiState, list: FilteredList, text: string): UiState['filterPast'] {
  if (!text) return state.filterPast;
  const others = (state.filterPast[list] ?? []).filter((past) => past !== text);
  return { ...state.filterPast, [list]: [...others, text].slice(-MAX_PAST) };
}

function past(state: UiState, prompt: Prompt, step: 1 | -1): Outcome {
  const typed = state.filterPast[prompt.list] ?? [];
  const to = (prompt.past ?? -1) + step;
  if (to >= typed.length || to < -1) return only(state);
  const draft = prompt.past === null ? prompt.line.text : prompt.draft;
  const text = to < 0 ? draft : typed[typed.length - 1 - to]!;
  return only(type(state, { ...prompt, line: lineOf(text), past: to < 0 ? null : to, draft, completion: null }));
}

function tab(state: UiState, prompt: Prompt, step: 1 | -1): Outcome {
  const names = FILTER_VARIABLES[prompt.list].map(({ name }) => name);
  const done = complete(prompt.line, prompt.completion, step, names);
  return only(done ? type(state, { ...prompt, ...done }) : state);
}
