// What can be chosen: all actions that apply here, filters by name, themes, ways to copy.

import { whyNot } from '../model/abilities.ts';
import type { Copied } from '../model/copied.ts';
import { LIST_NAMES } from '../model/filtered-list.ts';
import { fuzzy } from '../model/fuzzy.ts';
import { type ActionId, type KeyBinding, keyName, OF_THE_OWNER } from '../model/keys.ts';
import type { Palette } from '../model/overlays.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { sanitise } from '../text/sanitise.ts';
import { THEMES } from '../text/theme-names.ts';
import { jumpToGroup } from './jump.ts';
import { applyNamed, namedFilters } from './named.ts';
import { say } from './say.ts';

export interface PaletteItem {
  /** What is shown and searched: a name, more about it; and the keys that do the same. */
  name: string;
  about: string;
  keys: string;
  /** An action of the key table, or what is done. */
  does: ActionId | ((state: UiState) => Outcome);
}

/** The items that match what has been typed; the best first. */
export function paletteItems(state: UiState, { kind, line, row }: Palette): PaletteItem[] {
  const items = kind === 'copy' ? copyItems(row) : kind === 'filters' ? filterItems(state) : commands(state);
  const number = kind === 'commands' ? /^\D*(\d{1,15})\s*$/.exec(line.text) : null;
  const found = fuzzy(items, line.text);
  return number ? [groupItem(Number(number[1])), ...found] : found;
}

/** Keys of overlays, and what is of no use from a list. */
const NOT_HERE: readonly ActionId[] = ['cancel', 'confirm', 'close', 'palette', 'up', 'down', 'back'];

const isHere = ({ id, where }: KeyBinding, state: UiState): boolean =>
  (where.includes('everywhere') || where.includes(state.focus)) &&
  (!OF_THE_OWNER.includes(id) || Boolean(state.view?.snapshot.owner)) &&
  whyNot(state, id) === null;

/** An id as words: nextPanel → next panel. */
const spelled = (id: string): string => id.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function commands(state: UiState): PaletteItem[] {
  const bindings = state.keys.filter((binding) => isHere(binding, state) && !NOT_HERE.includes(binding.id));
  return [...bindings.map(actionItem), ...filterItems(state), ...themeItems(state)];
}

function actionItem({ id, help, keys }: KeyBinding): PaletteItem {
  const name = spelled(id);
  return {
    name,
    about: help,
    keys: keys.map(keyName).join(' '),
    does: id,
  };
}

function groupItem(group: number): PaletteItem {
  return {
    name: `go to group ${group}`,
    about: 'Its fields and bytes, as long as its records are held; if it is pending it is also selected.',
    keys: '',
    does: (state) => jumpToGroup(state, group),
  };
}

function filterItems(state: UiState): PaletteItem[] {
  return namedFilters(state).map(({ filter, list }) => ({
    name: `filter ${sanitise(filter.name)}`,
    about: `${LIST_NAMES[list]}: ${sanitise(filter.when)}`,
    keys: '',
    does: (now) => applyNamed(now, filter, list),
  }));
}

function themeItems({ theme }: UiState): PaletteItem[] {
  return THEMES.map(({ name, describe }) => ({
    name: `theme ${name}`,
    about: `colours: ${describe}${name === theme ? ' (now)' : ''}`,
    keys: '',
    does: (state) => say({ ...state, theme: name }, 'done', `Theme ${name}: ${describe}.`),
  }));
}

function copyItems(row: Copied | null): PaletteItem[] {
  if (!row) return [];
  const item = (name: string, text: string): PaletteItem => ({
    name,
    about: sanitise(text.replaceAll('\t', '  ')),
    keys: '',
    does: (now) => ({ state: now, effects: [{ do: 'copy', text, what: `${name} of ${row.what}` }] }),
  });
  const address = row.address === null ? [] : [item('address', row.address)];
  return [item('row', row.text), ...address, item('JSON', JSON.stringify(row.json))];
}
